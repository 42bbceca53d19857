import { describe, expect, it } from 'vitest';
import { fakeSession } from '../../test/support/fake-session.ts';
import { bareWorld, emote, recorded, Recorder } from '../../test/support/recorder-rule.ts';
import { combatEvents, idOf, moveInput, shootInput } from '../../test/support/world-fixture.ts';
import { SESSION_STATES } from '../session/session-state.ts';
import type { AuthorityInput } from './authority.ts';
import { rejected } from './verdict.ts';

describe('World.receive', () => {
  it.each(SESSION_STATES.filter((state) => state !== 'logged-in'))(
    'in the state %s refuses everything: it is rejected with not-logged-in',
    (state) => {
      const { recorder, world } = recorded();
      world.session('ann').state = state;
      expect(world.move('ann', { tick: Number.NaN })).toBe('rejected(not-logged-in)');
      expect(world.shoot('ann')).toBe('rejected(not-logged-in)');
      expect(world.receive('ann', emote())).toBe('rejected(not-logged-in)');
      world.session('ann').state = 'logged-in';
      expect(world.step()).toMatchObject({ verdicts: [], events: [] });
      expect(recorder.calls).not.toContain('input ann');
    },
  );

  it('refuses a stranger, a suspended player, one who left and an old handle', () => {
    const { world } = recorded();
    const refused = rejected('not-logged-in');
    const old = world.session('ann');
    world.resume('ann');
    expect(world.world.receive(old, moveInput({ tick: 3 }), 0)).toEqual(refused);
    expect(world.world.receive(fakeSession('ann'), moveInput({ tick: 3 }), 0)).toEqual(refused);
    world.world.suspendPlayer(idOf('ann'), 'vulnerable');
    expect(world.move('ann')).toBe('rejected(not-logged-in)');
    world.world.removePlayer(idOf('bob'));
    expect(world.move('bob')).toBe('rejected(not-logged-in)');
  });

  it.each(['nobody-takes-this', 'move-input', 'shoot-input', '__proto__', ''])(
    'does not know user messages of the name %j: they are rejected with unknown-input',
    (name) => {
      const { world } = recorded();
      expect(world.receive('ann', { kind: 'user-input', name, payload: {} })).toBe(
        'rejected(unknown-input)',
      );
      expect(world.world.takesInput(name)).toBe(false);
      expect(world.world.takesInput('emote')).toBe(true);
    },
  );

  it('rejects moves and shots with unknown-input where no rule takes them', () => {
    const world = bareWorld(new Recorder());
    const session = fakeSession('ann');
    world.addPlayer(session);
    expect(world.receive(session, moveInput(), 0)).toEqual(rejected('unknown-input'));
    expect(world.receive(session, shootInput(), 0)).toEqual(rejected('unknown-input'));
  });

  it('keeps as many as pendingInputsMax; one more is rejected with input-queue-full', () => {
    const { world } = recorded({ inputLimits: { pendingInputsMax: 3 } });
    expect([1, 2, 3].map(() => world.receive('ann', emote()))).toEqual(Array(3).fill(undefined));
    expect(world.receive('ann', emote())).toBe('rejected(input-queue-full)');
    expect(world.shoot('ann')).toBe('rejected(input-queue-full)');
    expect(world.receive('bob', emote())).toBeUndefined();
    expect(world.step().verdicts).toHaveLength(4);
    expect(world.receive('ann', emote())).toBeUndefined();
  });

  it.each([
    ['invalid-tick', Number.NaN],
    ['invalid-tick', -1],
    ['invalid-tick', 1.5],
    ['too-far-ahead', 2 ** 53],
    ['too-far-ahead', 10],
  ])('answers a shot that is rejected with %s to the shooter alone (tick %d)', (code, tick) => {
    const { world } = recorded();
    expect(world.world.tick).toBe(1);
    expect(world.shoot('ann', { tick })).toBe(`rejected(${code})`);
    const step = world.step();
    expect(step.verdicts).toEqual([]);
    expect(step.events.map(({ scope }) => scope)).toEqual([{ to: 'peer', playerId: 'ann' }]);
    expect(combatEvents(step)[0]).toMatchObject({ event: 'shoot-rejected', code });
    expect(world.step().events).toEqual([]);
  });

  it('answers at most eight refused shots per tick', () => {
    const { world } = recorded();
    for (let shot = 0; shot < 20; shot += 1) world.shoot('ann', { tick: -1 });
    expect(world.step().events).toHaveLength(8);
    world.shoot('ann', { tick: -1 });
    expect(world.step().events).toHaveLength(1);
  });

  it.each([
    [-1, 1],
    [0, 1],
    [1, 1],
    [2, 2],
    [7, 2],
  ])('runs a shot whose tick is %d after the last in the tick after %d', (ahead, waited) => {
    const { world } = recorded();
    world.steps(10);
    expect(world.shoot('ann', { tick: world.world.tick + ahead })).toBeUndefined();
    for (let tick = 1; tick <= 3; tick += 1) {
      expect(world.step().verdicts).toHaveLength(tick === waited ? 1 : 0);
    }
  });

  it('gives every input exactly one verdict', () => {
    const { world } = recorded({ inputLimits: { pendingInputsMax: 4 } });
    const counts = { sent: 0, judged: 0 };
    const send = (input: AuthorityInput) => {
      counts.sent += 1;
      if (world.receive('ann', input) !== undefined) counts.judged += 1;
    };
    for (let round = 0; round < 40; round += 1) {
      const { tick } = world.world;
      for (const ahead of [-1, 0, 1, 1, 3, 2, 9, Number.NaN]) {
        send(moveInput({ tick: tick + ahead }));
        send(shootInput({ tick: tick + ahead }));
      }
      send(emote());
      send(emote('throw'));
      if (round === 20) world.world.suspendPlayer(idOf('ann'), 'vulnerable');
      if (round === 25) world.resume('ann');
      if (round === 30) world.resume('ann');
      if (round === 35) world.world.removePlayer(idOf('ann'));
      counts.judged += world.step().verdicts.length;
    }
    for (let tick = 0; tick < 10; tick += 1) counts.judged += world.step().verdicts.length;
    expect(counts.judged).toBe(counts.sent);
  });
});

describe('what waits when a connection changes', () => {
  it.each(['suspend', 'resume', 'leave'] as const)('gets its verdict at a %s', (change) => {
    const { world } = recorded();
    world.move('ann', { tick: 4 });
    world.move('ann', { tick: 3 });
    world.shoot('ann');
    world.receive('ann', emote());
    if (change === 'suspend') world.world.suspendPlayer(idOf('ann'), 'vulnerable');
    if (change === 'resume') world.resume('ann');
    if (change === 'leave') world.world.removePlayer(idOf('ann'));
    expect(world.step().verdicts).toEqual([
      'ann: move-input rejected(not-logged-in)',
      'ann: move-input rejected(not-logged-in)',
      'ann: shoot-input rejected(not-logged-in)',
      'ann: emote rejected(not-logged-in)',
    ]);
    expect(world.step().verdicts).toEqual([]);
  });

  it('is told to the handle that sent it', () => {
    const { world } = recorded();
    const old = world.session('ann');
    world.move('ann');
    world.resume('ann');
    expect(world.world.step().verdicts.map(({ session }) => session)).toEqual([old]);
  });

  it('does not make the returning player deaf, whatever the old connection had sent', () => {
    const { world } = recorded();
    const tick = world.world.tick + 1;
    for (let ahead = 0; ahead < 8; ahead += 1) {
      world.move('ann', { tick: tick + ahead, directionX: 0 });
    }
    world.resume('ann');
    expect(world.world.inputAckOf(idOf('ann'))).toMatchObject({ lastInputTick: 0 });
    for (let ahead = 0; ahead < 8; ahead += 1) {
      expect(world.move('ann', { tick: tick + ahead })).toBeUndefined();
    }
    world.step();
    expect(world.body('ann').x).toBeCloseTo(10.3, 9);
  });
});
