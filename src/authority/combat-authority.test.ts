import { describe, expect, it } from 'vitest';
import {
  combatEvents,
  idOf,
  WorldFixture,
  type WorldFixtureOptions,
} from '../../test/support/world-fixture.ts';
import type { CombatOptions } from './combat-options.ts';

/** ann and bob face each other, 5 m apart; cid stands aside. 250 ms cooldown = 5 ticks. */
function fixture(options: WorldFixtureOptions = {}) {
  return new WorldFixture({
    players: { ann: { x: 10, y: 10 }, bob: { x: 15, y: 10 }, cid: { x: 10, y: 20 } },
    ...options,
  });
}

const AT_BOB = { targetPlayerId: idOf('bob') };

/** Shoots bob dead: four hits of 25, one cooldown apart. */
function killBob(world: WorldFixture): void {
  for (let shot = 0; shot < 4; shot += 1) {
    expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
    world.steps(4);
  }
}

describe('a shot that counts', () => {
  it('hits a named target and tells those who see it', () => {
    const world = fixture();
    world.shoot('ann', AT_BOB);
    const step = world.step();
    expect(step.verdicts).toEqual(['ann: shoot-input accepted']);
    expect(step.events.map(({ scope }) => scope.to)).toEqual(['position', 'position']);
    expect(combatEvents(step)).toEqual([
      {
        kind: 'combat-event',
        tick: step.tick,
        event: 'hit',
        shooterId: 'ann',
        targetId: 'bob',
        originX: 10,
        originY: 10,
        impactX: 15,
        impactY: 10,
      },
      {
        kind: 'combat-event',
        tick: step.tick,
        event: 'damage-applied',
        targetId: 'bob',
        amount: 25,
        hitPoints: 75,
      },
    ]);
    expect(world.fields('bob')).toMatchObject({ hitPoints: 75, isAlive: 1 });
  });

  it('hits whoever is first in the way when it names nobody', () => {
    const world = fixture();
    world.place('cid', { x: 12, y: 10.3 });
    world.shoot('ann');
    const [hit] = combatEvents(world.step());
    expect(hit).toMatchObject({ event: 'hit', targetId: 'cid' });
    expect(hit).toMatchObject({ impactX: expect.closeTo(11.6, 9), impactY: 10 });
  });

  it('is accepted and missed when nobody is in the way', () => {
    const world = fixture();
    world.shoot('ann', { directionX: 0, directionY: -1 });
    const step = world.step();
    expect(step.verdicts).toEqual(['ann: shoot-input accepted']);
    expect(combatEvents(step)).toEqual([
      expect.objectContaining({ event: 'shot-missed', shooterId: 'ann', impactX: 10, impactY: 0 }),
    ]);
  });

  it('that names nobody ends at an obstacle before a player', () => {
    const geometry = {
      obstacles: [{ shape: 'box', minX: 12, minY: 9, maxX: 13, maxY: 11 }],
    } as const;
    const world = fixture({ geometry });
    world.shoot('ann');
    expect(combatEvents(world.step())).toEqual([
      expect.objectContaining({ event: 'shot-missed', impactX: 12 }),
    ]);
  });

  it('that names nobody passes the dead, the protected and the removed', () => {
    const world = fixture();
    world.place('cid', { x: 18, y: 10 });
    world.world.suspendPlayer(idOf('bob'), 'protected');
    world.shoot('ann');
    expect(combatEvents(world.step())[0]).toMatchObject({ event: 'hit', targetId: 'cid' });
  });

  it('does not hit its own shooter, nor anybody beyond its range', () => {
    const world = fixture({ combat: { rangeMetres: 4 } });
    world.shoot('ann');
    expect(combatEvents(world.step())).toEqual([
      expect.objectContaining({ event: 'shot-missed', impactX: 14 }),
    ]);
  });

  it('hits somebody who stands in the same place', () => {
    const world = fixture();
    world.place('bob', { x: 10, y: 10 });
    expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
    world.steps(5);
    world.shoot('ann', { directionY: 1 });
    expect(combatEvents(world.step())[0]).toMatchObject({ event: 'hit', targetId: 'bob' });
  });

  it('counts where the moves of its tick ended', () => {
    const world = fixture();
    world.place('bob', { x: 15, y: 10.8 });
    expect(world.judgeShot('ann', AT_BOB)).toBe('rejected(aim-mismatch)');
    world.move('bob', { directionX: 0, directionY: -1 });
    expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
  });

  it('accepts a direction of any length', () => {
    expect(fixture().judgeShot('ann', { ...AT_BOB, directionX: 1e300 })).toBe('accepted');
    expect(fixture().judgeShot('ann', { ...AT_BOB, directionX: 1e-300 })).toBe('accepted');
  });
});

describe('death and the next life', () => {
  it('is told to the world and counted on both sides', () => {
    const world = fixture();
    killBob(world);
    expect(world.fields('bob')).toMatchObject({ hitPoints: 0, isAlive: 0, kills: 0, deaths: 1 });
    expect(world.fields('ann')).toMatchObject({ isAlive: 1, kills: 1, deaths: 0 });
  });

  it('comes with one death event, scoped to the world, after the damage', () => {
    const world = fixture({ combat: { damagePerHit: 130 } });
    world.shoot('ann', AT_BOB);
    const step = world.step();
    expect(combatEvents(step).map(({ event }) => event)).toEqual([
      'hit',
      'damage-applied',
      'death',
    ]);
    expect(combatEvents(step)[1]).toMatchObject({ amount: 100, hitPoints: 0 });
    expect(step.events[2]).toEqual({
      scope: { to: 'world' },
      message: {
        kind: 'combat-event',
        tick: step.tick,
        event: 'death',
        targetId: 'bob',
        killerId: 'ann',
      },
    });
  });

  it('keeps the dead in their place until they respawn whole, after the delay in ticks', () => {
    const world = fixture({ combat: { damagePerHit: 100, respawnDelayMs: 500 } });
    world.judgeShot('ann', AT_BOB);
    for (let tick = 0; tick < 9; tick += 1) {
      world.move('bob');
      world.step();
      expect(world.fields('bob')).toMatchObject({ isAlive: 0, x: 15_000, hitPoints: 0 });
    }
    world.step();
    expect(world.fields('bob')).toMatchObject({ isAlive: 1, hitPoints: 100, deaths: 1 });
    world.move('bob', { directionX: world.body('bob').x > 20 ? -1 : 1 });
    const before = world.body('bob').x;
    world.step();
    expect(world.body('bob').x).not.toBe(before);
  });

  it('can be mutual: shots of a tick are judged on the state before any', () => {
    const world = fixture({ combat: { damagePerHit: 100 } });
    world.shoot('ann', AT_BOB);
    world.shoot('bob', { targetPlayerId: idOf('ann'), directionX: -1 });
    world.step();
    expect(world.fields('ann')).toMatchObject({ isAlive: 0, kills: 1, deaths: 1 });
    expect(world.fields('bob')).toMatchObject({ isAlive: 0, kills: 1, deaths: 1 });
  });

  it('goes to the lower playerId of equals', () => {
    const world = fixture({ combat: { damagePerHit: 50 } });
    world.place('cid', { x: 15, y: 15 });
    world.shoot('cid', { ...AT_BOB, directionX: 0, directionY: -1 });
    world.shoot('ann', AT_BOB);
    expect(combatEvents(world.step()).at(-1)).toMatchObject({ event: 'death', killerId: 'ann' });
  });

  it('does not depend on the order in which the shots of a tick arrive', () => {
    const outcomes = permutations(['ann', 'bob', 'cid', 'dot']).map((order) => {
      const world = fixture({
        players: {
          dot: { x: 15, y: 6 },
          cid: { x: 15, y: 14 },
          bob: { x: 15, y: 10 },
          ann: { x: 10, y: 10 },
        },
        combat: { damagePerHit: 34 },
      });
      for (const name of order) {
        const from = world.body(name);
        const target = name === 'bob' ? 'ann' : 'bob';
        const to = world.body(target);
        world.shoot(name, {
          targetPlayerId: idOf(target),
          directionX: to.x - from.x,
          directionY: to.y - from.y,
        });
      }
      const { events, verdicts } = world.step();
      return JSON.stringify({ events, verdicts, rows: world.world.snapshot.rows });
    });
    expect(outcomes).toHaveLength(24);
    expect(new Set(outcomes).size).toBe(1);
    expect(outcomes[0]).toContain('"killerId":"ann"');
  });

  it('takes its score along when the player leaves, and nothing of the killer remains', () => {
    const world = fixture();
    killBob(world);
    world.world.removePlayer(idOf('ann'));
    world.step();
    world.join('ann');
    world.step();
    expect(world.fields('ann')).toMatchObject({ kills: 0, deaths: 0, hitPoints: 100 });
  });
});

describe('a connection that changes', () => {
  it('starts shot ticks again, so that a returning player is not deaf', () => {
    const world = fixture();
    const { tick } = world.world;
    expect(world.judgeShot('ann', { ...AT_BOB, tick: tick + 8 })).toBeUndefined();
    world.steps(1);
    expect(world.fields('bob')['hitPoints']).toBe(75);
    world.resume('ann');
    world.steps(4);
    expect(world.judgeShot('ann', { ...AT_BOB, tick: tick + 1 })).toBe('accepted');
  });

  it('does not shorten the cooldown', () => {
    const world = fixture();
    expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
    world.resume('ann');
    expect(world.judgeShot('ann', AT_BOB)).toBe('rejected(cooldown)');
  });
});

describe('CombatAuthority', () => {
  it.each([
    ['combat.hitPointsMax', { hitPointsMax: 0 }],
    ['combat.hitPointsMax', { hitPointsMax: 1.5 }],
    ['combat.damagePerHit', { damagePerHit: -1 }],
    ['combat.cooldownMs', { cooldownMs: -1 }],
    ['combat.rangeMetres', { rangeMetres: Number.NaN }],
    ['combat.hitRadiusMetres', { hitRadiusMetres: Infinity }],
    ['combat.aimToleranceMetres', { aimToleranceMetres: -0.1 }],
    ['combat.respawnDelayMs', { respawnDelayMs: 1e9 }],
    ['combat.rewindMsMax', { rewindMsMax: -1 }],
    ['combat.rewindMsMax', { rewindMsMax: 1_001 }],
    ['combat.rewindMsMax must be at most what the battlefield remembers', { rewindMsMax: 201 }],
    ['combat.interpolationDelayMsMax', { interpolationDelayMsMax: Number.NaN }],
  ] satisfies [string, CombatOptions][])('refuses a bad option and names it: %s', (...row) => {
    const [named, combat] = row;
    expect(() => new WorldFixture({ combat })).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringContaining(named),
      }),
    );
  });

  it('lets a cooldown of 0 ms still be one tick', () => {
    const world = fixture({ combat: { cooldownMs: 0 } });
    world.shoot('ann', AT_BOB);
    world.shoot('ann', { ...AT_BOB, tick: world.world.tick + 2 });
    world.shoot('ann', { ...AT_BOB, tick: world.world.tick });
    const verdicts = [...world.step().verdicts, ...world.step().verdicts];
    expect(verdicts).toEqual([
      'ann: shoot-input accepted',
      'ann: shoot-input stale',
      'ann: shoot-input accepted',
    ]);
  });
});

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  );
}
