/**
 * How long to wait before the next attempt to reconnect (C5): exponential back-off with full
 * jitter, so that peers that were dropped at once do not come back at once. Marc Brooker,
 * "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015,
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/); we differ in that the
 * cap rises: a short drop is retried briskly, a long outage is not hammered.
 * Pure: the caller brings the randomness.
 */
import { assert } from '../base/assert.ts';

const BASE_MS = 100;
const BRISK_MS = 10_000;
const BRISK_CAP_MS = 1_000;
const LATER_CAP_MS = 5_000;

export interface BackOffOptions {
  /** How many attempts have failed since the connection was lost; 0 before the first. */
  readonly attempt: number;
  /** Milliseconds since the connection was lost. */
  readonly elapsedMs: number;
  /** Uniform in [0, 1). */
  readonly randomUnit: number;
}

/** Milliseconds to wait, in [0, 5 000). */
export function backOffMs({ attempt, elapsedMs, randomUnit }: BackOffOptions): number {
  assert(attempt >= 0 && elapsedMs >= 0, 'attempts and time are counted from 0');
  assert(randomUnit >= 0 && randomUnit < 1, 'randomness is uniform in [0, 1)');
  const capMs = elapsedMs < BRISK_MS ? BRISK_CAP_MS : LATER_CAP_MS;
  return randomUnit * Math.min(capMs, BASE_MS * 2 ** attempt);
}
