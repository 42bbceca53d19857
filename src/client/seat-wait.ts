/**
 * A first login that came too early: its player is in (L18, `takeover: 'reject'`), or the server is
 * busy. It has said when to come back, so the same connection asks again then. In: refusals. Out:
 * the order to ask. Waits only when that is before the login's own deadline; must not know:
 * sessions, connections.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import type { LoginRejected } from '../protocol/messages.ts';

/** Two ticks at 20 Hz: who is overdue is judged once per tick. */
const WAIT_MS_MIN = 100;
/** What one connection may ask of a busy server (L3, L17). */
const BUSY_ANSWERS_MAX = 3;

export interface SeatWaitOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly askAgain: () => void;
}

export class SeatWait {
  readonly #options: SeatWaitOptions;
  #timer: Timer | undefined;
  #refusal: LoginRejected | undefined;
  #busyAnswers = 0;

  constructor(options: SeatWaitOptions) {
    this.#options = options;
  }

  /** What is being waited out; undefined = nothing is. */
  get refusal(): LoginRejected | undefined {
    return this.#refusal;
  }

  /** False when the refusal is of another kind, or there is no time (`deadline`, monotonic ms). */
  begin(refusal: LoginRejected, deadline: number): boolean {
    this.stop();
    if (!refusal.retryable || !this.#isWorthWaiting(refusal)) return false;
    const { clock, scheduler, askAgain } = this.#options;
    const waitMs = Math.max(refusal.retryAfterMs, WAIT_MS_MIN);
    if (hasPassed(deadline, clock.now() + waitMs)) return false;
    this.#refusal = refusal;
    this.#timer = scheduler.setTimer(waitMs, () => {
      this.stop();
      askAgain();
    });
    return true;
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#refusal = undefined;
  }

  #isWorthWaiting({ code }: LoginRejected): boolean {
    if (code === 'busy') this.#busyAnswers += 1;
    return code === 'busy' ? this.#busyAnswers < BUSY_ANSWERS_MAX : code === 'already-logged-in';
  }
}
