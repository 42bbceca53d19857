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

const nodeRandom: RandomSource = {
  fillBytes(target) {
    webcrypto.getRandomValues(target as Uint8Array<ArrayBuffer>);
  },
};

/** SHA-256: a token has 128 random bits, so that a slow hash would protect nothing more. */
export function nodeHashToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

/** One CSPRNG serves every purpose: its streams are independent by nature. */
export const nodeRandomStreams: RandomStreams = () => nodeRandom;
