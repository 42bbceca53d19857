/**
 * A small seeded generator for simulations and worlds: fast, repeatable, not for secrets. Its state
 * can be read and written, so that a sequence goes on in another process.
 * Algorithm: sfc32, "small fast counting", by Chris Doty-Humphrey in PractRand (public domain,
 * https://pracrand.sourceforge.net). The seed fills two of its words; twelve outputs are
 * discarded, as PractRand does. Secrets come from a RandomSource instead.
 */

/** Where a sequence stands: four words of 32 bits, unsigned. Any four are a state. */
export type PrngState = readonly [number, number, number, number];

export interface Prng {
  /** The next number: uniform in [0, 1), 32 random bits. */
  (): number;
  readState(): PrngState;
  /** Goes on where the generator stood that `readState` was asked of. */
  writeState(state: PrngState): void;
}

/**
 * Creates a generator of uniform numbers in [0, 1) with 32 random bits each. Equal seeds give equal
 * sequences on every platform. `seed` is a safe integer ≥ 0.
 */
export function createPrng(seed: number): Prng {
  let a = 0;
  let b = seed >>> 0;
  let c = Math.floor(seed / 2 ** 32) >>> 0;
  let counter = 1;

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  function readState(): PrngState {
    return [a >>> 0, b >>> 0, c >>> 0, counter >>> 0];
  }

  function writeState(state: PrngState): void {
    [a, b, c, counter] = state;
  }

  for (let round = 0; round < 12; round += 1) next();
  return Object.assign(next, { readState, writeState });
}

/** Whether the state of `random` can be read and written. */
export function isPrng(random: () => number): random is Prng {
  return 'readState' in random && 'writeState' in random;
}
