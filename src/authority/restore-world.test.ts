import { describe, expect, it, test } from 'vitest';
import { createPrng } from '../base/prng.ts';
import { crc32 } from '../base/crc32.ts';
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import { emote, Recorder } from '../../test/support/recorder-rule.ts';
import { fakeSession } from '../../test/support/fake-session.ts';
import { idOf, moveInput } from '../../test/support/world-fixture.ts';
import type { Authority } from './authority.ts';
import { createDefaultAuthorities } from './default-authorities.ts';
import { restoreWorld, type RestoreWorldOptions } from './restore-world.ts';
import { ACCEPTED } from './verdict.ts';
import { World } from './world.ts';

/** A rule that can be kept: it counts its calls. */
class Counter extends Recorder {
  override readonly name: string = 'counter';
  count = 0;

  override handleInput(...[session, input]: Parameters<Recorder['handleInput']>) {
    const verdict = super.handleInput(session, input);
    if (verdict === ACCEPTED) this.count += 1;
    return verdict;
  }

  checkpoint(): Uint8Array {
    return Uint8Array.from([this.count]);
  }

  restore(state: Uint8Array): void {
    this.count = state[0] ?? 0;
  }
}

function options(...rules: Authority[]): RestoreWorldOptions {
  return {
    worldId: 'kept' as WorldId,
    tickRateHz: 20,
    random: createPrng(1),
    keepsJournal: true,
    createAuthorities: createDefaultAuthorities({ rules: () => rules }),
  };
}

/** A world of ann and bob after three ticks, in which ann has moved. */
function played(...rules: Authority[]): World {
  const world = new World(options(...rules));
  const ann = fakeSession('ann');
  world.addPlayer(ann);
  world.addPlayer(fakeSession('bob'));
  world.step();
  world.receive(ann, moveInput({ tick: 2 }), 0);
  world.step();
  world.step();
  return world;
}

const refusal = (code: string, message = '') =>
  expect.objectContaining({ code, message: expect.stringContaining(message) });

describe('a restored world', () => {
  it('gives away again what was only reserved, and not what has joined', () => {
    const world = played();
    const reserved = world.reserveEntity();
    const again = restoreWorld(world.checkpoint(), options());
    expect(again.isJoinable(2)).toBe(false);
    expect(again.isJoinable(reserved)).toBe(true);
    expect(again.addPlayer(fakeSession('cid'), reserved)).toBe(3);
  });

  it('goes on with the next tick, the next entity and the same players', () => {
    const world = restoreWorld(played().checkpoint(), options());
    expect(world.tick).toBe(3);
    expect([...world.roster()]).toEqual([
      { entity: 1, playerId: 'ann' },
      { entity: 2, playerId: 'bob' },
    ]);
    expect(world.snapshot.rows).toEqual(played().snapshot.rows);
    expect(world.addPlayer(fakeSession('cal'))).toBe(3);
    expect(world.step().tick).toBe(4);
  });

  it('never gives an entity away again, also one whose player has left', () => {
    const first = played();
    first.removePlayer(idOf('bob'));
    first.step();
    const world = restoreWorld(first.checkpoint(), options());
    expect(world.addPlayer(fakeSession('cal'))).toBe(3);
  });

  it('hears a player again after resumePlayer, and nobody before', () => {
    const world = restoreWorld(played().checkpoint(), options());
    const ann = fakeSession('ann');
    expect(world.receive(ann, moveInput({ tick: 4 }), 0)).toMatchObject({ code: 'not-logged-in' });
    world.resumePlayer(ann);
    expect(world.receive(ann, moveInput({ tick: 4 }), 0)).toBeUndefined();
    expect(world.step().verdicts).toMatchObject([{ session: ann, verdict: ACCEPTED }]);
  });

  it('takes the handles that it is given, and stands in for the others', () => {
    const ann = fakeSession('ann');
    const sessionOf = (playerId: PlayerId) => (playerId === 'ann' ? ann : undefined);
    const world = restoreWorld(played().checkpoint(), { ...options(), sessionOf });
    expect(world.sessionOf(idOf('ann'))).toBe(ann);
    expect(world.sessionOf(idOf('bob'))).toMatchObject({
      playerId: 'bob',
      worldId: 'kept',
      state: 'reconnecting',
      isAlive: false,
    });
  });

  it('holds neither what waited for the next tick nor what belonged to a connection', () => {
    const world = played();
    const before = world.checkpoint();
    const ann = world.sessionOf(idOf('ann'));
    world.receive(ann ?? fakeSession('ann'), moveInput({ tick: 5 }), 0);
    world.addPlayer(fakeSession('cal'));
    world.removePlayer(idOf('bob'));
    world.suspendPlayer(idOf('ann'), 'protected');
    expect(world.checkpoint()).toEqual(before);
  });

  it('replays what a rule was asked, whatever it answered', () => {
    const world = played(new Counter());
    const ann = world.sessionOf(idOf('ann')) ?? fakeSession('ann');
    const start = world.checkpoint();
    for (const payload of ['wave', 'throw', -0, { __proto__: null, deep: [null] }]) {
      world.receive(ann, emote(payload), 0);
    }
    world.step();
    const counter = new Counter();
    const restored = restoreWorld(start, options(counter));
    const step = restored.replay(world.journalRecord ?? new Uint8Array(0));
    expect(counter.count).toBe(3);
    expect(step.faults).toHaveLength(1);
    expect(step.verdicts.map(({ verdict }) => verdict.outcome)).toEqual([
      'accepted',
      'rejected',
      'accepted',
      'accepted',
    ]);
  });
});

describe('a world says how much of it can outlive its process', () => {
  it('all of it, with rules that can be kept', () => {
    expect(played(new Counter()).recovery).toEqual({ from: 'journal', reasons: [] });
  });

  it('nothing, when a rule has no checkpoint', () => {
    const world = played(new Recorder());
    const reason = "the authority 'recorder' has no checkpoint()";
    expect(world.recovery).toEqual({ from: 'nothing', reasons: [reason] });
    expect(world.journalRecord).toBeUndefined();
    expect(() => world.checkpoint()).toThrow(refusal('world-not-restorable', reason));
    const bytes = played().checkpoint();
    expect(() => restoreWorld(bytes, options(new Recorder()))).toThrow(
      refusal('world-not-restorable', reason),
    );
  });

  it('nothing, when its random numbers have no state', () => {
    const world = new World({ ...options(), random: () => 0.5 });
    expect(world.recovery.from).toBe('nothing');
    expect(() => world.checkpoint()).toThrow(refusal('world-not-restorable', 'random numbers'));
  });

  it('nothing, when those of a player have none', () => {
    const world = new World({ ...options(), createPlayerRandom: () => () => 0.5 });
    world.addPlayer(fakeSession('ann'));
    world.step();
    expect(world.journalRecord).toBeUndefined();
    expect(() => world.checkpoint()).toThrow(refusal('world-not-restorable', "a player's"));
  });

  it('the checkpoint alone, when a rule is not deterministic', () => {
    const rule = () => Object.assign(new Counter(), { isDeterministic: false });
    const world = played(rule());
    const reasons = ["the authority 'counter' is not deterministic"];
    expect(world.recovery).toEqual({ from: 'checkpoint', reasons });
    expect(world.journalRecord).toBeUndefined();
    const restored = restoreWorld(world.checkpoint(), options(rule()));
    expect(restored.tick).toBe(3);
    const record = played(new Counter()).journalRecord ?? new Uint8Array(0);
    expect(() => restored.replay(record)).toThrow(refusal('world-not-restorable', 'deterministic'));
  });
});

describe('a journal record', () => {
  it('is kept when asked for, and only then', () => {
    const silent = new World({ ...options(), keepsJournal: false });
    silent.step();
    expect(silent.journalRecord).toBeUndefined();
    const world = new World(options());
    expect(world.journalRecord).toBeUndefined();
    world.step();
    expect(world.journalRecord).toBeInstanceOf(Uint8Array);
  });

  it.each([['a set', new Set()] as const, ['a map', new Map()] as const])(
    'is missing for a tick in which a payload was %s, and back with the next',
    (_, payload) => {
      const world = played(new Counter());
      world.receive(world.sessionOf(idOf('ann')) ?? fakeSession('ann'), emote(payload), 0);
      world.step();
      expect(world.journalRecord).toBeUndefined();
      world.step();
      expect(world.journalRecord).toBeDefined();
    },
  );

  it('is missing once the world has failed, and so is a checkpoint', () => {
    const rule = new Counter();
    const world = played(rule);
    rule.stepError = new Error('a bug of the game');
    world.step();
    expect(world.journalRecord).toBeUndefined();
    expect(() => world.checkpoint()).toThrow(refusal('checkpoint-failed', 'has failed'));
  });

  it('that ends otherwise than the first time ends the world, and says so', () => {
    const rule = new Counter();
    const world = played(rule);
    const start = world.checkpoint();
    world.receive(world.sessionOf(idOf('ann')) ?? fakeSession('ann'), emote(), 0);
    world.step();
    class Moody extends Counter {
      override handleInput() {
        return { outcome: 'rejected', code: 'not-today' } as const;
      }
    }
    const restored = restoreWorld(start, options(new Moody()));
    const replay = () => restored.replay(world.journalRecord ?? new Uint8Array(0));
    expect(replay).toThrow(refusal('replay-diverged', 'tick 4'));
    expect(restored.failure).toBeInstanceOf(Error);
    expect(() => restored.checkpoint()).toThrow(refusal('checkpoint-failed'));
  });

  it('of a tick with another snapshot is refused', () => {
    const world = played();
    const start = world.checkpoint();
    world.receive(world.sessionOf(idOf('ann')) ?? fakeSession('ann'), moveInput({ tick: 4 }), 0);
    world.step();
    const slow = { movement: { speedMetresPerSecond: 1 } };
    const createAuthorities = createDefaultAuthorities(slow);
    const journal = [world.journalRecord ?? new Uint8Array(0)];
    const bring = () => restoreWorld(start, { ...options(), createAuthorities, journal });
    expect(bring).toThrow(refusal('replay-diverged'));
  });

  it('is not replayed by a world in which somebody has moved on', () => {
    const world = played();
    const start = world.checkpoint();
    world.step();
    const restored = restoreWorld(start, options());
    restored.addPlayer(fakeSession('cal'));
    const record = world.journalRecord ?? new Uint8Array(0);
    expect(() => restored.replay(record)).toThrow('only a restored world replays');
  });
});

describe('a checkpoint is refused', () => {
  const bytes = played().checkpoint();

  test.each([
    ['world-state-foreign', "of world 'kept', not of 'other'", { worldId: 'other' as WorldId }],
    ['world-state-foreign', 'ran at 20 Hz', { tickRateHz: 30 }],
    ['world-state-foreign', 'other random numbers', { createPlayerRandom: () => createPrng(1) }],
    [
      'world-state-foreign',
      'had the authorities movement, combat, and has movement, combat, counter',
      { createAuthorities: createDefaultAuthorities({ rules: () => [new Counter()] }) },
    ],
  ])('with %s where it %s', (code, message, other) => {
    expect(() => restoreWorld(bytes, { ...options(), ...other })).toThrow(refusal(code, message));
  });

  it.each([1, 3])('with world-state-version-mismatch when it is of format %d', (format) => {
    const other = bytes.slice();
    other[3] = format;
    const checksum = crc32(other.subarray(8), crc32(other.subarray(0, 4)));
    new DataView(other.buffer).setUint32(4, checksum, true);
    expect(() => restoreWorld(other, options())).toThrow(
      refusal('world-state-version-mismatch', `format ${format}, this version reads 2`),
    );
  });

  it('with world-state-corrupt when a rule cannot read its own part, whatever it throws', () => {
    class Broken extends Counter {
      override restore(): void {
        throw new RangeError('a bug of the game');
      }
    }
    const kept = played(new Counter()).checkpoint();
    expect(() => restoreWorld(kept, options(new Broken()))).toThrow(
      refusal('world-state-corrupt', "restore() of the authority 'counter' threw"),
    );
  });

  it('with world-state-corrupt when a rule has forgotten a player', () => {
    const forgetful = createDefaultAuthorities();
    const createAuthorities: typeof forgetful = (context) => {
      const rules = forgetful(context);
      const [movement] = rules;
      return Object.assign(rules, { 0: Object.assign(movement ?? {}, { restore: () => {} }) });
    };
    expect(() => restoreWorld(bytes, { ...options(), createAuthorities })).toThrow(
      refusal('world-state-corrupt', 'have not restored'),
    );
  });

  it('with invalid-configuration when a rule restores asynchronously', () => {
    const rule = Object.assign(new Counter(), { restore: () => Promise.reject(new Error('late')) });
    const kept = played(new Counter()).checkpoint();
    expect(() => restoreWorld(kept, options(rule))).toThrow(
      refusal('invalid-configuration', 'must not be async'),
    );
  });
});

describe('a checkpoint fails, and the world goes on', () => {
  test.each([
    [
      'threw',
      'throws',
      () => {
        throw new Error('a bug');
      },
    ],
    ['answered no bytes', 'answers a promise', () => Promise.reject(new Error('late'))],
    ['answered no bytes', 'answers nothing', () => undefined],
    ['is too large', 'answers too much', () => new Uint8Array(17 * 1_024 * 1_024)],
  ])('and says %s, when a rule %s', (message, _, checkpoint) => {
    const rule = Object.assign(new Counter(), { checkpoint: checkpoint as () => Uint8Array });
    const world = played(rule);
    expect(() => world.checkpoint()).toThrow(refusal('checkpoint-failed', message));
    expect(world.step().tick).toBe(4);
    expect(world.failure).toBeUndefined();
  });
});

test('the bytes of a checkpoint and a record are those that stores have', () => {
  const world = played();
  const linesOf = (bytes: Uint8Array | undefined) =>
    Buffer.from(bytes ?? [])
      .toString('hex')
      .match(/.{1,64}/g);
  world.suspendPlayer(idOf('bob'), 'removed');
  world.step();
  expect(linesOf(world.checkpoint())).toMatchInlineSnapshot(`
    [
      "484643029070ef75086b657074000000000000344004023dd3442bda23aa4c7b",
      "6c01cb0d000000e793adb3b1e8ff24ee4837f66d000000020106616e6e000002",
      "06626f62010002106d6f76656d656e74d201020206616e6e67661a3ec0663240",
      "00004ab6024a23400000000000000000000000000000f03f0000000000000000",
      "0000000000000000030000030000b4d75980314000004ab6024a2340cdcc80a4",
      "26cd314000004ab6024a23409a994d71f319324000004ab6024a234006626f62",
      "00006e97066043400000de3f4cbf344000000000000000000000000000000000",
      "000000000000000000000000000000000300030300006e97066043400000de3f",
      "4cbf344000006e97066043400000de3f4cbf344000006e97066043400000de3f",
      "4cbf34400c636f6d6261741a010206616e6e640100000000000006626f626401",
      "000000000003",
    ]
  `);
  expect(linesOf(world.journalRecord)).toMatchInlineSnapshot(`
    [
      "48464a02e7df9f66086b657074040402030002851f94f6",
    ]
  `);
});
