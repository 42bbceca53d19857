/**
 * A first login that found its player in (L18, `takeover: 'reject'`): the server has said when the
 * seat may be free, so the same connection asks again then. In: refusals. Out: the order to ask.
 * Waits only when that is before the login's own deadline; must not know: sessions, connections.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import type { LoginRejected } from '../protocol/messages.ts';

/** Two ticks at 20 Hz: who is overdue is judged once per tick. */
const WAIT_MS_MIN = 100;

export interface SeatWaitOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly askAgain: () => void;
}

export class SeatWait {
  readonly #options: SeatWaitOptions;
  #timer: Timer | undefined;
  #refusal: LoginRejected | undefined;

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
    if (refusal.code !== 'already-logged-in' || !refusal.retryable) return false;
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
}
