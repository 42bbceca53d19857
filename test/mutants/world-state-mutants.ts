/**
 * Planted bugs of what outlives a process: checkpoints, journals, restored worlds. No simulated run
 * restores one yet, so they stand apart from the others: `test/built/world-state-mutants.test.ts`
 * looks for them with the checks of `test/property/world-state.test.ts`.
 */
import type { Mutant } from './mutant.ts';

export const WORLD_STATE_MUTANTS: readonly Mutant[] = [
  {
    name: 'entities-counted-anew',
    file: 'authority/membership.js',
    replacements: [
      { find: 'this.#entitiesCreated = entitiesCreated;', replace: '' },
      { find: 'this.#entityJoined = entitiesCreated;', replace: '' },
      { find: 'this.#entityJoined = entity;', replace: '' },
      {
        find: 'this.#entitiesCreated = Math.max(this.#entitiesCreated, entity);',
        replace: '',
      },
    ],
    mistake: 'Who brings back who is there, and not the count, gives the number of one who left.',
    rule: 'authority/world: an entity is a number that the world never uses again',
  },
  {
    name: 'cooldown-reset-by-restart',
    file: 'authority/fighter.js',
    replacements: [
      { find: 'nextShotTick: reader.varint(),', replace: 'nextShotTick: reader.varint() * 0,' },
    ],
    mistake: 'Who takes a cooldown for a matter of the connection lets everybody shoot at once.',
    rule: 'issue 4: the same entities (position, hit points, kills, cooldowns)',
  },
  {
    name: 'dead-rise-with-the-server',
    file: 'authority/fighter.js',
    replacements: [
      { find: 'respawnTick: reader.varint(),', replace: 'respawnTick: reader.varint() * 0,' },
    ],
    mistake: 'Who keeps that somebody is dead, and not until when, wakes the dead too soon.',
    rule: 'design §6: the world continues at the last journaled tick + 1',
  },
  {
    name: 'ghost-stands-up',
    file: 'authority/body.js',
    replacements: [
      { find: 'ghost: readGhost(reader),', replace: 'ghost: (readGhost(reader), undefined),' },
    ],
    mistake: 'Who brings back bodies as if all were there shows ghosts that were hidden.',
    rule: 'design §2: ghosts by policy',
  },
  {
    name: 'held-input-starts-again',
    file: 'authority/body.js',
    replacements: [
      { find: 'heldTicks: reader.varint(),', replace: 'heldTicks: reader.varint() * 0,' },
    ],
    mistake: 'Who forgets how long an input has been repeated lets the silent walk on.',
    rule: 'design §4: a missing input repeats the last for inputHoldTicksMax, then stops',
  },
  {
    name: 'dice-of-the-world-anew',
    file: 'authority/world-archive.js',
    replacements: [{ find: 'world.random.writeState(state.random);', replace: ';' }],
    mistake: 'Who seeds the world anew after a restart has every later draw come out otherwise.',
    rule: 'design §6: a journal record repeats its tick',
  },
  {
    name: 'dice-of-players-anew',
    file: 'authority/membership.js',
    replacements: [{ find: 'random.writeState(state);', replace: '' }],
    mistake: 'Who brings back the generator of the world alone has players spawn elsewhere.',
    rule: 'design §9: a random stream per peer and purpose',
  },
  {
    name: 'dice-of-the-constructor-anew',
    file: 'authority/world-archive.js',
    replacements: [{ find: 'random.writeState(kept.firstRandom);', replace: ';' }],
    mistake: 'Who thinks of the steps alone has rules draw another map when they are created.',
    rule: 'AUTHORITIES.md: the same dice as the first time',
  },
  {
    name: 'journal-of-the-accepted-alone',
    file: 'authority/world.js',
    replacements: [
      {
        find: `journal?.noteInput(member.entity, input);
        const verdict = this.#ask(member, input, authority);
        journal?.noteVerdict(verdict);`,
        replace: `const verdict = this.#ask(member, input, authority);
        if (verdict.outcome === 'rejected')
            return verdict;
        journal?.noteInput(member.entity, input);
        journal?.noteVerdict(verdict);`,
      },
    ],
    mistake: 'Who leaves out what was rejected forgets that the rule may have thrown dice for it.',
    rule: 'ADR 0013: every input that a rule was asked about',
  },
  {
    name: 'journal-notes-the-spawn-after-it',
    file: 'authority/membership.js',
    replacements: [
      { find: 'journal?.noteChange(change);', replace: '' },
      {
        find: 'this.#noteKnown(change);',
        replace: 'this.#noteKnown(change); journal?.noteChange(change);',
      },
    ],
    mistake: 'Who writes a join down after the rules have heard of it has thrown its dice twice.',
    rule: 'design §6: a journal record repeats its tick',
  },
  {
    name: 'checkpoint-with-what-waits',
    file: 'authority/world-archive.js',
    replacements: [{ find: 'members.known.values()', replace: 'members' }],
    mistake: 'Who walks the seats instead of whom the rules know keeps joins that have not run.',
    rule: 'ADR 0013: a checkpoint is the state after a step',
  },
  {
    name: 'suspended-too-soon',
    file: 'authority/world-archive.js',
    replacements: [
      {
        find: '#stateOf({ playerId, entity, wasSuspended,',
        replace: '#stateOf({ playerId, entity, isSuspended: wasSuspended,',
      },
    ],
    mistake: 'Who keeps the seat as it is by now is ahead of what the rules have heard.',
    rule: 'ADR 0013: a checkpoint is the state after a step',
  },
  {
    name: 'shot-dated-by-its-run',
    file: 'authority/journal-record.js',
    replacements: [
      {
        find: `return { kind: 'shoot-input', tick,`,
        replace: `return { kind: 'shoot-input', tick: runTick,`,
      },
    ],
    mistake: 'Who takes the tick in which a shot ran for the one it was for calls others stale.',
    rule: 'design §4: stale = not newer than the last accepted one',
  },
  {
    name: 'checksum-of-the-head',
    file: 'authority/state-seal.js',
    replacements: [
      {
        find: 'return crc32(sealed.subarray(HEADER_BYTES), crc32(sealed.subarray(0, MARK_BYTES)));',
        replace: 'return crc32(sealed.subarray(0, MARK_BYTES));',
      },
    ],
    mistake: 'Who sums up the header alone believes whatever has become of the rest.',
    rule: 'issue 4: corrupt: typed error, never silent loss',
  },
  {
    name: 'record-of-any-tick',
    file: 'authority/journal-record.js',
    replacements: [{ find: 'if (writtenTick !== tick)', replace: 'if (writtenTick < 0)' }],
    mistake: 'Who plays whatever record comes next plays across a hole in the journal.',
    rule: 'STORE.md: journals have no hole',
  },
  {
    name: 'round-trip-not-in-the-journal',
    file: 'authority/journal-record.js',
    replacements: [
      { find: 'roundTripMs = reader.double()', replace: 'roundTripMs = reader.double() * 0' },
    ],
    mistake: 'Who takes the bound of a shot for a matter of the connection replays other hits.',
    rule: 'design §4: bounded by what the server measured; §6: a record repeats its tick',
  },
  {
    name: 'history-begins-with-the-process',
    file: 'authority/rewind-history.js',
    replacements: [
      {
        find: 'this.restart(slot, place, first);',
        replace: 'this.restart(slot, place, this.#tick);',
      },
    ],
    mistake: 'Who takes the ring for a cache has the first shots after a crash miss.',
    rule: 'WORLD-STATE.md: the same, byte for byte',
  },
  {
    name: 'history-written-backwards',
    file: 'authority/rewind-history.js',
    replacements: [
      {
        find: 'this.#xs[index] = reader.finite();',
        replace: 'this.#xs[this.#indexOf(first + this.#tick - 1 - tick, slot)] = reader.finite();',
      },
    ],
    mistake: 'Who brings a ring back from the wrong end has everybody walk backwards.',
    rule: 'WORLD-STATE.md: the same, byte for byte',
  },
];
