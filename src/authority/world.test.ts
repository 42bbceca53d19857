import { describe, expect, it } from 'vitest';
import { fakeSession } from '../../test/support/fake-session.ts';
import { bareWorld, emote, recorded, Recorder } from '../../test/support/recorder-rule.ts';
import { idOf, moveInput, WorldFixture } from '../../test/support/world-fixture.ts';
import { rejected } from './verdict.ts';
import type { WorldOptions } from './world.ts';

describe('a tick of a world', () => {
  it('is joins and leaves, then for each authority its inputs and its step', () => {
    const { recorder, world } = recorded();
    world.receive('ann', emote());
    world.receive('bob', emote());
    world.join('cid');
    world.world.removePlayer(idOf('bob'));
    const step = world.step();
    expect(recorder.calls).toEqual([
      'add cid',
      'remove bob',
      'input ann',
      'step 2',
      'read',
      'read',
    ]);
    expect(step.entered).toEqual(['3=cid']);
    expect(step.left).toEqual([2]);
  });

  it('counts from 1, one by one', () => {
    const { world } = new WorldFixture();
    expect(world.tick).toBe(0);
    expect([world.step().tick, world.step().tick, world.tick]).toEqual([1, 2, 2]);
  });

  it('judges inputs in the order of entities, whatever the order of arrival', () => {
    const { recorder, world } = recorded();
    world.receive('bob', emote());
    world.receive('ann', emote());
    world.step();
    expect(recorder.calls.slice(0, 2)).toEqual(['input ann', 'input bob']);
  });

  it('moves nobody further than one step, though ten inputs arrive', () => {
    const { world } = recorded();
    for (let copy = 0; copy < 10; copy += 1) world.move('ann', { tick: world.world.tick + 1 });
    for (let ahead = 2; ahead <= 8; ahead += 1) {
      world.move('ann', { tick: world.world.tick + ahead });
    }
    for (let tick = 1; tick <= 8; tick += 1) {
      world.step();
      expect(world.body('ann').x).toBeCloseTo(10 + 0.3 * tick, 9);
    }
  });
});

describe('membership', () => {
  it('numbers entities from 1 and never uses a number again', () => {
    const world = new WorldFixture();
    world.join('ann');
    world.join('bob');
    world.step();
    world.world.removePlayer(idOf('ann'));
    world.join('ann');
    expect(world.world.entityOf(idOf('ann'))).toBe(3);
    const step = world.step();
    expect([step.left, step.entered]).toEqual([[1], ['3=ann']]);
    expect([...world.world.roster()]).toEqual([
      { entity: 2, playerId: 'bob' },
      { entity: 3, playerId: 'ann' },
    ]);
  });

  it('reserves an entity that nobody else gets, and that joins before no lower one', () => {
    const world = bareWorld(new Recorder());
    const [first, second] = [world.reserveEntity(), world.reserveEntity()];
    expect(world.addPlayer(fakeSession('bob'), second)).toBe(2);
    expect(world.isJoinable(first)).toBe(false);
    expect(world.isJoinable(second)).toBe(false);
    expect(world.isJoinable(3)).toBe(true);
    expect(world.addPlayer(fakeSession('cid'))).toBe(3);
    expect(world.addPlayer(fakeSession('dan'), 7)).toBe(7);
    expect(world.addPlayer(fakeSession('eva'))).toBe(8);
  });

  it('keeps the entity over suspend and resume', () => {
    const { recorder, world } = recorded();
    world.world.suspendPlayer(idOf('ann'), 'protected');
    expect(world.step().left).toEqual([]);
    world.resume('ann');
    expect(world.step().entered).toEqual([]);
    expect(world.world.entityOf(idOf('ann'))).toBe(1);
    expect(world.world.sessionOf(idOf('ann'))).toBe(world.session('ann'));
    expect(recorder.calls.filter((call) => call.includes('ann'))).toEqual([
      'suspend ann protected',
      'resume ann',
    ]);
  });

  it('says nothing to anybody about a player who left before the tick', () => {
    const { recorder, world } = recorded();
    world.join('cid');
    world.world.removePlayer(idOf('cid'));
    expect(world.step()).toMatchObject({ entered: [], left: [] });
    expect(recorder.calls.filter((call) => call.includes('cid'))).toEqual([]);
  });

  it('takes names that are special to objects', () => {
    const world = new WorldFixture();
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      world.join(name);
      world.step();
      world.place(name, { x: 5, y: 5 });
      expect(world.move(name)).toBeUndefined();
      expect(world.step().verdicts).toEqual([`${name}: move-input accepted`]);
      world.world.removePlayer(idOf(name));
    }
    world.step();
    expect(world.world.playerCount).toBe(0);
  });

  it('leaves nothing behind in any authority when players leave', () => {
    const { world } = recorded();
    world.shoot('ann', { targetPlayerId: idOf('bob') });
    world.step();
    world.world.suspendPlayer(idOf('bob'), 'removed');
    world.world.removePlayer(idOf('ann'));
    world.world.removePlayer(idOf('bob'));
    world.step();
    expect(world.movement.playerCount).toBe(0);
    expect(world.combat.playerCount).toBe(0);
    expect(world.world.playerCount).toBe(0);
    expect(world.world.snapshot).toMatchObject({ entities: [], rows: [] });
    expect([...world.world.roster()]).toEqual([]);
    expect(world.world.inputAckOf(idOf('ann'))).toBeUndefined();
    expect(world.world.sessionOf(idOf('ann'))).toBeUndefined();
  });

  it('ignores the suspension and removal of strangers, and asserts on impossible joins', () => {
    const { world } = recorded();
    world.world.suspendPlayer(idOf('nobody'), 'vulnerable');
    world.world.removePlayer(idOf('nobody'));
    expect(() => world.join('ann')).toThrow('once');
    expect(() => world.world.resumePlayer(fakeSession('nobody'))).toThrow('seat');
    const unproven = fakeSession('eve');
    unproven.playerId = undefined;
    expect(() => world.world.addPlayer(unproven)).toThrow('proven');
  });
});

describe('a world', () => {
  it.each([
    ['tickRateHz', { tickRateHz: 0 }],
    ['inputLimits.inputAheadTicksMax', { inputLimits: { inputAheadTicksMax: 0 } }],
    ['inputLimits.inputHoldTicksMax', { inputLimits: { inputHoldTicksMax: -1 } }],
    ['inputLimits.pendingInputsMax', { inputLimits: { pendingInputsMax: 1.5 } }],
    ["name 'recorder'", { createAuthorities: () => [new Recorder(), new Recorder()] }],
    ["input kind 'emote'", { createAuthorities: () => [new Recorder(), new Renamed()] }],
  ] satisfies [string, Partial<WorldOptions>][])(
    'refuses a bad option and names it: %s',
    (...row) => {
      const [named, options] = row;
      expect(() => bareWorld(new Recorder(), options)).toThrow(
        expect.objectContaining({
          code: 'invalid-configuration',
          message: expect.stringContaining(named),
        }),
      );
    },
  );

  it('gives its rules the running tick and its own random numbers', () => {
    const seen: unknown[] = [];
    class Curious extends Recorder {
      override step() {
        seen.push(context?.tick, context?.random());
        return [];
      }
    }
    let context: Parameters<WorldOptions['createAuthorities']>[0] | undefined;
    const world = bareWorld(new Recorder(), {
      random: () => 0.25,
      createAuthorities: (given) => {
        context = given;
        return [new Curious()];
      },
    });
    world.step();
    world.step();
    expect(seen).toEqual([1, 0.25, 2, 0.25]);
    expect(context).toMatchObject({ tick: 2, stepSeconds: 0.05, worldId: 'bare' });
  });

  it('gives each player a generator that lasts as long as the seat', () => {
    const drawn: string[] = [];
    let created = 0;
    let context: Parameters<WorldOptions['createAuthorities']>[0] | undefined;
    const world = bareWorld(new Recorder(), {
      random: () => 0.5,
      createPlayerRandom: (playerId) => {
        const stay = (created += 1);
        let count = 0;
        drawn.push(`${playerId} stay ${stay}`);
        return () => stay + (count += 0.25);
      },
      createAuthorities: (given) => {
        context = given;
        return [new Recorder()];
      },
    });
    const ann = fakeSession('ann');
    world.addPlayer(ann);
    world.addPlayer(fakeSession('bob'));
    const draw = (name: string): unknown => context?.randomFor(idOf(name));
    expect([draw('ann'), draw('bob'), draw('ann')]).toEqual([1.25, 2.25, 1.5]);
    world.removePlayer(idOf('ann'));
    expect(() => draw('ann')).toThrow('only a player with a seat');
    world.addPlayer(fakeSession('ann'));
    expect([draw('ann'), draw('bob')]).toEqual([3.25, 2.5]);
    expect(drawn).toEqual(['ann stay 1', 'bob stay 2', 'ann stay 3']);
  });

  it('knows nothing of the players of another', () => {
    const one = new WorldFixture({ players: { ann: { x: 10, y: 10 }, bob: { x: 15, y: 10 } } });
    const two = new WorldFixture({ players: { eve: { x: 15, y: 10 } } });
    expect(one.judgeShot('ann', { targetPlayerId: idOf('eve') })).toBe('rejected(target-unknown)');
    expect(two.world.receive(one.session('ann'), moveInput(), 0)).toEqual(
      rejected('not-logged-in'),
    );
  });
});

class Renamed extends Recorder {
  override readonly name = 'renamed';
}
