/**
 * A host and its store, from end to end: opened and read before anybody is let in, watched, and at
 * the stop emptied or left as a successor wants it. In: the host's start and stop. Out: everything
 * that was kept, notices of health. Must not know: what worlds and records look like inside.
 */
import type { Scheduler } from '../base/clock.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { OpenedStore, StoreHealthEvent, StoreOpening } from '../store/session-store.ts';
import type { HostCore } from './host-core.ts';
import { tellNotice, tellOperator } from './host-core.ts';
import { recover } from './recovery.ts';
import type { WorldRoom } from './world-rooms.ts';

/**
 * How long a stop waits for the disk, all in all, before it goes on without. The store's own end
 * comes after it; both together are less than a supervisor waits.
 */
const PATIENCE_MS = 3_000;
/** A start leaves room in the store's queue for those who log in. */
const WRITES_AT_ONCE = 512;

export class HostStore {
  readonly #core: HostCore;
  readonly #onLost: () => void;
  #opening: Promise<StoreOpening> | undefined;
  #store: OpenedStore | undefined;
  /** When the patience of the stop ends. */
  #deadline: number | undefined;

  /** `onLost`: another process is the owner; this one must not go on. */
  constructor(core: HostCore, onLost: () => void) {
    this.#core = core;
    this.#onLost = onLost;
  }

  /** Brings back what is kept. Rejects with the store's error, or what makes a world impossible. */
  async open(): Promise<void> {
    const { durability, scheduler, randomStreams } = this.#core.options;
    if (durability === undefined) return;
    const onHealth = (event: StoreHealthEvent): void => this.#handleHealth(event);
    this.#opening = durability.store.open({ scheduler, randomStreams, onHealth });
    const { store, contents } = await this.#opening;
    this.#store = store;
    if (!this.#core.isStopping) recover(this.#core, store, contents);
  }

  /**
   * The ticks begin: what the process before had counted is true until here, and no longer; whoever
   * comes back after the next death too has seen no tick but those before this one.
   */
  async begin(): Promise<void> {
    const { archive, sessions, seats } = this.#core;
    let writes = 0;
    for (const { sessionId } of sessions) {
      const record = archive.recordOf(sessionId);
      const restoredTick = seats.get(sessionId)?.restoredTick;
      if (record === undefined) continue;
      if (record.reliable === undefined && record.restoredTick === restoredTick) continue;
      archive.amend({ ...record, reliable: undefined, restoredTick });
      writes += 1;
      if (writes % WRITES_AT_ONCE !== 0) continue;
      await archive.settled();
      // From then on what is written down is this process's own.
      if (this.#core.isStopping) return;
    }
  }

  /**
   * Everything is left for a later process: `runLastTicks` runs what waits, then the worlds are
   * written, and the sessions with what they have counted where their world is durable.
   */
  async keepAll(runLastTicks: () => void): Promise<void> {
    const { archive, keeper, rooms, players } = this.#core;
    if (this.#store === undefined) return;
    await this.#within(players.idle(), 'logins are not written yet');
    if (this.#store.health !== 'lost') runLastTicks();
    let durable: ReadonlySet<WorldRoom> = new Set();
    const finished = keeper.finish().then((worlds) => (durable = worlds));
    await this.#within(finished, 'worlds are not written yet');
    for (const room of rooms) {
      room.outcomes.release(room.world.tick);
      if (durable.has(room)) this.#keepCounts(room);
    }
    if (this.#store.health === 'degraded') {
      const worlds = `${rooms.size - durable.size} of ${rooms.size} worlds`;
      const problem = `the store fails as the server stops: the last of ${worlds} is not kept`;
      tellOperator(this.#core, new HoldfastError('store-write-failed', problem), 'the store');
    }
    // Not sooner: who is evicted while all this is written does not come back.
    archive.retain();
  }

  /** The start has failed: the store is left as it was found. */
  abandon(): void {
    this.#core.archive.retain();
    this.#core.keeper.close();
  }

  /** Waits for what is asked of the disk already, as long as there is patience. Never rejects. */
  async settle(): Promise<void> {
    const { archive, keeper, players } = this.#core;
    if (this.#opening === undefined) return;
    try {
      await this.#opening;
    } catch {
      return;
    }
    const settled = players.idle().then(() => archive.settled());
    await this.#within(settled, 'sessions are not written yet');
    archive.close();
    keeper.close();
  }

  /** Writes what waits, as long as the disk answers, and lets the store go. Never rejects. */
  async close(): Promise<void> {
    try {
      await this.#store?.close();
    } catch (error) {
      tellOperator(this.#core, error, 'the store');
    }
  }

  /** What has been counted up to the tick that is durable goes on in the next process. */
  #keepCounts({ world, seats: hearers }: WorldRoom): void {
    const { archive, seats, sessions } = this.#core;
    for (const session of sessions) {
      const record = archive.recordOf(session.sessionId);
      const isHere = record?.worldId === world.worldId && record.epoch === session.epoch;
      const reliable = seats.get(session.sessionId)?.stream.counts;
      if (isHere && reliable !== undefined) archive.amend({ ...record, reliable });
    }
    // Whatever a subscriber says to those who are left, as the sessions end, would be counted.
    hearers.clear();
  }

  #handleHealth(event: StoreHealthEvent): void {
    tellNotice(this.#core, { kind: 'store-health', ...event });
    this.#core.keeper.handleHealth(event.health);
    if (event.health === 'lost') this.#onLost();
  }

  async #within(promise: Promise<unknown>, problem: string): Promise<void> {
    const { clock, options } = this.#core;
    const now = clock.now();
    this.#deadline ??= now + PATIENCE_MS;
    const ms = Math.max(0, this.#deadline - now);
    const isDone = await settlesWithin(options.scheduler, promise, ms);
    if (isDone) return;
    tellOperator(this.#core, new HoldfastError('store-write-failed', problem), 'the store');
  }
}

function settlesWithin(
  scheduler: Scheduler,
  promise: Promise<unknown>,
  ms: number,
): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = scheduler.setTimer(ms, () => resolve(false));
    const finish = (): void => {
      timer.cancel();
      resolve(true);
    };
    promise.then(finish, finish);
  });
}
