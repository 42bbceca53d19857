/** Planted bugs that suspect those who play by the rules, alone as among others. */
import type { Mutant } from './mutant.ts';

export const FAIR_PLAY_MUTANTS: readonly Mutant[] = [
  {
    name: 'full-speed-is-suspicious',
    file: 'host/suspicion-limits.js',
    replacements: [{ find: 'clamped: Infinity,', replace: 'clamped: 0.4,' }],
    mistake: 'Who takes a direction that is not scaled for a cheat suspects whoever runs.',
    rule: 'FAIR-PLAY.md: clamped is off until a game sets it',
  },
  {
    name: 'copies-are-duplicates',
    file: 'host/inbound-router.js',
    replacements: [
      {
        find: 'counters.inputCopiesIgnored += 1;\n                continue;',
        replace: `counters.inputCopiesIgnored += 1;
                const now = this.#core.clock.now();
                this.#core.suspicions.noteVerdict(link, { outcome: 'duplicate' }, now);
                continue;`,
      },
    ],
    mistake: 'Who takes what was sent again for sent twice suspects each client on a lossy lane.',
    rule: 'FAIR-PLAY.md: duplicate: none with the shipped client',
  },
];
