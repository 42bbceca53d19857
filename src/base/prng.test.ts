import { describe, expect, it } from 'vitest';
import { createPrng } from './prng.ts';

describe('createPrng', () => {
  it('repeats its sequence for an equal seed', () => {
    const first = createPrng(42);
    const second = createPrng(42);
    for (let index = 0; index < 1_000; index += 1) expect(first()).toBe(second());
  });

  it('differs between seeds, also where only the upper word differs', () => {
    const sequences = [1, 2, 1 + 2 ** 32, 1 + 2 ** 33].map((seed) => {
      const next = createPrng(seed);
      return [next(), next(), next()].join();
    });
    expect(new Set(sequences).size).toBe(sequences.length);
  });

  it('stays in [0, 1) and fills it evenly', () => {
    const next = createPrng(7);
    const bins = Array.from({ length: 16 }, () => 0);
    const draws = 160_000;
    let isInside = true;
    for (let index = 0; index < draws; index += 1) {
      const value = next();
      isInside &&= value >= 0 && value < 1;
      const bin = Math.floor(value * 16);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    expect(isInside).toBe(true);
    // Chi-square with 15 degrees of freedom: above 37.7 happens once in 1,000 fair runs.
    const expected = draws / 16;
    const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(37.7);
  });

  it('keeps the sequence that recorded runs depend on', () => {
    const next = createPrng(1);
    expect([next(), next(), next()].map((value) => value * 2 ** 32)).toMatchInlineSnapshot(`
      [
        2012149540,
        1872316204,
        1707632675,
      ]
    `);
  });
});
