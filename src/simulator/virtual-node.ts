/**
 * One computer of a simulation: the clock and the scheduler that production code on it gets.
 * In: orders to pause, slow down, stop, start again. Out: callbacks, in the order of VirtualTime.
 * What waits on a stopped node is gone; what falls due on a paused one waits until it resumes.
 * Must not know: what runs on it.
 */
import { assert } from '../base/assert.ts';
import type { Clock, Scheduler, Timer, WallClock } from '../base/clock.ts';
import { VirtualEvent, type VirtualEventOwner } from './virtual-event.ts';

/** Node turns a longer delay into 1 ms, so a longer one is a bug of the caller. */
const DELAY_MS_MAX = 2 ** 31 - 1;

const NO_TIMER: Timer = Object.freeze({ cancel: () => undefined });

/** What a node needs of the time that made it. */
export interface VirtualNodeTime {
  readonly clock: Clock;
  readonly wallClock: WallClock;
  nextSequence(): number;
  pushTimer(event: VirtualEvent): void;
  pushDeferred(event: VirtualEvent): void;
  noteCancelled(): void;
  noteAwaiting(change: number): void;
  settleSoon(): void;
}

/** What the network is given of a node: what it brings waits apart from the timers. */
export interface NodeScheduler extends Scheduler {
  /** As `setTimer`, for bytes that arrive and for ends of connections. */
  setArrival(delayMs: number, callback: () => void): Timer;
}

/** A time in which nothing ran on a node; `until` is Infinity while it lasts. */
export interface Absence {
  /** `stopped`: the process died, and what ran on it with it. */
  readonly kind: 'paused' | 'stopped';
  readonly from: number;
  readonly until: number;
}

/** A computer: clocks and timers of its own, which stand still with it. */
export class VirtualNode implements Clock, WallClock, NodeScheduler, VirtualEventOwner {
  readonly name: string;
  readonly #time: VirtualNodeTime;
  #life = 0;
  #isStopped = false;
  #isPaused = false;
  #msPerCallback = 0;
  #busyUntil = 0;
  /** What was due while the node was paused or busy, in order. */
  #backlog: VirtualEvent[] = [];
  #wake: VirtualEvent | undefined;
  #pending = 0;
  #awaiting = 0;
  #callbacks = 0;
  #absences: readonly Absence[] = [];

  constructor(name: string, time: VirtualNodeTime) {
    this.name = name;
    this.#time = time;
  }

  now(): number {
    return this.#time.clock.now();
  }

  unixMs(): number {
    return this.#time.wallClock.unixMs();
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Timers and deferred callbacks that have neither run nor been cancelled. */
  get pendingEvents(): number {
    return this.#pending;
  }

  /** Promises that somebody on this node waits for. */
  get awaiting(): number {
    return this.#awaiting;
  }

  /** Callbacks that have run. */
  get callbacks(): number {
    return this.#callbacks;
  }

  /** When nothing ran on it, oldest first. */
  get absences(): readonly Absence[] {
    return this.#absences;
  }

  /** On a stopped node nothing is ever called. */
  setTimer(delayMs: number, callback: () => void): Timer {
    assert(delayMs >= 0 && delayMs <= DELAY_MS_MAX, 'a timer waits from 0 ms to 2^31 - 1 ms');
    const event = this.#createEvent(this.now() + delayMs, callback);
    if (!this.#isStopped) this.#time.pushTimer(event);
    return event;
  }

  setArrival(delayMs: number, callback: () => void): Timer {
    const event = this.#createEvent(this.now() + delayMs, callback);
    event.isArrival = true;
    if (!this.#isStopped) this.#time.pushTimer(event);
    return event;
  }

  defer(callback: () => void): void {
    const event = this.#createEvent(this.now(), callback);
    if (!this.#isStopped) this.#time.pushDeferred(event);
  }

  /** A scheduler for what runs on the node now: after `stop` it calls nothing, ever. */
  createScheduler(): NodeScheduler {
    const life = this.#life;
    const isOver = (): boolean => life !== this.#life;
    return {
      setTimer: (delayMs, callback) => (isOver() ? NO_TIMER : this.setTimer(delayMs, callback)),
      setArrival: (delayMs, callback) => (isOver() ? NO_TIMER : this.setArrival(delayMs, callback)),
      defer: (callback) => {
        if (!isOver()) this.defer(callback);
      },
    };
  }

  /** Time stands still on this node, as when its process is stopped; what falls due waits. */
  pause(): void {
    if (!this.#isPaused) this.#beginAbsence('paused');
    this.#isPaused = true;
  }

  /** Timers first, then what has arrived: the order in which an event loop finds them. */
  resume(): void {
    if (this.#isPaused) this.#endAbsence();
    this.#backlog = this.#backlog.toSorted(
      (one, other) => Number(one.isArrival) - Number(other.isArrival),
    );
    this.#isPaused = false;
    this.#wakeUp();
  }

  /** Every callback keeps this node busy for so long, in virtual ms. 0 = it costs nothing. */
  slow(msPerCallback: number): void {
    this.#msPerCallback = msPerCallback;
  }

  /** The process dies: all that waits is forgotten, and what is set afterwards as well. */
  stop(): void {
    if (this.#isPaused) this.#endAbsence();
    if (!this.#isStopped) this.#beginAbsence('stopped');
    this.#time.noteAwaiting(-this.#awaiting);
    this.#life += 1;
    this.#isStopped = true;
    this.#isPaused = false;
    this.#backlog = [];
    this.#wake = undefined;
    this.#busyUntil = 0;
    this.#pending = 0;
    this.#awaiting = 0;
  }

  /** An empty process on the same computer. */
  start(): void {
    assert(this.#isStopped, 'only a stopped node starts');
    this.#endAbsence();
    this.#life += 1;
    this.#isStopped = false;
  }

  /** From now until it has settled, promises settle after each callback of this node. */
  track(promise: PromiseLike<unknown>): void {
    if (this.#isStopped) return;
    const life = this.#life;
    this.#awaiting += 1;
    this.#time.noteAwaiting(1);
    this.#time.settleSoon();
    const settled = (): void => {
      if (life !== this.#life) return;
      this.#awaiting -= 1;
      this.#time.noteAwaiting(-1);
    };
    promise.then(settled, settled);
  }

  /**
   * The answer as what runs on the node now hears of it: while it stands still, only afterwards;
   * when it has died, never.
   */
  hear<Value>(answer: PromiseLike<Value>): Promise<Value> {
    const life = this.#life;
    const whenAwake = (settle: () => void): void => {
      if (life !== this.#life) return;
      if (this.#isPaused) this.setTimer(0, settle);
      else settle();
    };
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => whenAwake(() => resolve(value)),
        (error: unknown) => whenAwake(() => reject(error)),
      );
    });
  }

  /** Resolves after so many virtual ms; never when the node stops before. */
  sleep(durationMs: number): Promise<void> {
    const promise = new Promise<void>((resolve) => {
      this.setTimer(durationMs, resolve);
    });
    this.track(promise);
    return promise;
  }

  /** For VirtualTime alone. */
  execute(event: VirtualEvent): boolean {
    if (event.life !== this.#life || !event.isPending) return false;
    if (event === this.#wake) {
      event.take();
      this.#wake = undefined;
      return this.#runBacklog();
    }
    if (this.#isPaused || this.#backlog.length > 0 || this.#busyUntil > this.now()) {
      this.#backlog.push(event);
      if (this.#backlog.length === 1) this.#wakeUp();
      return false;
    }
    this.#call(event);
    return true;
  }

  /** For VirtualEvent alone. */
  handleCancelled(event: VirtualEvent): void {
    if (event.life !== this.#life || this.#isStopped) return;
    this.#pending -= 1;
    this.#time.noteCancelled();
  }

  #beginAbsence(kind: Absence['kind']): void {
    this.#absences = [...this.#absences, { kind, from: this.now(), until: Infinity }];
  }

  #endAbsence(): void {
    const last = this.#absences.at(-1);
    if (last === undefined) return;
    this.#absences = [...this.#absences.slice(0, -1), { ...last, until: this.now() }];
  }

  #createEvent(at: number, callback: () => void): VirtualEvent {
    if (!this.#isStopped) this.#pending += 1;
    return this.#placeEvent(at, callback);
  }

  #placeEvent(at: number, callback: () => void): VirtualEvent {
    const event = new VirtualEvent(this, callback);
    event.at = at;
    event.sequence = this.#time.nextSequence();
    event.life = this.#life;
    return event;
  }

  #wakeUp(): void {
    if (this.#isPaused || this.#wake !== undefined || this.#backlog.length === 0) return;
    const at = Math.max(this.now(), this.#busyUntil);
    this.#wake = this.#placeEvent(at, () => undefined);
    this.#time.pushTimer(this.#wake);
  }

  /** Runs the first of what waits; the next gets a wake-up of its own. */
  #runBacklog(): boolean {
    if (this.#isPaused) return false;
    let event = this.#backlog.shift();
    while (event !== undefined && !event.isPending) event = this.#backlog.shift();
    if (event !== undefined) this.#call(event);
    this.#wakeUp();
    return event !== undefined;
  }

  #call(event: VirtualEvent): void {
    const callback = event.take();
    this.#pending -= 1;
    this.#callbacks += 1;
    if (this.#msPerCallback > 0) this.#busyUntil = this.now() + this.#msPerCallback;
    callback?.();
    if (this.#awaiting > 0) this.#time.settleSoon();
  }
}
