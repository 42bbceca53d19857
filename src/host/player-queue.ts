/**
 * One thing at a time for each player: login, resume and removal wait for each other's writes, so
 * that each begins from what the one before has left. In: jobs. Out: calls, in order.
 * Nobody waits who needn't: the job of a player for whom nothing is pending runs within the call.
 * Must not know: what a job does. Holds an entry for a player only while a promise is pending.
 */
import type { PlayerId } from '../protocol/ids.ts';

/** Undefined = done; a promise is waited for. */
export type PlayerJob = () => void | Promise<void>;

/** So many may wait for one player before those that nobody waits for any more are dropped. */
const WAITING_UNSORTED_MAX = 32;

interface WaitingJob {
  readonly job: PlayerJob;
  readonly isWanted: () => boolean;
}

export class PlayerQueue {
  readonly #onError: (error: unknown) => void;
  readonly #waiting = new Map<PlayerId, WaitingJob[]>();
  #whenIdle: (() => void)[] = [];

  /** `onError` hears of what a job throws or rejects with; the next one runs all the same. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Players for whom something is pending. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Jobs that wait for one player's turn. */
  waitingFor(playerId: PlayerId): number {
    return this.#waiting.get(playerId)?.length ?? 0;
  }

  /** While a job has to wait, it may turn out that it is not wanted any more. */
  run(playerId: PlayerId, job: PlayerJob, isWanted: () => boolean = () => true): void {
    const waiting = this.#waiting.get(playerId);
    if (waiting !== undefined) {
      if (waiting.length >= WAITING_UNSORTED_MAX) dropUnwanted(waiting);
      waiting.push({ job, isWanted });
      return;
    }
    const pending = this.#start(job);
    if (pending !== undefined) void this.#drain(playerId, pending);
  }

  /** Resolves once nothing is pending for anybody. */
  async idle(): Promise<void> {
    if (this.#waiting.size === 0) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  async #drain(playerId: PlayerId, first: Promise<void>): Promise<void> {
    const waiting: WaitingJob[] = [];
    this.#waiting.set(playerId, waiting);
    let pending: Promise<void> | undefined = first;
    for (;;) {
      if (pending !== undefined) await this.#settled(pending);
      const next = waiting.shift();
      if (next === undefined) break;
      pending = this.#start(next.job);
    }
    this.#waiting.delete(playerId);
    if (this.#waiting.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #start(job: PlayerJob): Promise<void> | undefined {
    try {
      return job() ?? undefined;
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }

  async #settled(pending: Promise<void>): Promise<void> {
    try {
      await pending;
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** A disk that hangs holds up a player's first attempt; the others come, give up, come again. */
function dropUnwanted(waiting: WaitingJob[]): void {
  const wanted = waiting.filter(({ isWanted }) => isWanted());
  if (wanted.length < waiting.length) waiting.splice(0, waiting.length, ...wanted);
}
