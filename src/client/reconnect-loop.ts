/**
 * When to try again while the seat is held (rule C5): one attempt at a time, exponential back-off
 * with full jitter between them, an attempt without answer abandoned after 2 s.
 * In: the begin, the end of each attempt. Out: orders to start and to abandon one.
 * Must not know: what an attempt does; when the session gives up.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import { randomUnit } from '../base/random-source.ts';
import type { RandomSource } from '../base/random-source.ts';
import { backOffMs } from '../session/back-off.ts';

const ATTEMPT_MS_MAX = 2_000;
/** A login that lasts less than this ends no series of losses: the back-off goes on growing. */
const STABLE_MS_MIN = 5_000;
/** The longest that a server may ask us to wait. */
const RETRY_AFTER_MS_MAX = 60_000;

export interface ReconnectLoopOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly startAttempt: () => void;
  /** Must end the attempt now; nothing of it is heard afterwards. */
  readonly abandonAttempt: () => void;
}

export class ReconnectLoop {
  readonly #options: ReconnectLoopOptions;
  #timer: Timer | undefined;
  #startedAt = 0;
  #stoppedAt = -Infinity;
  #attempts = 0;
  #isRunning = false;

  constructor(options: ReconnectLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isRunning = true;
    const now = this.#options.clock.now();
    if (hasPassed(this.#stoppedAt + STABLE_MS_MIN, now)) {
      this.#startedAt = now;
      this.#attempts = 0;
    }
    this.#waitForNext(0);
  }

  /** The attempt was refused or its connection ended; the next one follows in time. */
  handleAttemptEnded(retryAfterMs = 0): void {
    if (this.#isRunning) this.#waitForNext(Math.min(retryAfterMs, RETRY_AFTER_MS_MAX));
  }

  /** No more attempts are started; the one that runs is left to the caller. Idempotent. */
  stop(): void {
    if (this.#isRunning) this.#stoppedAt = this.#options.clock.now();
    this.#isRunning = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #waitForNext(atLeastMs: number): void {
    const { clock, random } = this.#options;
    const delayMs = backOffMs({
      attempt: this.#attempts,
      elapsedMs: clock.now() - this.#startedAt,
      randomUnit: randomUnit(random),
    });
    this.#setTimer(Math.max(delayMs, atLeastMs), () => this.#startAttempt());
  }

  #startAttempt(): void {
    this.#attempts += 1;
    this.#setTimer(ATTEMPT_MS_MAX, () => {
      this.#options.abandonAttempt();
      this.handleAttemptEnded();
    });
    this.#options.startAttempt();
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#options.scheduler.setTimer(delayMs, callback);
  }
}
