/**
 * Keeps the worlds in the store: a checkpoint when a world opens and at a cadence, a journal record
 * for each tick between; with `journal: 'ahead'` what a tick tells reliably waits until the tick is
 * durable. A tick never waits. In: worlds after each step, the store's health. Out: writes, orders
 * to hold and release, notices. Must not know: sessions, connections, what bytes mean.
 */
import type { Clock, Scheduler, Timer } from '../base/clock.ts';
import { hasPassed } from '../base/clock.ts';
import type { WorldId } from '../protocol/ids.ts';
import type { OpenedStore, StoreHealth } from '../store/session-store.ts';
import type { HostNotice } from './host-notice.ts';
import type { Durability } from './host-options.ts';
import type { WorldRoom } from './world-rooms.ts';

/** The golden ratio's: shares of an interval that follow each other by it lie spread. */
const PHASE_STEP = 0.618_034;
/** How long a deletion that failed waits for the next try. */
const RETRY_DELAY_MS = 250;

export interface WorldKeeperOptions {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly durability: Durability | undefined;
  readonly onNotice: (notice: HostNotice) => void;
  /** A rule of the user's could not be written down. */
  readonly onUserError: (error: unknown, where: string) => void;
}

/** What is kept of one world. */
interface Keeping {
  /** A checkpoint and all ticks after it are with the store, as far as is known. */
  hasBase: boolean;
  /** When the next checkpoint is due. */
  checkpointAt: number;
  /** Of the interval, until the checkpoint after the first: worlds of one start take turns. */
  phase: number;
  /** What was not durable has been told to the operator, and nothing has been durable since. */
  isToldEarly: boolean;
}

export class WorldKeeper {
  readonly #options: WorldKeeperOptions;
  readonly #keepings = new Map<WorldRoom, Keeping>();
  /** Worlds that were closed, and whose deletion failed. */
  readonly #undeleted = new Set<WorldId>();
  #retry: Timer | undefined;
  readonly #ticksLost = new Map<WorldId, number>();
  #store: OpenedStore | undefined;
  #isRetaining = false;
  #nextPhase = 1;

  constructor(options: WorldKeeperOptions) {
    this.#options = options;
  }

  /** The store is open: from now on it is written to. */
  open(store: OpenedStore): void {
    this.#store = store;
  }

  /** The world has run a tick, of which nothing has been told yet; or it has been restored. */
  keep(room: WorldRoom): void {
    const store = this.#store;
    if (store === undefined) return;
    const keeping = this.#keepings.get(room) ?? this.#begin(room);
    const durable = this.#write(store, room, keeping);
    if (this.#options.durability?.journal === 'ahead') this.#hold(room, keeping, durable);
  }

  /** The world is closed: nothing of it is needed any more. */
  forget(room: WorldRoom): void {
    this.#keepings.delete(room);
    if (!this.#isRetaining) this.forgetWorld(room.world.worldId);
  }

  /** Tried until it is done; a world of that name that opens meanwhile comes after it. */
  forgetWorld(worldId: WorldId): void {
    this.#ticksLost.delete(worldId);
    this.#undeleted.delete(worldId);
    if (this.#store !== undefined) void this.#delete(this.#store, worldId);
  }

  /** A client had seen so many ticks more than were kept. Said once for each larger number. */
  noteTicksLost(worldId: WorldId, ticks: number): void {
    if (ticks <= (this.#ticksLost.get(worldId) ?? 0)) return;
    this.#ticksLost.set(worldId, ticks);
    this.#options.onNotice({ kind: 'ticks-lost', worldId, ticks });
  }

  /** What a world held up to this tick was too much, and has left. */
  noteReleasedEarly(room: WorldRoom, tick: number): void {
    const keeping = this.#keepings.get(room);
    if (keeping !== undefined) this.#tellEarly(room, keeping, tick);
  }

  /** While the disk can't be relied on nobody waits for it. */
  handleHealth(health: StoreHealth): void {
    if (health === 'healthy') return;
    for (const [room, keeping] of this.#keepings) {
      if (room.outcomes.heldBytes > 0) this.#releaseEarly(room, keeping, room.world.tick);
    }
  }

  /**
   * The last tick has run: writes every world as it is, and deletes none from here on. Resolves
   * with those that are durable.
   */
  async finish(): Promise<ReadonlySet<WorldRoom>> {
    this.#isRetaining = true;
    const durable = new Set<WorldRoom>();
    const store = this.#store;
    if (store === undefined) return durable;
    const writes = Array.from(this.#keepings, async ([room, keeping]) => {
      try {
        const written = this.#checkpoint(store, room, keeping);
        if (written === undefined) return;
        await written;
        durable.add(room);
      } catch {
        // Its sessions come back as after a crash; the store's health has said why.
      }
    });
    await Promise.all(writes);
    return durable;
  }

  /** Nothing is written any more. */
  close(): void {
    this.#retry?.cancel();
    this.#undeleted.clear();
    this.#keepings.clear();
    this.#store = undefined;
  }

  #begin(room: WorldRoom): Keeping {
    const { world } = room;
    const { clock, onNotice } = this.#options;
    const checkpointAt = clock.now();
    const keeping = { hasBase: false, checkpointAt, phase: this.#nextPhase, isToldEarly: false };
    this.#nextPhase = (this.#nextPhase + PHASE_STEP) % 1;
    this.#keepings.set(room, keeping);
    const { from, reasons } = world.recovery;
    if (from === 'nothing') onNotice({ kind: 'world-not-kept', worldId: world.worldId, reasons });
    return keeping;
  }

  /** When it resolves, the tick is durable; undefined = it will not be. */
  #write(store: OpenedStore, room: WorldRoom, keeping: Keeping): Promise<void> | undefined {
    const { world } = room;
    const { worldId, tick, journalRecord, recovery } = world;
    if (recovery.from === 'nothing') return undefined;
    const now = this.#options.clock.now();
    let journaled: Promise<void> | undefined;
    if (recovery.from === 'checkpoint') {
      // No record says what this tick did, so only its end can be kept.
      if (this.#options.durability?.journal === 'ahead') keeping.checkpointAt = now;
    } else if (journalRecord === undefined) {
      lose(keeping, now);
    } else if (keeping.hasBase) {
      journaled = store.appendJournal(worldId, { tick, bytes: journalRecord });
      journaled.catch(() => lose(keeping, this.#options.clock.now()));
    }
    if (!hasPassed(keeping.checkpointAt, now)) return journaled;
    const written = this.#checkpoint(store, room, keeping);
    return journaled ?? written;
  }

  /** Undefined: a rule could not be written down, which the operator is told. */
  #checkpoint(store: OpenedStore, room: WorldRoom, keeping: Keeping): Promise<void> | undefined {
    const { clock, durability, onUserError } = this.#options;
    const { world } = room;
    const { worldId, tick } = world;
    const intervalMs = durability?.checkpointIntervalMs ?? 0;
    keeping.checkpointAt = clock.now() + intervalMs * keeping.phase;
    keeping.phase = 1;
    if (world.recovery.from === 'nothing') return undefined;
    let bytes: Uint8Array;
    try {
      bytes = world.checkpoint();
    } catch (error) {
      onUserError(error, `the checkpoint of world ${worldId}`);
      return undefined;
    }
    if (this.#undeleted.has(worldId)) this.forgetWorld(worldId);
    const written = store.putCheckpoint(worldId, { tick, bytes });
    keeping.hasBase = true;
    written.catch(() => lose(keeping, clock.now() + intervalMs));
    return written;
  }

  #hold(room: WorldRoom, keeping: Keeping, durable: Promise<void> | undefined): void {
    const { tick } = room.world;
    if (durable === undefined || this.#store?.health !== 'healthy') {
      this.#releaseEarly(room, keeping, tick);
      return;
    }
    room.outcomes.hold(tick);
    void this.#release(room, keeping, { tick, durable });
  }

  async #release(
    room: WorldRoom,
    keeping: Keeping,
    { tick, durable }: { readonly tick: number; readonly durable: Promise<void> },
  ): Promise<void> {
    try {
      await durable;
    } catch {
      this.#releaseEarly(room, keeping, tick);
      return;
    }
    keeping.isToldEarly = false;
    room.outcomes.release(tick);
  }

  #releaseEarly(room: WorldRoom, keeping: Keeping, tick: number): void {
    room.outcomes.release(tick);
    this.#tellEarly(room, keeping, tick);
  }

  #tellEarly(room: WorldRoom, keeping: Keeping, tick: number): void {
    if (keeping.isToldEarly) return;
    keeping.isToldEarly = true;
    const { worldId } = room.world;
    this.#options.onNotice({ kind: 'outcomes-not-durable', worldId, tick });
  }

  async #delete(store: OpenedStore, worldId: WorldId): Promise<void> {
    try {
      await store.deleteWorld(worldId);
    } catch {
      if (this.#store === undefined || store.health === 'lost') return;
      this.#undeleted.add(worldId);
      const { clock, scheduler } = this.#options;
      // One that has opened meanwhile may lie behind what is left of the old: its next checkpoint
      // deletes that first.
      for (const [{ world }, keeping] of this.#keepings) {
        if (world.worldId === worldId) lose(keeping, clock.now());
      }
      this.#retry ??= scheduler.setTimer(RETRY_DELAY_MS, () => this.#deleteAgain());
    }
  }

  #deleteAgain(): void {
    this.#retry = undefined;
    const open = new Set(Array.from(this.#keepings.keys(), ({ world }) => world.worldId));
    for (const worldId of this.#undeleted) if (!open.has(worldId)) this.forgetWorld(worldId);
  }
}

/** What is stored has a hole from here on, until there is a checkpoint. */
function lose(keeping: Keeping, checkpointAt: number): void {
  keeping.hasBase = false;
  keeping.checkpointAt = Math.min(keeping.checkpointAt, checkpointAt);
}
