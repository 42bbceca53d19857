/**
 * When a client that lost its connection tries again (C5): exponential back-off with full jitter,
 * base 100 ms, cap 1 s in the first 10 s after the loss, then 5 s; a login that lasts less than 5 s
 * ends no series of losses. In: losses, beginnings and ends of attempts. Out: from when to when the
 * next attempt may begin, and the share of its longest wait that each took.
 */
const BASE_MS = 100;
const BRISK_MS = 10_000;
const BRISK_CAP_MS = 1_000;
const LATER_CAP_MS = 5_000;
const STABLE_MS = 5_000;
const ASKED_MS_MAX = 60_000;

/** When the next attempt is due, in ms. */
export interface AttemptDue {
  readonly from: number;
  readonly until: number;
  /** `until` itself is too late: waits are drawn below their bound. */
  readonly isOpenEnded: boolean;
}

export class BackOffModel {
  #seriesAt = 0;
  #attempts = 0;
  #loggedInAt = -Infinity;
  #isFresh = true;
  #due: AttemptDue | undefined;

  /** Undefined while an attempt is under way, and while there is nothing to try. */
  get due(): AttemptDue | undefined {
    return this.#due;
  }

  handleLoss(at: number): void {
    if (this.#isFresh || at - this.#loggedInAt >= STABLE_MS) {
      this.#seriesAt = at;
      this.#attempts = 0;
    }
    this.#isFresh = false;
    this.#plan(at, 0);
  }

  handleBegun(): void {
    this.#attempts += 1;
    this.#due = undefined;
  }

  handleEnded(at: number, askedMs = 0): void {
    this.#plan(at, Math.min(askedMs, ASKED_MS_MAX));
  }

  handleLoggedIn(at: number): void {
    this.#loggedInAt = at;
    this.#due = undefined;
  }

  /** The client is over; the next one knows nothing of its losses. */
  handleOver(): void {
    this.#due = undefined;
    this.#isFresh = true;
  }

  #plan(at: number, askedMs: number): void {
    const capMs = at - this.#seriesAt < BRISK_MS ? BRISK_CAP_MS : LATER_CAP_MS;
    const longestMs = Math.min(capMs, BASE_MS * 2 ** this.#attempts);
    const isOpenEnded = longestMs > askedMs;
    this.#due = { from: at + askedMs, until: at + Math.max(longestMs, askedMs), isOpenEnded };
  }
}
