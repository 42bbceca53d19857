/**
 * When to try again while the seat is held (rule C5): one attempt at a time, exponential back-off
 * with full jitter between them, an attempt abandoned after 2 s in which it came no further; none
 * while the platform has no network, one at once when it is back or the program has woken up.
 * In: the begin, the steps and the end of each attempt. Out: orders to start and to abandon one.
 * Must not know: what an attempt does; when the session gives up.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import { randomUnit } from '../base/random-source.ts';
import type { RandomSource } from '../base/random-source.ts';
import { backOffMs } from '../session/back-off.ts';
import type { NetworkChange, NetworkStatus } from './network-status.ts';

/** For a connection to open, and again for the answer over it: ADR 0020. */
const ATTEMPT_MS_MAX = 2_000;
/** A login that lasts less than this ends no series of losses: the back-off goes on growing. */
const STABLE_MS_MIN = 5_000;
/** So soon after an attempt no change of the network starts another: it may flap. */
const CALM_MS = 250;
/** The longest that a server may ask us to wait. */
const RETRY_AFTER_MS_MAX = 60_000;

export interface ReconnectLoopOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly random: RandomSource;
  readonly network: NetworkStatus;
  readonly startAttempt: () => void;
  /** Must end the attempt now; nothing of it is heard afterwards. */
  readonly abandonAttempt: () => void;
}

export class ReconnectLoop {
  readonly #options: ReconnectLoopOptions;
  #timer: Timer | undefined;
  #startedAt = 0;
  #stoppedAt = -Infinity;
  #triedAt = -Infinity;
  #attempts = 0;
  #isRunning = false;
  /** An attempt runs; otherwise the next one is waited for. */
  #isTrying = false;
  /** Until then the server wants to be left alone. */
  #notBefore = -Infinity;
  #unsubscribe: (() => void) | undefined;

  constructor(options: ReconnectLoopOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, network } = this.#options;
    this.#isRunning = true;
    this.#unsubscribe ??= network.subscribe((change) => this.#handleChange(change));
    const now = clock.now();
    if (hasPassed(this.#stoppedAt + STABLE_MS_MIN, now)) {
      this.#startedAt = now;
      this.#attempts = 0;
    }
    this.#waitForNext(0);
  }

  /** The attempt's connection is open: whoever is that far gets as long again for the answer. */
  handleConnected(): void {
    if (this.#isRunning && this.#isTrying) this.#armAbandonment();
  }

  /** The attempt was refused or its connection ended; the next one follows in time. */
  handleAttemptEnded(retryAfterMs = 0): void {
    if (this.#isRunning) this.#waitForNext(Math.min(retryAfterMs, RETRY_AFTER_MS_MAX));
  }

  /** No more attempts are started; the one that runs is left to the caller. Idempotent. */
  stop(): void {
    if (this.#isRunning) this.#stoppedAt = this.#options.clock.now();
    this.#isRunning = false;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#cancelTimer();
  }

  #waitForNext(atLeastMs: number): void {
    const { clock, random } = this.#options;
    const now = clock.now();
    this.#isTrying = false;
    this.#notBefore = now + atLeastMs;
    const delayMs = backOffMs({
      attempt: this.#attempts,
      elapsedMs: now - this.#startedAt,
      randomUnit: randomUnit(random),
    });
    this.#startIn(Math.max(delayMs, atLeastMs));
  }

  /** Without a network no time is waited for: the next change starts the attempt. */
  #startIn(delayMs: number): void {
    if (this.#options.network.isOnline) this.#setTimer(delayMs, () => this.#startAttempt());
    else this.#cancelTimer();
  }

  #startAttempt(): void {
    this.#isTrying = true;
    this.#triedAt = this.#options.clock.now();
    this.#attempts += 1;
    this.#armAbandonment();
    this.#options.startAttempt();
  }

  #armAbandonment(): void {
    this.#setTimer(ATTEMPT_MS_MAX, () => {
      this.#abandonAttempt();
      this.handleAttemptEnded();
    });
  }

  #handleChange(change: NetworkChange): void {
    // One that was under way as we unsubscribed may still come.
    if (!this.#isRunning) return;
    if (change === 'offline') {
      // What is under way may still get through; the next one would not.
      if (!this.#isTrying && !this.#options.network.isOnline) this.#cancelTimer();
      return;
    }
    const { clock, random } = this.#options;
    const now = clock.now();
    this.#startedAt = now;
    this.#attempts = 0;
    // What was sent into the network that is gone would only wait for its time-out.
    if (this.#isTrying && change === 'online') this.#abandonAttempt();
    if (this.#isTrying) return;
    const calmMs = this.#triedAt + CALM_MS - now;
    const delayMs = calmMs > 0 ? calmMs + CALM_MS * randomUnit(random) : 0;
    this.#startIn(Math.max(delayMs, this.#notBefore - now));
  }

  #abandonAttempt(): void {
    this.#isTrying = false;
    this.#options.abandonAttempt();
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#cancelTimer();
    this.#timer = this.#options.scheduler.setTimer(delayMs, callback);
  }
}
