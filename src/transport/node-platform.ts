/**
 * The seam of the conditioned server on a real platform: monotonic clock, timers, CSPRNG. The only
 * file of transport/ besides the WebSocket's that touches them. In: nothing. Out: the three.
 */
import type { ConditionedPlatform } from './conditioned-options.ts';

export const nodePlatform: ConditionedPlatform = {
  clock: { now: () => performance.now() },
  scheduler: {
    setTimer(delayMs, callback) {
      const handle = setTimeout(callback, delayMs);
      return { cancel: () => clearTimeout(handle) };
    },
    defer: (callback) => void setImmediate(callback),
  },
  random: {
    fillBytes: (target) => void crypto.getRandomValues(target as Uint8Array<ArrayBuffer>),
  },
};
