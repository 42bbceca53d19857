import { describe, expect, it } from 'vitest';
import { createPrng, isPrng } from './prng.ts';

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

  it('goes on elsewhere from the state that was read, from any point', () => {
    const original = createPrng(42);
    for (let round = 0; round < 100; round += 1) {
      const other = createPrng(round);
      other.writeState(original.readState());
      const expected = [original(), original(), original()];
      expect([other(), other(), other()]).toEqual(expected);
      expect(other.readState()).toEqual(original.readState());
    }
  });

  it('has a state of four unsigned words, which is read without moving it', () => {
    const next = createPrng(2 ** 53 - 1);
    for (let round = 0; round < 100; round += 1) {
      const state = next.readState();
      expect(state).toHaveLength(4);
      for (const word of state) expect(word).toBe(word >>> 0);
      expect(next.readState()).toEqual(state);
      next();
    }
  });

  it('is told from a plain function', () => {
    expect(isPrng(createPrng(1))).toBe(true);
    expect(isPrng(() => 0.5)).toBe(false);
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
