/**
 * The polite end of a connection: it may take a second, then it is cut. In: the connection, its
 * end. Out: a promise that settles with it. Must not know: sessions, what was said before.
 */
import type { Scheduler, Timer } from '../base/clock.ts';
import type { ConnectionAttempt } from './connection-attempt.ts';

/** How long `leave` waits for the connection to end in good order. */
const LEAVE_MS_MAX = 1_000;

export class Farewell {
  readonly #scheduler: Scheduler;
  #attempt: ConnectionAttempt | undefined;
  #timer: Timer | undefined;
  #resolve: (() => void) | undefined;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Closes; call once. Resolves when the connection has ended. */
  begin(attempt: ConnectionAttempt): Promise<void> {
    return new Promise((resolve) => {
      this.#attempt = attempt;
      this.#resolve = resolve;
      this.#timer = this.#scheduler.setTimer(LEAVE_MS_MAX, () => {
        attempt.abandon();
        this.#end();
      });
      attempt.close();
    });
  }

  /** Any connection has ended. */
  handleClosed(attempt: ConnectionAttempt): void {
    if (attempt === this.#attempt) this.#end();
  }

  #end(): void {
    this.#timer?.cancel();
    this.#attempt = undefined;
    this.#resolve?.();
  }
}
