/**
 * A clock and a scheduler whose time moves only when a test says so: production code runs on it
 * unchanged. In: durations to advance by. Out: the callbacks that fall due, in order of deadline,
 * then of creation; promise continuations settle between any two of them. Rounds are those of the
 * real loop: the timers that are due, then what was deferred (read first, judge after).
 * Must not know: sessions, transports, hosts. Real timers, sockets and files don't settle here.
 */
import { assert } from '../../src/base/assert.ts';
import { hasPassed } from '../../src/base/clock.ts';
import type { Clock, Scheduler, Timer } from '../../src/base/clock.ts';

/** Callbacks at one instant after which it counts as a loop that never lets time move. */
const CALLBACKS_PER_INSTANT_MAX = 100_000;
/** Node turns a longer delay into 1 ms, so a longer one is a bug of the caller. */
const DELAY_MS_MAX = 2 ** 31 - 1;

interface PendingTimer extends Timer {
  readonly deadline: number;
  readonly sequence: number;
  readonly callback: () => void;
}

/** Orders by deadline, then by creation. */
function isBefore(one: PendingTimer, other: PendingTimer): boolean {
  return one.deadline === other.deadline
    ? one.sequence < other.sequence
    : one.deadline < other.deadline;
}

/** Lets every promise that can settle without timers or I/O settle, however deep its awaits. */
async function settle(): Promise<void> {
  // One turn of the real loop drains the microtask queue to its end.
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

export class VirtualTime implements Clock, Scheduler {
  #now: number;
  #sequence = 0;
  #isRunning = false;
  /** In the order in which they fire. */
  readonly #timers: PendingTimer[] = [];
  #deferred: (() => void)[] = [];

  /** `startMs` is what `now()` answers at first; not 0, so that a forgotten start shows. */
  constructor(startMs = 1_000) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** Timers that have neither fired nor been cancelled. */
  get pendingTimers(): number {
    return this.#timers.length;
  }

  /** Deferred callbacks that have not run yet. */
  get pendingDeferred(): number {
    return this.#deferred.length;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    assert(delayMs >= 0 && delayMs <= DELAY_MS_MAX, `a timer cannot wait ${delayMs} ms`);
    const sequence = (this.#sequence += 1);
    const timer: PendingTimer = {
      deadline: this.#now + delayMs,
      sequence,
      callback,
      cancel: () => {
        const index = this.#timers.indexOf(timer);
        if (index !== -1) this.#timers.splice(index, 1);
      },
    };
    const index = this.#timers.findIndex((other) => isBefore(timer, other));
    this.#timers.splice(index === -1 ? this.#timers.length : index, 0, timer);
    return timer;
  }

  defer(callback: () => void): void {
    this.#deferred.push(callback);
  }

  /**
   * Moves time on by `durationMs`, stopping at each deadline on the way; with 0 it runs what is due
   * now. A callback that throws rejects the call; the rest stays pending.
   */
  async advanceMs(durationMs: number): Promise<void> {
    assert(durationMs >= 0, `time cannot move by ${durationMs} ms`);
    const end = this.#now + durationMs;
    await this.#exclusively(async () => {
      await this.#runInstant();
      for (let next = this.#timers[0]; next !== undefined; next = this.#timers[0]) {
        if (!hasPassed(next.deadline, end)) break;
        this.#now = Math.max(this.#now, next.deadline);
        await this.#runInstant();
      }
      this.#now = end;
    });
  }

  /** Time passes and nobody runs, as when the process is stopped: what fell due is late then. */
  stallMs(durationMs: number): void {
    assert(durationMs >= 0, `time cannot move by ${durationMs} ms`);
    assert(!this.#isRunning, 'virtual time is being advanced already');
    this.#now += durationMs;
  }

  /** Advances until nothing is pending; fails when something still is after `limitMs`. */
  async runUntilIdle(limitMs = 600_000): Promise<void> {
    const end = this.#now + limitMs;
    await this.advanceMs(0);
    for (let next = this.#timers[0]; next !== undefined; next = this.#timers[0]) {
      assert(hasPassed(next.deadline, end), `not idle after ${limitMs} ms of virtual time`);
      await this.advanceMs(Math.max(0, next.deadline - this.#now));
    }
  }

  async #exclusively(advance: () => Promise<void>): Promise<void> {
    assert(!this.#isRunning, 'virtual time is being advanced already');
    this.#isRunning = true;
    try {
      await advance();
    } finally {
      this.#isRunning = false;
    }
  }

  /** Runs everything that is due at this instant, what it causes at this instant included. */
  async #runInstant(): Promise<void> {
    await settle();
    let callbacks = 0;
    while (this.#deferred.length > 0 || this.#dueTimer(this.#sequence) !== undefined) {
      callbacks += await this.#runDueTimers();
      callbacks += await this.#runDeferred();
      assert(callbacks <= CALLBACKS_PER_INSTANT_MAX, 'callbacks keep time from moving');
    }
  }

  /** Runs the timers that are due; those which they create wait for the next round. */
  async #runDueTimers(): Promise<number> {
    const newest = this.#sequence;
    let callbacks = 0;
    for (let due = this.#dueTimer(newest); due !== undefined; due = this.#dueTimer(newest)) {
      due.cancel();
      due.callback();
      callbacks += 1;
      await settle();
    }
    return callbacks;
  }

  /** Runs what is deferred; what that defers waits for the next round. */
  async #runDeferred(): Promise<number> {
    const round = this.#deferred.length;
    for (let left = round; left > 0; left -= 1) {
      this.#deferred.shift()?.();
      await settle();
    }
    return round;
  }

  /** The first due timer that is no newer than `newest`. */
  #dueTimer(newest: number): PendingTimer | undefined {
    for (const timer of this.#timers) {
      if (!hasPassed(timer.deadline, this.#now)) return undefined;
      if (timer.sequence <= newest) return timer;
    }
    return undefined;
  }
}
