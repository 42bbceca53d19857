/**
 * Time and timers of one script, moved by the script alone and without waiting for promises, so
 * that thousands of scripts run per second. In: milliseconds. Out: callbacks in order of deadline;
 * what is deferred runs after the timers of its instant.
 */
import type { Clock, Scheduler, Timer } from '../../src/base/clock.ts';

interface Pending extends Timer {
  readonly deadline: number;
  readonly callback: () => void;
}

const CALLBACKS_MAX = 10_000;

export class FuzzTime implements Clock, Scheduler {
  #now = 1_000;
  readonly #timers: Pending[] = [];
  readonly #deferred: (() => void)[] = [];

  now(): number {
    return this.#now;
  }

  /** Timers that have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    if (!(delayMs >= 0 && delayMs < 2 ** 31)) throw new Error(`a timer of ${delayMs} ms`);
    const timer: Pending = {
      deadline: this.#now + delayMs,
      callback,
      cancel: () => {
        const index = this.#timers.indexOf(timer);
        if (index !== -1) this.#timers.splice(index, 1);
      },
    };
    this.#timers.push(timer);
    return timer;
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  /** Runs what is due on the way, then stands `durationMs` later. */
  advanceMs(durationMs: number): void {
    const end = this.#now + durationMs;
    this.#runDeferred();
    for (let count = 0; count < CALLBACKS_MAX; count += 1) {
      const next = this.#earliest();
      if (next === undefined || next.deadline > end) {
        this.#now = end;
        return;
      }
      this.#now = Math.max(this.#now, next.deadline);
      next.cancel();
      next.callback();
      this.#runDeferred();
    }
    throw new Error('timers keep time from moving');
  }

  /** Time passes and nobody runs. */
  stallMs(durationMs: number): void {
    this.#now += durationMs;
  }

  #earliest(): Pending | undefined {
    let earliest: Pending | undefined;
    for (const timer of this.#timers) {
      if (earliest === undefined || timer.deadline < earliest.deadline) earliest = timer;
    }
    return earliest;
  }

  #runDeferred(): void {
    for (let count = 0; this.#deferred.length > 0; count += 1) {
      if (count > CALLBACKS_MAX) throw new Error('deferred callbacks keep time from moving');
      this.#deferred.shift()?.();
    }
  }
}
