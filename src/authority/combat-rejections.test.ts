import { describe, expect, it } from 'vitest';
import { fakeSession } from '../../test/support/fake-session.ts';
import {
  idOf,
  moveInput,
  shootInput,
  WorldFixture,
  type WorldFixtureOptions,
} from '../../test/support/world-fixture.ts';
import { rejected } from './verdict.ts';

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

describe('a shot that does not count', () => {
  it('without a direction is rejected with no-direction', () => {
    const world = fixture();
    expect(world.judgeShot('ann', { directionX: 0, directionY: 0 })).toBe('rejected(no-direction)');
    expect(world.judgeShot('ann', { ...AT_BOB, directionX: -0 })).toBe('rejected(no-direction)');
  });

  it.each(['directionX', 'directionY', 'viewTick'])(
    'with a %s that is no number is rejected with not-finite',
    (field) => {
      const world = fixture();
      expect(world.shoot('ann', { [field]: Number.NaN })).toBe('rejected(not-finite)');
      expect(world.shoot('ann', { [field]: Infinity })).toBe('rejected(not-finite)');
    },
  );

  it('of a dead player is rejected with shooter-dead', () => {
    const world = fixture();
    killBob(world);
    expect(world.judgeShot('bob', { targetPlayerId: idOf('ann'), directionX: -1 })).toBe(
      'rejected(shooter-dead)',
    );
  });

  it('within the cooldown is rejected with cooldown, whatever its tick says', () => {
    const world = fixture();
    expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
    const { tick } = world.world;
    for (let later = 1; later <= 4; later += 1) {
      expect(world.judgeShot('ann', { ...AT_BOB, tick: tick + later })).toBe('rejected(cooldown)');
    }
    expect(world.judgeShot('ann', { ...AT_BOB, tick: tick + 5 })).toBe('accepted');
  });

  it('at oneself is rejected with target-self', () => {
    expect(fixture().judgeShot('ann', { targetPlayerId: idOf('ann') })).toBe(
      'rejected(target-self)',
    );
  });

  it.each(['nobody', '__proto__', 'constructor', ''])(
    'at %j, who is not in this world, is rejected with target-unknown',
    (name) => {
      expect(fixture().judgeShot('ann', { targetPlayerId: idOf(name) })).toBe(
        'rejected(target-unknown)',
      );
    },
  );

  it('at the dead is rejected with target-dead', () => {
    const world = fixture();
    killBob(world);
    expect(world.judgeShot('ann', AT_BOB)).toBe('rejected(target-dead)');
  });

  it.each(['protected', 'removed'] as const)(
    'at a %s ghost is rejected with target-unavailable',
    (ghost) => {
      const world = fixture();
      world.world.suspendPlayer(idOf('bob'), ghost);
      expect(world.judgeShot('ann', AT_BOB)).toBe('rejected(target-unavailable)');
      world.resume('bob');
      expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
    },
  );

  it('hurts a vulnerable ghost all the same', () => {
    const world = fixture();
    world.world.suspendPlayer(idOf('bob'), 'vulnerable');
    expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
    expect(world.fields('bob')).toMatchObject({ hitPoints: 75, isSuspended: 1 });
  });

  it('beyond the range is rejected with out-of-range, at the range it is not', () => {
    const rangeMetres = 5;
    expect(fixture({ combat: { rangeMetres } }).judgeShot('ann', AT_BOB)).toBe('accepted');
    const world = fixture({ combat: { rangeMetres } });
    world.place('bob', { x: 15.001, y: 10 });
    expect(world.judgeShot('ann', AT_BOB)).toBe('rejected(out-of-range)');
  });

  it('through an obstacle is rejected with no-line-of-sight', () => {
    const obstacles = [{ shape: 'circle', x: 12, y: 10, radius: 0.5 }] as const;
    expect(fixture({ geometry: { obstacles } }).judgeShot('ann', AT_BOB)).toBe(
      'rejected(no-line-of-sight)',
    );
  });

  it('at a target in sight whose own way meets an obstacle has no-line-of-sight', () => {
    // Ann is at (10, 10), Bob at (15, 10); at x = 12 a slope of 0.1 is 0.2 m off the line of sight.
    const shootAt = (directionY: number) => {
      const obstacles = [{ shape: 'circle', x: 12, y: 10.3, radius: 0.2 }] as const;
      const shot = { ...AT_BOB, directionX: 5, directionY };
      return fixture({ geometry: { obstacles } }).judgeShot('ann', shot);
    };
    expect(shootAt(0)).toBe('accepted');
    expect(shootAt(-0.5)).toBe('accepted');
    expect(shootAt(0.5)).toBe('rejected(no-line-of-sight)');
  });

  it('aimed elsewhere is rejected with aim-mismatch, within the tolerance it is not', () => {
    const combat = { hitRadiusMetres: 0.5, aimToleranceMetres: 0.25 };
    const aim = (offMetres: number) =>
      fixture({ combat }).judgeShot('ann', { ...AT_BOB, directionX: 5, directionY: offMetres });
    // Off by 0.75 m at 5 m means a slope of 0.75 / √(25 − 0.75²).
    expect(aim(0.75)).toBe('accepted');
    expect(aim(0.77)).toBe('rejected(aim-mismatch)');
    expect(fixture().judgeShot('ann', { ...AT_BOB, directionX: -1 })).toBe(
      'rejected(aim-mismatch)',
    );
  });

  it('is stale when its tick is not newer than that of the last accepted one', () => {
    const world = fixture();
    const { tick } = world.world;
    expect(world.judgeShot('ann', { ...AT_BOB, tick: tick + 1 })).toBe('accepted');
    world.steps(10);
    expect(world.judgeShot('ann', { ...AT_BOB, tick: tick + 1 })).toBe('stale');
    expect(world.judgeShot('ann', { ...AT_BOB, tick })).toBe('stale');
    expect(world.judgeShot('ann', { ...AT_BOB, tick: tick + 2 })).toBe('accepted');
  });

  it('leaves no mark: the next one is judged as if it had not been', () => {
    const world = fixture();
    const tick = world.world.tick + 8;
    expect(world.judgeShot('ann', { targetPlayerId: idOf('nobody'), tick })).toBeUndefined();
    world.step();
    expect(world.judgeShot('ann', AT_BOB)).toBe('accepted');
  });

  it('tells the shooter alone', () => {
    const world = fixture();
    world.shoot('ann', { targetPlayerId: idOf('nobody') });
    const step = world.step();
    expect(step.events).toEqual([
      {
        scope: { to: 'peer', playerId: 'ann' },
        message: {
          kind: 'combat-event',
          tick: step.tick,
          event: 'shoot-rejected',
          inputTick: step.tick,
          code: 'target-unknown',
        },
      },
    ]);
  });

  it('is refused without a throw when it is no shot or has no shooter', () => {
    const world = fixture();
    const stranger = fakeSession('stranger');
    expect(world.combat.handleInput(stranger, shootInput())).toEqual(rejected('not-logged-in'));
    const input = moveInput();
    expect(world.combat.handleInput(world.session('ann'), input)).toEqual(
      rejected('unknown-input'),
    );
  });
});
