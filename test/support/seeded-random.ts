/**
 * Randomness that a seed repeats: the same seed gives the same bytes on every machine. In: a seed.
 * Out: bytes for production code (RandomSource), numbers for tests. Never for secrets.
 */
import type { RandomSource } from '../../src/base/random-source.ts';

/** FNV-1a, 32 bit: spreads a fork's label over the state. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

export class SeededRandom implements RandomSource {
  readonly seed: number;
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Only the low 32 bits of `seed` count. */
  constructor(seed: number) {
    this.seed = seed >>> 0;
    this.#a = 0x9e3779b9;
    this.#b = 0x243f6a88;
    this.#c = this.seed;
    // sfc32 needs some rounds until a small seed has reached every bit.
    for (let round = 0; round < 15; round += 1) this.uint32();
  }

  /** Uniform in 0 … 2^32 − 1. sfc32 (Chris Doty-Humphrey, PractRand, 2010). */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in [0, 1). */
  unit(): number {
    return this.uint32() / 2 ** 32;
  }

  /** A whole number from 0 to `bound` − 1; `bound` is at most 2^32. */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  fillBytes(target: Uint8Array): void {
    for (let index = 0; index < target.length; index += 1) target[index] = this.uint32() >>> 24;
  }

  /** A stream of its own for one peer or purpose: what others draw does not move it. */
  fork(label: string): SeededRandom {
    return new SeededRandom(hashText(`${this.seed}/${label}`));
  }
}
