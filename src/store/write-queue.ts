/**
 * What waits for the disk, and how the disk is. Writes that come while a commit is being made
 * gather for the next; one commit at a time, in the order of the calls. Bounded: beyond its limits
 * a write is refused at once, so that nobody ever waits for memory.
 * In: writes, the engine's answers. Out: a settled promise for each, changes of health.
 * Must not know: what writes mean, whether their conditions hold (`commit` answers that).
 */
import type { Scheduler } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { StoreCounters, StoreHealth, StoreHealthEvent } from './session-store.ts';
import type { StoreLimits } from './store-limits.ts';
import { isSessionWrite } from './store-write.ts';
import type { StoreWrite } from './store-write.ts';

/**
 * Writes of one commit. A database takes them over on the event loop, ~10 µs each (docs/STORE.md,
 * "Figures"), so that a flood of them never holds up a tick for more than a few ms.
 */
const COMMIT_WRITES_MAX = 256;

/** What became of one write of a commit: done, not done by its condition, or not to be done. */
export type WriteOutcome = boolean | HoldfastError;

export interface WriteQueueOptions {
  readonly scheduler: Scheduler;
  readonly limits: StoreLimits;
  /** Makes one commit of all writes; answers for each, in their order. Rejects as the engine. */
  readonly commit: (writes: readonly StoreWrite[]) => Promise<readonly WriteOutcome[]>;
  readonly onHealth: (event: StoreHealthEvent) => void;
}

interface WaitingWrite {
  readonly write: StoreWrite;
  readonly resolve: (isDone: boolean) => void;
  readonly reject: (error: HoldfastError) => void;
}

type MutableCounters = { -readonly [Name in keyof StoreCounters]: StoreCounters[Name] };

export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #waiting: WaitingWrite[] = [];
  /** What the commit that is being made took along. */
  #batch: readonly WaitingWrite[] = [];
  #isBusy = false;
  /** Set once the queue takes nothing more. */
  #end: HoldfastError | undefined;
  #health: StoreHealth = 'healthy';
  #isFailing = false;
  #onIdle: (() => void)[] = [];
  readonly #counters: MutableCounters = {
    writesSettled: 0,
    writesFailed: 0,
    writesRefused: 0,
    commits: 0,
    commitsFailed: 0,
    waitingSessionWrites: 0,
    waitingWorldBytes: 0,
  };

  constructor(options: WriteQueueOptions) {
    this.#options = options;
  }

  get health(): StoreHealth {
    return this.#health;
  }

  get counters(): StoreCounters {
    return this.#counters;
  }

  /** A rejection that nobody takes is no unhandled one. */
  push(write: StoreWrite): Promise<boolean> {
    const promise = new Promise<boolean>((resolve, reject) => {
      const refusal = this.#refusalOf(write);
      if (refusal !== undefined) {
        reject(refusal);
        return;
      }
      this.#count(write, 1);
      this.#waiting.push({ write, resolve, reject });
      if (!this.#isBusy) this.#startSoon();
    });
    promise.catch(() => undefined);
    return promise;
  }

  /** Takes nothing more, and resolves when all that waits has been tried. */
  async end(error: HoldfastError): Promise<void> {
    this.#end ??= error;
    if (!this.#isBusy) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  /** Nobody waits any more: not for what waits, and not for the commit that is being made. */
  abandon(error: HoldfastError): void {
    this.#end = error;
    this.#failAll(this.#waiting.splice(0), error);
    for (const { reject } of this.#batch) reject(error);
  }

  /** What is tried next may well fail; the next commit that is made says that it is over. */
  noteFailure(cause: unknown): HoldfastError {
    this.#isFailing = true;
    const message = `the store could not write: ${describe(cause)}`;
    const error = new HoldfastError('store-write-failed', message, { cause });
    this.#setHealth({ health: 'degraded', reason: 'failing', error });
    return error;
  }

  /** The store is somebody else's now: what waits is rejected, and whatever comes. */
  lose(error: HoldfastError): void {
    if (this.#health === 'lost') return;
    this.#end = error;
    this.#setHealth({ health: 'lost', reason: 'lost', error });
    this.#failAll(this.#waiting.splice(0), error);
  }

  #refusalOf(write: StoreWrite): HoldfastError | undefined {
    if (this.#end !== undefined) return this.#end;
    const { waitingSessionWritesMax, waitingWorldBytesMax } = this.#options.limits;
    const { waitingSessionWrites, waitingWorldBytes } = this.#counters;
    const isFull = isSessionWrite(write)
      ? waitingSessionWrites >= waitingSessionWritesMax
      : waitingWorldBytes > 0 && waitingWorldBytes + bytesOf(write) > waitingWorldBytesMax;
    if (!isFull) return undefined;
    this.#counters.writesRefused += 1;
    const error = new HoldfastError('store-overloaded', 'too many writes wait for the store');
    this.#setHealth({ health: 'degraded', reason: 'overloaded', error });
    return error;
  }

  /** A store that fails is asked less often than ticks come. */
  #startSoon(): void {
    this.#isBusy = true;
    const { scheduler, limits } = this.#options;
    const start = (): void => void this.#commitAll();
    if (this.#isFailing) scheduler.setTimer(limits.commitRetryDelayMs, start);
    else scheduler.defer(start);
  }

  /** Never rejects. */
  async #commitAll(): Promise<void> {
    const batch = this.#waiting.splice(0, COMMIT_WRITES_MAX);
    this.#batch = batch;
    if (batch.length > 0) {
      const { scheduler, limits, commit } = this.#options;
      const slow = scheduler.setTimer(limits.commitSlowMs, () => this.#noteSlow());
      try {
        const outcomes = await commit(batch.map(({ write }) => write));
        slow.cancel();
        this.#settle(batch, outcomes);
      } catch (error) {
        slow.cancel();
        this.#fail(batch, error);
      }
    }
    if (this.#waiting.length > 0) {
      this.#startSoon();
      return;
    }
    this.#isBusy = false;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #settle(batch: readonly WaitingWrite[], outcomes: readonly WriteOutcome[]): void {
    this.#isFailing = false;
    this.#counters.commits += 1;
    for (const [index, { write, resolve, reject }] of batch.entries()) {
      this.#count(write, -1);
      const outcome = outcomes[index] ?? false;
      if (typeof outcome === 'boolean') {
        this.#counters.writesSettled += 1;
        resolve(outcome);
      } else {
        this.#counters.writesFailed += 1;
        reject(outcome);
      }
    }
    if (this.#health === 'degraded') {
      this.#setHealth({ health: 'healthy', reason: 'recovered', error: undefined });
    }
  }

  #fail(batch: readonly WaitingWrite[], cause: unknown): void {
    this.#counters.commitsFailed += 1;
    if (cause instanceof HoldfastError && cause.code === 'store-lost') {
      this.#failAll(batch, cause);
      this.lose(cause);
      return;
    }
    this.#failAll(batch, this.noteFailure(cause));
  }

  #failAll(batch: readonly WaitingWrite[], error: HoldfastError): void {
    for (const { write, reject } of batch) {
      this.#count(write, -1);
      this.#counters.writesFailed += 1;
      reject(error);
    }
  }

  #noteSlow(): void {
    const { commitSlowMs } = this.#options.limits;
    const error = new HoldfastError('store-write-failed', `a commit takes over ${commitSlowMs} ms`);
    this.#setHealth({ health: 'degraded', reason: 'slow', error });
  }

  /** Events are changes: a store that stays degraded says so once. */
  #setHealth(event: StoreHealthEvent): void {
    if (this.#health === event.health || this.#health === 'lost') return;
    this.#health = event.health;
    this.#options.onHealth(event);
  }

  #count(write: StoreWrite, sign: 1 | -1): void {
    if (isSessionWrite(write)) this.#counters.waitingSessionWrites += sign;
    else this.#counters.waitingWorldBytes += sign * bytesOf(write);
  }
}

function bytesOf(write: StoreWrite): number {
  return 'bytes' in write ? write.bytes.length : 0;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
