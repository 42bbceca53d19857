/**
 * Randomness that a seed repeats, in streams: one for each purpose, so that what is drawn for one
 * peer never moves what is drawn for another. In: a seed, purposes. Out: bytes for production code,
 * numbers for scripts. Never for secrets. Asking twice for a purpose starts its stream again.
 */
import { createPrng } from '../base/prng.ts';
import { randomSafeInteger, type RandomSource, type RandomStreams } from '../base/random-source.ts';

const FNV_PRIME = 0x01000193;
/** 53 bits make a safe integer: 21 of one hash, 32 of the other. */
const UPPER_BITS = 21;

/** FNV-1a, 32 bit (Fowler, Noll, Vo, 1991), over UTF-16 units. */
function hashText(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    hash = Math.imul(hash ^ (unit & 0xff), FNV_PRIME);
    hash = Math.imul(hash ^ (unit >>> 8), FNV_PRIME);
  }
  return hash >>> 0;
}

/** The seed of one purpose: a safe integer ≥ 0. */
export function seedFor(seed: number, purpose: string): number {
  const text = `${seed}/${purpose}`;
  const upper = hashText(text, 0x811c9dc5) >>> (32 - UPPER_BITS);
  // The offset basis of the other hash is its own; FNV takes any that is not 0.
  return upper * 2 ** 32 + hashText(text, 0x9747b28c);
}

/** Uniform numbers in [0, 1) for one purpose. */
export function createUnits(seed: number, purpose: string): () => number {
  return createPrng(seedFor(seed, purpose));
}

/** Uniform numbers in [0, 1) for one purpose, from streams that may be renamed. */
export function unitsOf(streams: RandomStreams, purpose: string): () => number {
  return createPrng(randomSafeInteger(streams(purpose)));
}

class SeededSource implements RandomSource {
  readonly #unit: () => number;

  constructor(seed: number) {
    this.#unit = createPrng(seed);
  }

  fillBytes(target: Uint8Array): void {
    let word = 0;
    for (let index = 0; index < target.length; index += 1) {
      if (index % 4 === 0) word = Math.floor(this.#unit() * 2 ** 32);
      target[index] = word >>> (8 * (index % 4));
    }
  }
}

/** `seed` is a safe integer ≥ 0. */
export function createStreams(seed: number): RandomStreams {
  return (purpose) => new SeededSource(seedFor(seed, purpose));
}
