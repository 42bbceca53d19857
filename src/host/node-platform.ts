/**
 * The seams' real side on Node.js: monotonic clock, timers, CSPRNG. The only file of host/ that
 * touches them. In: nothing. Out: Clock, WallClock, Scheduler, RandomStreams.
 */
import { webcrypto } from 'node:crypto';
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

/** One CSPRNG serves every purpose: its streams are independent by nature. */
export const nodeRandomStreams: RandomStreams = () => nodeRandom;
