/**
 * The campaign's chance: sfc32 of base/prng.ts with the draws that mutation needs. In: a seed. Out:
 * numbers; equal seeds give equal campaigns. Allocates nothing per draw.
 */
import { createPrng } from '../../src/base/prng.ts';

export class FuzzRandom {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = createPrng(seed);
  }

  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number {
    return Math.floor(this.#next() * bound);
  }

  /** Small numbers far more often than large ones; below `bound`. */
  small(bound: number): number {
    const unit = this.#next();
    return Math.floor(unit * unit * unit * bound);
  }

  /** True once in `rarity` times. */
  oneIn(rarity: number): boolean {
    return this.#next() * rarity < 1;
  }

  byte(): number {
    return Math.floor(this.#next() * 256);
  }

  /** 32 random bits. */
  bits32(): number {
    return Math.floor(this.#next() * 4_294_967_296);
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)] as Value;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) bytes[index] = this.byte();
    return bytes;
  }
}
