/**
 * The one time of a simulation: all that waits, of all nodes, in one order: instant, then timers
 * and deliveries before what was deferred, then creation. In: durations to advance by. Out: the
 * callbacks that fall due. Between two callbacks promises settle only where somebody waits for one
 * (`VirtualNode.track`), so that a run is a plain loop.
 * Must not know: networks, hosts, clients. Real timers, sockets and files don't settle here.
 */
import { assert } from '../base/assert.ts';
import { clearArray } from '../base/clear-array.ts';
import type { Clock, WallClock } from '../base/clock.ts';
import { EventHeap } from './event-heap.ts';
import { settlePromises } from './settle-platform.ts';
import type { VirtualEvent } from './virtual-event.ts';
import { VirtualNode } from './virtual-node.ts';

/** Callbacks at one instant after which it counts as a loop that never lets time move. */
const CALLBACKS_PER_INSTANT_MAX = 200_000;

export interface VirtualTimeOptions {
  /** What `now()` answers at first. Default 1 000: not 0, so that a forgotten start shows. */
  readonly startMs?: number;
  /** What `unixMs()` answers at first. Default 2026-01-01T00:00Z. */
  readonly startUnixMs?: number;
}

export class VirtualTime implements Clock, WallClock {
  readonly #heap = new EventHeap();
  readonly #deferred: VirtualEvent[] = [];
  /** How many of `#deferred` have run. */
  #deferredRun = 0;
  #now: number;
  /** Wall clock minus monotonic clock. */
  #wallOffsetMs: number;
  #sequence = 0;
  #callbacks = 0;
  #callbacksInInstant = 0;
  #awaiting = 0;
  #mustSettle = false;
  #isAdvancing = false;
  #failure: { readonly error: unknown } | undefined;

  constructor({ startMs = 1_000, startUnixMs = 1_767_225_600_000 }: VirtualTimeOptions = {}) {
    this.#now = startMs;
    this.#wallOffsetMs = startUnixMs - startMs;
  }

  now(): number {
    return this.#now;
  }

  unixMs(): number {
    return this.#now + this.#wallOffsetMs;
  }

  /** The wall clock jumps by so much, back or forth; nothing else notices. */
  wallStep(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  /** Callbacks that have run. */
  get callbacks(): number {
    return this.#callbacks;
  }

  /** A computer: whatever waits on its behalf stops with it. */
  createNode(name: string): VirtualNode {
    return new VirtualNode(name, {
      clock: this,
      wallClock: this,
      nextSequence: () => (this.#sequence += 1),
      pushTimer: (event) => this.#heap.push(event),
      pushDeferred: (event) => void this.#deferred.push(event),
      noteCancelled: () => this.#heap.noteCancelled(),
      noteAwaiting: (change) => (this.#awaiting += change),
      settleSoon: () => (this.#mustSettle = true),
    });
  }

  /** Ends the advance that is running, and each later one, with this error; the first counts. */
  fail(error: unknown): void {
    this.#failure ??= { error };
  }

  /**
   * Moves time on by `durationMs`, and stops at each instant on the way where something is due.
   * A callback that throws rejects the call; the rest stays pending.
   */
  async advanceMs(durationMs: number): Promise<void> {
    assert(durationMs >= 0, `time cannot move by ${durationMs} ms`);
    await this.#advance(this.#now + durationMs, undefined);
  }

  /**
   * Moves on until `condition`, asked whenever all that was due at an instant has run. False when
   * it doesn't hold within `withinMs`.
   */
  async advanceUntil(condition: () => boolean, withinMs: number): Promise<boolean> {
    assert(withinMs >= 0, `time cannot move by ${withinMs} ms`);
    return this.#advance(this.#now + withinMs, condition);
  }

  async #advance(end: number, condition: (() => boolean) | undefined): Promise<boolean> {
    assert(!this.#isAdvancing, 'virtual time is being advanced already: await the step before');
    this.#isAdvancing = true;
    try {
      this.#mustSettle ||= this.#awaiting > 0;
      for (;;) {
        if (this.#mustSettle) {
          this.#mustSettle = false;
          await settlePromises();
        }
        const outcome = this.#run(end, condition);
        if (this.#failure !== undefined) throw this.#failure.error;
        if (outcome !== 'settle') return outcome === 'held';
      }
    } finally {
      this.#isAdvancing = false;
    }
  }

  /** Runs what is due until `end`; `settle` = promises have to settle before it goes on. */
  #run(end: number, condition: (() => boolean) | undefined): 'held' | 'ended' | 'settle' {
    for (;;) {
      const event = this.#takeDue();
      if (event !== undefined) {
        const hasRun = this.#execute(event);
        if (this.#failure !== undefined) return 'ended';
        if (hasRun && this.#mustSettle) return 'settle';
        continue;
      }
      if (condition?.() === true) return 'held';
      const { first } = this.#heap;
      this.#callbacksInInstant = 0;
      if (first === undefined || first.at > end) {
        this.#now = Math.max(this.#now, end);
        return 'ended';
      }
      this.#now = first.at;
    }
  }

  /** The next event of this instant. */
  #takeDue(): VirtualEvent | undefined {
    const { first } = this.#heap;
    if (first !== undefined && first.at <= this.#now) return this.#heap.pop();
    const deferred = this.#deferred[this.#deferredRun];
    if (deferred === undefined) {
      clearArray(this.#deferred);
      this.#deferredRun = 0;
      return undefined;
    }
    this.#deferredRun += 1;
    return deferred;
  }

  #execute(event: VirtualEvent): boolean {
    const { owner } = event;
    if (!owner.execute(event)) return false;
    this.#callbacks += 1;
    this.#callbacksInInstant += 1;
    if (this.#callbacksInInstant > CALLBACKS_PER_INSTANT_MAX) {
      this.fail(new Error(`callbacks of '${owner.name}' keep time from moving`));
    }
    return true;
  }
}
