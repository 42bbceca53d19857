/** Planted bugs of the world: who is in it, where they are, what is left of those who went. */
import type { Mutant } from './mutant.ts';

export const WORLD_MUTANTS: readonly Mutant[] = [
  {
    name: 'entity-number-reused',
    file: 'authority/membership.js',
    replacements: [
      {
        find: 'this.#entitiesCreated += 1;',
        replace: 'this.#entitiesCreated = this.#byPlayer.size + 1;',
      },
    ],
    mistake: 'Who numbers entities by how many there are gives two players one number.',
    rule: 'authority/world: an entity is a number that the world never uses again',
  },
  {
    name: 'members-in-a-plain-object',
    file: 'authority/membership.js',
    replacements: [
      { find: '#byPlayer = new Map();', replace: '#byPlayer = new Dictionary();' },
      {
        find: 'function tell(authority, change) {',
        replace: `class Dictionary {
    #values = Object.create(null);
    get size() {
        return Object.keys(this.#values).length;
    }
    get(key) {
        return this.#values[key];
    }
    has(key) {
        return key in this.#values;
    }
    set(key, value) {
        this.#values[key] = value;
    }
    delete(key) {
        delete this.#values[key];
    }
    values() {
        return Object.values(this.#values)[Symbol.iterator]();
    }
}
function tell(authority, change) {`,
      },
    ],
    mistake:
      'Who uses a plain object as a map has ids that look like numbers overtake those who came ' +
      'before.',
    rule: 'R2, order of entities',
  },
  {
    name: 'roster-leave-forgotten',
    file: 'authority/membership.js',
    replacements: [
      {
        find: `if (change.kind === 'leave')`,
        replace: `if (change.kind === 'leave' && !member.isSuspended)`,
      },
    ],
    mistake:
      'Who takes a suspended player for one whom others no longer see never tells them that it ' +
      'left.',
    rule: 'R3',
  },
  {
    name: 'removal-keeps-the-fighter',
    file: 'authority/combat-authority.js',
    replacements: [
      {
        find: 'this.#fighters.delete(playerId);',
        replace: `this.suspendPlayer(playerId, 'vulnerable');`,
      },
    ],
    mistake:
      'Who treats a removal like a suspension keeps a target that stands nowhere, and whoever ' +
      'shoots next is closed for it.',
    rule: 'R3',
  },
  {
    name: 'removal-keeps-the-body',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: 'this.#bodies.delete(playerId);',
        replace: `this.suspendPlayer(playerId, 'removed');`,
      },
    ],
    mistake: 'Who hides a removed player instead of forgetting it spawns others around the dead.',
    rule: 'R3',
  },
  {
    name: 'kill-by-arrival',
    file: 'authority/damage-ledger.js',
    replacements: [
      {
        find: 'for (const shooterId of [...byShooter.keys()].toSorted()) {',
        replace: 'for (const shooterId of byShooter.keys()) {',
      },
    ],
    mistake: 'Who walks a map as it is credits a kill to whoever joined first.',
    rule: 'design §4: ties to the lower playerId, arrival order does not matter',
  },
  {
    name: 'hold-for-ever',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: 'body.heldTicks += 1;',
        replace: `const { inputHoldTicksMax } = this.#context.inputLimits;
        body.heldTicks = Math.min(body.heldTicks + 1, inputHoldTicksMax);`,
      },
    ],
    mistake: 'Who bounds the counter by the limit that it must exceed lets the silent walk on.',
    rule: 'design §4: a missing input repeats the last for inputHoldTicksMax, then stops',
  },
  {
    name: 'burst-catches-up',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: 'body.heldTicks = 0;',
        replace: `const { inputHoldTicksMax } = this.#context.inputLimits;
        for (let missed = body.heldTicks; missed > inputHoldTicksMax + 1; missed -= 1)
            body.state = movementStep(body.state, body.intent, this.#rules);
        body.heldTicks = 0;`,
      },
    ],
    mistake: 'Who makes up for the ticks in which nothing came gives a lag switch its jump.',
    rule: 'design §4: one step per player and server tick',
  },
  {
    name: 'ghost-moves-on',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: `body.ghost = ghost;
        stop(body);`,
        replace: 'body.ghost = ghost;',
      },
      {
        find: 'return !body.isFrozen && body.ghost === undefined;',
        replace: 'return !body.isFrozen;',
      },
    ],
    mistake: 'Who freezes only the dead has a player walk on whose connection is gone.',
    rule: 'reconnecting: the seat is held, authoritative state is kept',
  },
  {
    name: 'moves-on-arrival',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: 'return isOverlong(input) ? CLAMPED : ACCEPTED;',
        replace: `this.#move(body);
        return isOverlong(input) ? CLAMPED : ACCEPTED;`,
      },
    ],
    mistake: 'Who answers an input at once and in the step too lets everybody run twice as fast.',
    rule: 'design §4: one step per player and server tick',
  },
  {
    name: 'overlong-direction-not-bounded',
    file: 'authority/movement-step.js',
    replacements: [{ find: 'Math.min(direction.length, 1)', replace: 'direction.length' }],
    mistake: 'Who trusts that directions are unit vectors lets a long one leap across the field.',
    rule: 'design §4: clamped = accepted with a bounded value',
  },
  {
    name: 'intent-shared',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: 'const NO_EVENTS = Object.freeze([]);',
        replace: `const NO_EVENTS = Object.freeze([]);
const STANDING = { directionX: 0, directionY: 0, yaw: 0 };`,
      },
      { find: 'intent: { directionX: 0, directionY: 0, yaw: 0 },', replace: 'intent: STANDING,' },
    ],
    mistake:
      'Who begins with one constant that is written to steers everybody with the last input.',
    rule: 'R2.S3',
  },
  {
    name: 'snapshot-row-shared',
    file: 'authority/world-member.js',
    replacements: [
      {
        find: 'export class WorldMember {',
        replace: 'const ROW = [];\nexport class WorldMember {',
      },
      { find: 'row = [];', replace: 'row = ROW;' },
    ],
    mistake: 'Who reuses one row for all shows every player where the last one stands.',
    rule: 'R1',
  },
  {
    name: 'spawn-stream-shared',
    file: 'authority/movement-authority.js',
    replacements: [
      {
        find: 'this.#context.randomFor(playerId)',
        replace: 'this.#context.random()',
      },
    ],
    mistake: 'Who draws spawn places from the stream of the world lets each join move the next.',
    rule: 'design §9: a random stream per peer and purpose',
  },
  {
    name: 'empty-world-stands-still',
    file: 'host/tick-pass.js',
    replacements: [
      {
        find: 'const step = world.step();',
        replace: `if (room.links.size === 0)
            return;
        const step = world.step();`,
      },
    ],
    mistake:
      'Who saves the steps that nobody sees stops the world of a player whose connection is ' +
      'gone, unless somebody else is there.',
    rule: 'reconnecting: authoritative state is kept; R2',
  },
  {
    name: 'world-failure-ends-all',
    file: 'host/tick-pass.js',
    replacements: [
      {
        find: `if (session.worldId === world.worldId)
                sessions.remove(session, 'world-failed');`,
        replace: `sessions.remove(session, 'world-failed');`,
      },
    ],
    mistake: 'Who removes everybody when a world fails ends the worlds that did not.',
    rule: 'design §4: ends its world, no other and not the process',
  },
];
