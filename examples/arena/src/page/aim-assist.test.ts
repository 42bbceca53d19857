import { describe, expect, test } from 'vitest';
import { SHOT_RANGE_METRES } from '../shared/arena-geometry.ts';
import { pickAimTarget } from './aim-assist.ts';

const origin = { x: -10, y: 4 };
const right = { x: 1, y: 0 };

/** `x` and `y` are metres from the shooter. */
function player(playerId: string, x: number, y: number, isAlive = true) {
  return { playerId, x: origin.x + x, y: origin.y + y, isAlive };
}

describe('the target of a shot', () => {
  test('is the nearest of those that the ray meets', () => {
    const others = [player('far', 12, 0), player('near', 6, 0.4), player('aside', 3, 2)];
    expect(pickAimTarget(origin, right, others)?.playerId).toBe('near');
  });

  test('is nobody behind, dead, beside the ray or out of range', () => {
    const others = [
      player('behind', -4, 0),
      player('dead', 4, 0, false),
      player('beside', 5, 0.8),
      player('too far', SHOT_RANGE_METRES + 1, 0),
    ];
    expect(pickAimTarget(origin, right, others)).toBeUndefined();
  });

  test('is nobody behind a wall', () => {
    const hidden = { playerId: 'hidden', x: -14, y: 0, isAlive: true };
    expect(pickAimTarget({ x: -20, y: 0 }, right, [hidden])).toBeUndefined();
  });
});
