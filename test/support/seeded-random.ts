/**
 * Randomness that a seed repeats: the same seed gives the same bytes on every machine. In: a seed.
 * Out: bytes for production code (RandomSource), numbers for tests. Never for secrets.
 */
import { createPrng } from '../../src/base/prng.ts';
import type { RandomSource } from '../../src/base/random-source.ts';

/** FNV-1a, 32 bit (Fowler, Noll, Vo, 1991): turns a fork's label into a seed. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export class SeededRandom implements RandomSource {
  readonly seed: number;
  /** Uniform in [0, 1). */
  readonly unit: () => number;

  /** `seed` is a safe integer ≥ 0. */
  constructor(seed: number) {
    this.seed = seed;
    this.unit = createPrng(seed);
  }

  /** A whole number from 0 to `bound` − 1; `bound` is at most 2^32. */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  fillBytes(target: Uint8Array): void {
    for (let index = 0; index < target.length; index += 1) target[index] = this.below(256);
  }

  /** A stream of its own for one peer or purpose: what others draw does not move it. */
  fork(label: string): SeededRandom {
    return new SeededRandom(hashText(`${this.seed}/${label}`));
  }
}
