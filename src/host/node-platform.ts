/**
 * The seams' real side on Node.js: monotonic clock, timers, CSPRNG. The only file of host/ that
 * touches them. In: nothing. Out: Clock, WallClock, Scheduler, RandomStreams, token hashes.
 */
import { createHash, webcrypto } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Clock, Scheduler, WallClock } from '../base/clock.ts';
import type { RandomSource, RandomStreams } from '../base/random-source.ts';

export const nodeClock: Clock & WallClock = {
  now: () => performance.now(),
  unixMs: () => Date.now(),
};

export const nodeScheduler: Scheduler = {
  setTimer(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  defer(callback) {
    setImmediate(callback);
  },
};

const POOL_BYTES = 4_096;

/** The system is asked for many bytes at once, as each question costs; each byte is given once. */
class PooledRandom implements RandomSource {
  readonly #pool = new Uint8Array(POOL_BYTES);
  #used = POOL_BYTES;

  fillBytes(target: Uint8Array): void {
    if (target.length > POOL_BYTES) {
      webcrypto.getRandomValues(target as Uint8Array<ArrayBuffer>);
      return;
    }
    if (this.#used + target.length > POOL_BYTES) {
      webcrypto.getRandomValues(this.#pool);
      this.#used = 0;
    }
    const end = this.#used + target.length;
    target.set(this.#pool.subarray(this.#used, end));
    this.#pool.fill(0, this.#used, end);
    this.#used = end;
  }
}

const nodeRandom = new PooledRandom();

/** SHA-256: a token has 128 random bits, so that a slow hash would protect nothing more. */
export function nodeHashToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

/** One CSPRNG serves every purpose: its streams are independent by nature. */
export const nodeRandomStreams: RandomStreams = () => nodeRandom;
