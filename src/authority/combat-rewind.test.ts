/** Shots at where their shooter saw the targets. */
import { describe, expect, it } from 'vitest';
import {
  combatEvents,
  idOf,
  WorldFixture,
  type WorldFixtureOptions,
} from '../../test/support/world-fixture.ts';
import type { MeasuredShot } from './authority.ts';
import { createDefaultAuthorities } from './default-authorities.ts';
import { createPrng } from '../base/prng.ts';
import type { WorldId } from '../protocol/ids.ts';
import { World } from './world.ts';

const AT_BOB = { targetPlayerId: idOf('bob') };
/** Metres of one tick at 6 m/s and 20 Hz. */
const STEP = 0.3;

/** bob walks along x at y = 10, 0.3 m a tick; ann stands 5 m below where he begins. */
function walking(ticks: number, options: WorldFixtureOptions = {}): WorldFixture {
  const world = new WorldFixture({
    players: { ann: { x: 10, y: 5 }, bob: { x: 10, y: 10 } },
    combat: { hitRadiusMetres: 0.1, aimToleranceMetres: 0, rangeMetres: 50 },
    ...options,
  });
  world.steps(5);
  walk(world, ticks);
  return world;
}

function walk(world: WorldFixture, ticks: number): void {
  for (let count = 0; count < ticks; count += 1) {
    world.move('bob');
    world.step();
  }
}

/** Where bob was so many ticks before the one in which the shot runs; he stops walking in it. */
function shotAt(world: WorldFixture, ticksAgo: number): Partial<MeasuredShot> {
  const walked = world.body('bob').x - 10;
  const directionX = walked - Math.max(0, ticksAgo - 1) * STEP;
  world.move('bob', { directionX: 0 });
  return { directionX, directionY: 5, viewTick: world.world.tick + 1 - ticksAgo };
}

describe('a shot at what its shooter saw', () => {
  it.each([0, 1, 1.5, 2, 3])('hits a named target as it was %d ticks ago', (ticksAgo) => {
    const world = walking(8);
    expect(world.judgeShot('ann', { ...shotAt(world, ticksAgo), ...AT_BOB })).toBe('accepted');
  });

  it.each([2, 2.5, 3])('hits whoever was in the way %d ticks ago', (ticksAgo) => {
    const world = walking(8);
    world.shoot('ann', shotAt(world, ticksAgo));
    const [hit] = combatEvents(world.step());
    expect(hit).toMatchObject({ event: 'hit', targetId: 'bob', originX: 10, originY: 5 });
  });

  it('misses who has walked into the way since', () => {
    const world = walking(8);
    world.shoot('ann', { ...shotAt(world, 0), viewTick: world.world.tick - 2 });
    expect(combatEvents(world.step())[0]).toMatchObject({ event: 'shot-missed' });
  });

  it('reaches back as far as the round trip that was measured, and not further', () => {
    const aim = (roundTripMs: number): string | undefined => {
      const world = walking(8);
      return world.judgeShot('ann', { ...shotAt(world, 4), ...AT_BOB, roundTripMs });
    };
    expect(aim(50)).toBe('accepted');
    expect(aim(0)).toBe('rejected(aim-mismatch)');
  });

  it('reaches back 200 ms at most, whatever was measured', () => {
    const world = walking(8);
    const shot = { ...shotAt(world, 5), ...AT_BOB, roundTripMs: 5_000 };
    expect(world.judgeShot('ann', shot)).toBe('rejected(aim-mismatch)');
  });

  it('is judged on present places with a rewind of 0 ms', () => {
    const combat = { hitRadiusMetres: 0.1, aimToleranceMetres: 0, rewindMsMax: 0 };
    const late = walking(8, { combat });
    expect(late.judgeShot('ann', { ...shotAt(late, 2), ...AT_BOB })).toBe('rejected(aim-mismatch)');
    const now = walking(8, { combat });
    const shot = { ...shotAt(now, 0), ...AT_BOB, viewTick: now.world.tick - 2 };
    expect(now.judgeShot('ann', shot)).toBe('accepted');
  });

  it('is shot from where the shooter is, not from where it was', () => {
    const world = walking(8);
    const shot = shotAt(world, 3);
    world.move('ann', { directionX: -1 });
    world.shoot('ann', shot);
    expect(combatEvents(world.step())[0]).toMatchObject({ originX: 10 - STEP, originY: 5 });
  });

  it('does not pass an obstacle between the shooter and where the target was', () => {
    const obstacles = [{ shape: 'box', minX: 9, minY: 7, maxX: 11.3, maxY: 8 }] as const;
    const world = walking(8, { geometry: { obstacles } });
    const behind = shotAt(world, 3);
    expect(world.judgeShot('ann', { ...behind, ...AT_BOB })).toBe('rejected(no-line-of-sight)');
    world.shoot('ann', behind);
    expect(combatEvents(world.step())[0]).toMatchObject({ event: 'shot-missed', impactY: 7 });
  });

  it('reaches no further than its range from the present place', () => {
    const combat = { rangeMetres: 5.1, hitRadiusMetres: 0.1, aimToleranceMetres: 0 };
    const far = walking(8, { combat });
    expect(far.judgeShot('ann', { ...shotAt(far, 0), ...AT_BOB })).toBe('rejected(out-of-range)');
    const near = walking(4, { combat });
    expect(near.judgeShot('ann', { ...shotAt(near, 3), ...AT_BOB })).toBe('accepted');
  });

  it.each([2 ** 53, 2 ** 49, Number.MAX_VALUE])('is of now for a view of tick %d', (viewTick) => {
    const world = walking(8);
    expect(world.judgeShot('ann', { ...shotAt(world, 0), ...AT_BOB, viewTick })).toBe('accepted');
  });
});

describe('nobody is looked for', () => {
  it('where they were before they were put elsewhere', () => {
    const world = walking(8);
    const old = shotAt(world, 2);
    world.place('bob', { x: 20, y: 20 });
    expect(world.judgeShot('ann', { ...old, ...AT_BOB })).toBe('rejected(aim-mismatch)');
    const atNew = { directionX: 10, directionY: 15, viewTick: world.world.tick - 2 };
    expect(world.judgeShot('ann', { ...atNew, ...AT_BOB })).toBe('accepted');
  });

  it('where they were before they came back on a new connection', () => {
    const world = walking(8);
    const old = shotAt(world, 3);
    world.resume('bob');
    expect(world.judgeShot('ann', { ...old, ...AT_BOB })).toBe('rejected(aim-mismatch)');
  });

  it('where they died before their new life', () => {
    const combat = {
      hitRadiusMetres: 0.1,
      aimToleranceMetres: 0,
      rangeMetres: 50,
      damagePerHit: 100,
      respawnDelayMs: 50,
      cooldownMs: 0,
    };
    const world = walking(8, { combat });
    const shot = { ...shotAt(world, 0), ...AT_BOB };
    expect(world.judgeShot('ann', shot)).toBe('accepted');
    expect(world.fields('bob')['isAlive']).toBe(0);
    world.step();
    expect(world.fields('bob')['isAlive']).toBe(1);
    const viewTick = world.world.tick - 1;
    expect(world.judgeShot('ann', { ...shot, tick: world.world.tick + 1, viewTick })).toBe(
      'rejected(aim-mismatch)',
    );
  });

  it('before they joined', () => {
    const world = walking(8);
    world.join('cid');
    world.step();
    const { x, y } = world.body('cid');
    const shot = { targetPlayerId: idOf('cid'), directionX: x - 10, directionY: y - 5 };
    const viewTick = world.world.tick - 2;
    expect(world.judgeShot('ann', { ...shot, viewTick })).toBe('accepted');
  });
});

describe('a push', () => {
  it('is a way: between its ticks a player is looked for on it', () => {
    const world = walking(0);
    world.movement.pushPlayer(idOf('bob'), { x: 2, y: 0 });
    const { tick } = world.world;
    world.step();
    const half = { directionX: 1, directionY: 5, viewTick: tick - 0.5 };
    expect(world.judgeShot('ann', { ...half, ...AT_BOB })).toBe('accepted');
  });
});

describe('how many are tested', () => {
  it('follows who is near the line, not who is in the world', () => {
    const world = new WorldFixture({
      geometry: { bounds: { minX: 0, minY: 0, maxX: 400, maxY: 400 } },
    });
    for (let player = 0; player < 1_000; player += 1) world.join(`p${player}`);
    world.step();
    const random = createPrng(5);
    for (let player = 0; player < 1_000; player += 1) {
      world.place(`p${player}`, { x: 1 + random() * 398, y: 1 + random() * 398 });
    }
    for (let player = 0; player < 100; player += 1) {
      world.shoot(`p${player}`, { directionX: random() - 0.5, directionY: random() - 0.5 });
    }
    expect(world.step().verdicts).toHaveLength(100);
    // 25 m × 1 m of 160 000 m², a thousand times: 0.16 for each shot.
    expect(world.combat.candidatesTested).toBeLessThan(100);
  });

  it('is one for a named target', () => {
    const world = walking(8);
    world.judgeShot('ann', { ...shotAt(world, 0), ...AT_BOB });
    expect(world.combat.candidatesTested).toBe(1);
  });

  it('is everybody on a battlefield without a history', () => {
    const world = new WorldFixture({
      players: { ann: { x: 10, y: 5 }, bob: { x: 10, y: 10 }, cid: { x: 30, y: 20 } },
      hasHistory: false,
    });
    world.shoot('ann', { directionX: 0, directionY: 1, viewTick: 0 });
    expect(combatEvents(world.step())[0]).toMatchObject({ event: 'hit', targetId: 'bob' });
    expect(world.combat.candidatesTested).toBe(2);
  });
});

describe('the shipped authorities', () => {
  it('remember as much as shots look back to', () => {
    const create = (rewindMsMax: number): World =>
      new World({
        worldId: 'test-world' as WorldId,
        tickRateHz: 20,
        random: createPrng(1),
        createAuthorities: createDefaultAuthorities({ combat: { rewindMsMax } }),
      });
    expect(() => create(1_000)).not.toThrow();
    expect(() => create(0)).not.toThrow();
    expect(() => create(Number.NaN)).toThrow(/combat\.rewindMsMax/);
  });
});
