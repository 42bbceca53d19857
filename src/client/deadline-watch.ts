/**
 * Judges a session's deadline when it has passed, never before what has already arrived was read:
 * a timer that was late itself (a stalled page) must not see silence where bytes are waiting.
 * One timer, re-armed lazily: a message only moves the deadline, it costs no timer.
 * Must not know: what the deadline means.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock, Scheduler, Timer } from '../base/clock.ts';

/** The longest wait of one timer; a later deadline is looked at again. */
const WAIT_MS_MAX = 60_000;
/** So that a deadline a hair away cannot be waited for in zero steps. */
const WAIT_MS_MIN = 0.25;

export interface DeadlineWatchOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Monotonic ms; Infinity = none. */
  readonly deadline: () => number;
  /** Called after one macrotask was yielded, when the deadline has still passed. */
  readonly onPassed: () => void;
}

export class DeadlineWatch {
  readonly #options: DeadlineWatchOptions;
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(options: DeadlineWatchOptions) {
    this.#options = options;
  }

  /** The deadline has become another one, perhaps an earlier one: waits for it anew. */
  update(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#isStopped) return;
    const waitMs = this.#options.deadline() - this.#options.clock.now();
    if (waitMs === Infinity) return;
    this.#timer = this.#options.scheduler.setTimer(
      Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, waitMs)),
      () => this.#handleTimer(),
    );
  }

  /** For good. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.update();
  }

  #handleTimer(): void {
    if (!this.#hasPassed()) {
      this.update();
      return;
    }
    this.#options.scheduler.defer(() => {
      if (this.#isStopped) return;
      if (this.#hasPassed()) this.#options.onPassed();
      this.update();
    });
  }

  #hasPassed(): boolean {
    return hasPassed(this.#options.deadline(), this.#options.clock.now());
  }
}
