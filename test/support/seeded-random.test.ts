import { describe, expect, test } from 'vitest';

import { SeededRandom } from './seeded-random.ts';

function bytes(random: SeededRandom, count: number): number[] {
  const target = new Uint8Array(count);
  random.fillBytes(target);
  return [...target];
}

describe('seeded random', () => {
  test('the same seed repeats, another one differs', () => {
    expect(bytes(new SeededRandom(7), 64)).toEqual(bytes(new SeededRandom(7), 64));
    expect(bytes(new SeededRandom(7), 64)).not.toEqual(bytes(new SeededRandom(8), 64));
  });

  test('its numbers are the same on every machine', () => {
    expect(bytes(new SeededRandom(1), 8)).toMatchInlineSnapshot(`
      [
        119,
        111,
        101,
        106,
        120,
        99,
        162,
        247,
      ]
    `);
  });

  test('a fork is a stream of its own, which draws from the parent do not move', () => {
    const parent = new SeededRandom(7);
    const early = bytes(parent.fork('peer 1'), 16);
    parent.unit();
    expect(bytes(parent.fork('peer 1'), 16)).toEqual(early);
    expect(bytes(parent.fork('peer 2'), 16)).not.toEqual(early);
    expect(bytes(new SeededRandom(7), 16)).not.toEqual(early);
  });

  test('units and bounded numbers stay in their range and reach all of it', () => {
    const random = new SeededRandom(42);
    const seen = new Set<number>();
    let sum = 0;
    for (let draw = 0; draw < 10_000; draw += 1) {
      const unit = random.unit();
      expect(unit >= 0 && unit < 1).toBe(true);
      sum += unit;
      seen.add(random.below(6));
    }
    expect(seen).toEqual(new Set([0, 1, 2, 3, 4, 5]));
    expect(sum / 10_000).toBeGreaterThan(0.48);
    expect(sum / 10_000).toBeLessThan(0.52);
  });

  test('fills the whole array with every byte value', () => {
    expect(new Set(bytes(new SeededRandom(3), 8_192)).size).toBe(256);
  });
});
