/** Planted bugs of what a store promises, of when something leaves it, and of what waits for it. */
import type { Mutant } from './mutant.ts';
import { WITH_STORE } from './with-store.ts';

const MISTAKES: readonly Omit<Mutant, 'seeds'>[] = [
  {
    name: 'acknowledged-before-the-commit',
    file: 'store/queued-store.js',
    replacements: [
      {
        find: 'await this.#engine.commit(accepted);',
        replace: 'this.#engine.commit(accepted).catch(() => undefined);',
      },
    ],
    mistake: 'Who answers when it has handed a write over promises what a crash takes back.',
    rule: 'STORE.md: a write whose promise resolved is there after kill -9',
  },
  {
    name: 'replaced-session-stays',
    file: 'store/memory-image.js',
    replacements: [
      {
        find: 'if (write.replaced !== undefined)',
        replace: 'if (write.replaced === null)',
      },
    ],
    mistake: 'Who writes a session beside the one that it replaces brings both back.',
    rule: 'STORE.md: a put may delete the session that it replaces, in the same instant',
  },
  {
    name: 'closed-worlds-stay',
    file: 'host/world-keeper.js',
    replacements: [
      {
        find: `if (!this.#isRetaining)
            this.forgetWorld(room.world.worldId);`,
        replace: 'void room.world.worldId;',
      },
    ],
    mistake: 'Who deletes no world has the next one of that name begin where nobody was.',
    rule: 'STORE.md: a world that closes is deleted',
  },
  {
    name: 'kept-worlds-deleted',
    file: 'host/world-keeper.js',
    replacements: [
      {
        find: `if (!this.#isRetaining)
            this.forgetWorld(room.world.worldId);`,
        replace: 'this.forgetWorld(room.world.worldId);',
      },
    ],
    mistake: 'Who closes worlds as ever when it stops for a successor leaves it sessions alone.',
    rule: "STORE.md: stop('keep'): the last ticks, worlds, counts",
  },
  {
    name: 'refused-record-stays',
    file: 'host/session-archive.js',
    replacements: [
      {
        find: `if (outcome !== 'kept')
            this.#revert(entry, record, before);`,
        replace: "if (outcome !== 'kept')\n            void before;",
      },
    ],
    mistake: 'Who refuses a login for a bad disk and lets its record stand keeps a seat of nobody.',
    rule: 'STORE.md: their records are put back when the disk is well',
  },
  {
    name: 'newcomer-hears-the-past',
    file: 'host/room-outcomes.js',
    replacements: [{ find: 'seat.outcomesFrom = this.#heldCount;', replace: '' }],
    mistake: 'Who tells a newcomer what waited for the disk tells what its welcome has told.',
    rule: 'RELIABLE-LANE.md: each message once',
  },
];

export const STORE_MUTANTS: readonly Mutant[] = MISTAKES.map((mistake) => ({
  ...mistake,
  seeds: WITH_STORE,
}));
