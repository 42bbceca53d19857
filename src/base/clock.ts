/**
 * Time as the rest of the code sees it: a monotonic clock, a wall clock, one-shot timers.
 * In: nothing. Out: interfaces; the real ones live in host/ and client/, virtual ones in tests.
 * Must not know: sessions, peers, sockets.
 */

/** Monotonic time. Two readings subtract to a duration; a single reading means nothing. */
export interface Clock {
  /** Milliseconds since an arbitrary start, fractional, never falling. */
  now(): number;
}

/** Calendar time, for logs and documented expiry only. It may jump. */
export interface WallClock {
  /** Milliseconds since 1970-01-01T00:00Z. */
  unixMs(): number;
}

/** A one-shot timer that has not fired yet. */
export interface Timer {
  /** Forgets the callback. Cancelling twice, or after it fired, does nothing. */
  cancel(): void;
}

/** Where callbacks wait for their time. */
export interface Scheduler {
  /** Calls back once, not before `delayMs` (0 ≤ delayMs < 2^31) have passed. */
  setTimer(delayMs: number, callback: () => void): Timer;
  /** Calls back once, in order of the calls, after the I/O that is ready now has been read. */
  defer(callback: () => void): void;
}

/** Alone decides the edge: a deadline has passed from the instant it names on. */
export function hasPassed(deadline: number, now: number): boolean {
  return now >= deadline;
}
