/** Planted bugs of the write-ahead and of the way back out of a store. */
import type { Mutant } from './mutant.ts';
import { WITH_STORE } from './with-store.ts';

const MISTAKES: readonly Omit<Mutant, 'seeds'>[] = [
  {
    name: 'told-before-it-is-durable',
    file: 'host/seat-claim.js',
    replacements: [
      {
        find: 'return settleLater(core, claim, keeping);',
        replace: 'void keeping;',
      },
    ],
    mistake:
      'Who writes a session beside telling it has a client come back to a server that forgot.',
    rule: 'L4: written and durable before the peer is told',
  },
  {
    name: 'ended-attempt-stays-written',
    file: 'host/seat-claim.js',
    replacements: [
      { find: 'core.archive.undo(ahead.record, ahead.before);', replace: 'void ahead.before;' },
    ],
    mistake: 'Who forgets a login that ended meanwhile brings a session back that nobody has.',
    rule: 'lifecycle-rules: a store write whose attempt has ended is undone',
  },
  {
    name: 'left-sessions-stay-written',
    file: 'host/session-archive.js',
    replacements: [
      {
        find: 'if (entry === undefined || this.#isRetaining)',
        replace: 'if (entry !== undefined || this.#isRetaining)',
      },
    ],
    mistake: 'Who never deletes brings everybody back who has ever left.',
    rule: 'L23: evict and leave are durable before the peer is told',
  },
  {
    name: 'restart-forgets-tokens',
    file: 'host/session-reactions.js',
    replacements: [{ find: 'tokens.set(sessionId, record.tokens);', replace: 'void tokens;' }],
    mistake: 'Who keeps sessions and no tokens answers each client that its seat has expired.',
    rule: 'issue 4: after kill -9 all clients resume by themselves',
  },
  {
    name: 'restart-begins-epochs-anew',
    file: 'session/session-resumes.js',
    replacements: [
      {
        find: "{ kind: 'restored', epoch }",
        replace: "{ kind: 'restored', epoch: 1 }",
      },
    ],
    mistake: 'Who counts connections of this process only uses an epoch twice.',
    rule: 'issue 4: restart never reuses an epoch',
  },
  {
    name: 'journal-not-replayed',
    file: 'host/recovery.js',
    replacements: [
      {
        find: `for (const { bytes } of journal)
            room.world.replay(bytes);`,
        replace: 'void journal;',
      },
    ],
    mistake: 'Who restores the checkpoint alone loses the ticks that were written after it.',
    rule: 'design §6: the world continues at the last journaled tick + 1',
  },
  {
    name: 'lost-ticks-untold',
    file: 'host/continue-stream.js',
    replacements: [
      {
        find: 'ticksLost: Math.max(0, resume.lastTick - restoredTick)',
        replace: 'ticksLost: 0',
      },
    ],
    mistake:
      'Who is silent about what a crash took leaves the client to believe in what never was.',
    rule: 'design §6: resynced { fromTick, ticksLost }',
  },
  {
    name: 'counts-made-up-after-a-crash',
    file: 'host/reliable-stream.js',
    replacements: [
      {
        find: 'this.#isUnknown = counts === undefined;',
        replace: 'this.#isUnknown = false;',
      },
    ],
    mistake: 'Who takes unknown counts for 0 goes on with a client as if nothing had been lost.',
    rule: 'design §6: after a crash the client gets resynced',
  },
  {
    name: 'outcomes-told-ahead-of-the-disk',
    file: 'host/world-keeper.js',
    replacements: [
      {
        find: 'room.outcomes.hold(tick);',
        replace: 'void room.outcomes;',
      },
    ],
    mistake: 'Who tells a hit and writes it down later takes it back when the process dies.',
    rule: "design §6: 'ahead': no outcome that a client has seen is ever undone",
  },
  {
    name: 'seats-of-strangers-stay',
    file: 'host/recovery.js',
    replacements: [
      { find: 'removeStrangers(core, room.world, records);', replace: 'void removeStrangers;' },
    ],
    mistake: 'Who restores a world and not who is in it leaves bodies that nobody ever removes.',
    rule: 'docs/WORLD-STATE.md: removePlayer whose session is gone',
  },
  {
    name: 'restored-seats-connected',
    file: 'host/recovery.js',
    replacements: [
      {
        find: 'world.suspendPlayer(playerId, core.sessions.policy.ghost);',
        replace: 'void core.sessions.policy.ghost;',
      },
    ],
    mistake: 'Who leaves restored players connected has their bodies walk on without them.',
    rule: 'L23; docs/WORLD-STATE.md: suspendPlayer whoever is in it',
  },
];

export const DURABILITY_MUTANTS: readonly Mutant[] = MISTAKES.map((mistake) => ({
  ...mistake,
  seeds: WITH_STORE,
}));
