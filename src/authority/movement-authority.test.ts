import { describe, expect, it } from 'vitest';
import { fakeSession } from '../../test/support/fake-session.ts';
import { idOf, moveInput, shootInput, WorldFixture } from '../../test/support/world-fixture.ts';
import { createArenaGeometry } from './arena-geometry.ts';
import type { WorldContext } from './authority.ts';
import { validateInputLimits } from './input-limits.ts';
import { MovementAuthority } from './movement-authority.ts';
import type { MovementOptions } from './movement-options.ts';
import { CLAMPED, rejected } from './verdict.ts';

/** Full speed 6 m/s at 20 Hz. */
const STEP_METRES = 0.3;

function contextOf(random = () => 0.5): WorldContext {
  return {
    worldId: 'test-world' as WorldContext['worldId'],
    tickRateHz: 20,
    stepSeconds: 0.05,
    tick: 1,
    inputLimits: validateInputLimits(),
    random,
    randomFor: random,
  };
}

function fixture() {
  return new WorldFixture({ players: { ann: { x: 10, y: 10 }, bob: { x: 20, y: 10 } } });
}

describe('MovementAuthority', () => {
  it('moves a player one step per tick', () => {
    const world = fixture();
    world.move('ann');
    world.step();
    expect(world.body('ann').x).toBeCloseTo(10 + STEP_METRES, 12);
    expect(world.body('bob').x).toBe(20);
  });

  it('repeats the last input for two missing ticks, then stops', () => {
    const world = fixture();
    world.move('ann', { yaw: 1 });
    const places: number[] = [];
    for (let tick = 0; tick < 5; tick += 1) {
      world.step();
      places.push(Math.round((world.body('ann').x - 10) / STEP_METRES));
    }
    expect(places).toEqual([1, 2, 3, 3, 3]);
    expect(world.body('ann').yaw).toBe(1);
  });

  it('repeats as often as inputHoldTicksMax says, 0 included', () => {
    const world = new WorldFixture({
      players: { ann: { x: 10, y: 10 } },
      inputLimits: { inputHoldTicksMax: 0 },
    });
    world.move('ann');
    world.steps(5);
    expect(world.body('ann').x).toBeCloseTo(10 + STEP_METRES, 12);
  });

  it('stops at once for a zero vector', () => {
    const world = fixture();
    world.move('ann');
    world.step();
    world.move('ann', { directionX: 0 });
    world.steps(3);
    expect(world.body('ann').x).toBeCloseTo(10 + STEP_METRES, 12);
  });

  it('calls an overlong direction clamped and moves by one step', () => {
    const world = fixture();
    world.move('ann', { directionX: 1e9 });
    expect(world.step().verdicts).toEqual(['ann: move-input clamped']);
    expect(world.body('ann').x).toBeCloseTo(10 + STEP_METRES, 12);
  });

  it('does not repeat the input of a suspended player', () => {
    const world = fixture();
    world.move('ann');
    world.step();
    world.world.suspendPlayer(idOf('ann'), 'vulnerable');
    world.steps(3);
    expect(world.body('ann').x).toBeCloseTo(10 + STEP_METRES, 12);
    expect(world.fields('ann')['isSuspended']).toBe(1);
    world.resume('ann');
    world.steps(3);
    expect(world.body('ann').x).toBeCloseTo(10 + STEP_METRES, 12);
    expect(world.fields('ann')['isSuspended']).toBe(0);
  });

  it('forgets what the old connection wanted when a new one takes over', () => {
    const world = fixture();
    world.move('ann');
    world.step();
    world.resume('ann');
    world.steps(2);
    expect(world.body('ann').x).toBeCloseTo(10 + STEP_METRES, 12);
  });

  it('shows millimetres and a yaw of 65,536 steps, wrapped', () => {
    const world = fixture();
    world.place('ann', { x: 1.23449, y: 2.3456 });
    world.move('ann', { directionX: 0, yaw: -1e-9 });
    world.move('bob', { directionX: 0, yaw: Math.PI });
    world.step();
    expect(world.fields('ann')).toMatchObject({ x: 1234, y: 2346, yaw: 0 });
    expect(world.fields('bob')).toMatchObject({ yaw: 32_768 });
  });

  it('hides a removed ghost and keeps its state aside', () => {
    const world = fixture();
    world.world.suspendPlayer(idOf('ann'), 'removed');
    world.step();
    expect(world.world.snapshot.entities).toEqual([world.world.entityOf(idOf('bob'))]);
    world.resume('ann');
    world.step();
    expect(world.fields('ann')).toMatchObject({ x: 10_000, y: 10_000 });
  });

  it.each(['vulnerable', 'protected'] as const)('shows a %s ghost', (ghost) => {
    const world = fixture();
    world.world.suspendPlayer(idOf('ann'), ghost);
    world.step();
    expect(world.fields('ann')).toMatchObject({ x: 10_000, isSuspended: 1 });
  });

  it('does not move the frozen until they respawn', () => {
    const world = fixture();
    world.movement.freezePlayer(idOf('ann'));
    world.move('ann');
    expect(world.step().verdicts).toEqual(['ann: move-input accepted']);
    expect(world.body('ann').x).toBe(10);
    world.movement.respawnPlayer(idOf('ann'));
    const { x } = world.body('ann');
    world.move('ann', { directionX: x > 20 ? -1 : 1 });
    world.step();
    expect(Math.abs(world.body('ann').x - x)).toBeCloseTo(STEP_METRES, 9);
  });

  it('pushes a player against the same walls as a step, but not the frozen or suspended', () => {
    const world = fixture();
    expect(world.movement.pushPlayer(idOf('ann'), { x: -100, y: 0 })).toBe(true);
    expect(world.body('ann').x).toBeCloseTo(0.5, 4);
    world.movement.freezePlayer(idOf('ann'));
    expect(world.movement.pushPlayer(idOf('ann'), { x: 1, y: 0 })).toBe(false);
    world.world.suspendPlayer(idOf('bob'), 'vulnerable');
    world.step();
    expect(world.movement.pushPlayer(idOf('bob'), { x: 1, y: 0 })).toBe(false);
  });

  it('spawns at a free spawn point, far from the others', () => {
    const movement = new MovementAuthority(contextOf(cycle([0, 0.4, 0.99])), {
      geometry: createArenaGeometry({
        obstacles: [{ shape: 'circle', x: 20, y: 12, radius: 3 }],
        spawnPoints: [
          { x: 2, y: 2 },
          { x: 20, y: 12 },
          { x: 38, y: 22 },
        ],
      }),
    });
    movement.addPlayer(idOf('ann'));
    movement.addPlayer(idOf('bob'));
    const places = ['ann', 'bob'].map((name) => movement.placeOf(idOf(name))?.x);
    expect(new Set(places)).toEqual(new Set([2, 38]));
  });

  it('spawns inside the bounds where there are no spawn points', () => {
    for (const value of [0, 0.5, 0.999_999]) {
      const movement = new MovementAuthority(contextOf(() => value));
      movement.addPlayer(idOf('ann'));
      const place = movement.placeOf(idOf('ann'));
      expect(place?.x).toBeGreaterThanOrEqual(0.5);
      expect(place?.x).toBeLessThanOrEqual(39.5);
      expect(place?.y).toBeLessThanOrEqual(23.5);
    }
  });

  it('refuses what is not for it, without a throw', () => {
    const movement = new MovementAuthority(contextOf());
    const session = fakeSession('ann');
    expect(movement.handleInput(session, moveInput())).toEqual(rejected('not-logged-in'));
    movement.addPlayer(idOf('ann'));
    expect(movement.handleInput(session, shootInput())).toEqual(rejected('unknown-input'));
    expect(movement.handleInput(session, moveInput({ directionX: 2 }))).toBe(CLAMPED);
    session.playerId = undefined;
    expect(movement.handleInput(session, moveInput())).toEqual(rejected('not-logged-in'));
  });

  it.each([
    ['movement.speedMetresPerSecond', { speedMetresPerSecond: -1 }],
    ['movement.speedMetresPerSecond', { speedMetresPerSecond: Number.NaN }],
    ['movement.radiusMetres', { radiusMetres: Infinity }],
    ['movement.radiusMetres must leave room', { radiusMetres: 12 }],
  ] satisfies [string, MovementOptions][])('refuses a bad option and names it: %s', (...row) => {
    const [named, options] = row;
    expect(() => new MovementAuthority(contextOf(), options)).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringContaining(named),
      }),
    );
  });
});

function cycle(values: readonly number[]): () => number {
  let index = 0;
  return () => values[index++ % values.length] ?? 0;
}
