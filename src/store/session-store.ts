/**
 * What a host asks of durable memory (docs/STORE.md): sessions, worlds' checkpoints and journals,
 * kept beyond the process. A SessionStore is given in options and outlives hosts; each host opens
 * it for itself and becomes its one owner. One test suite holds every implementation to this.
 * In: records, opaque bytes. Out: the same, from a later opening. Must not know: what bytes mean.
 */
import type { Scheduler } from '../base/clock.ts';
import type { RandomStreams } from '../base/random-source.ts';
import type { SessionId, WorldId } from '../protocol/ids.ts';
import type { SessionRecord } from './session-record.ts';

export interface SessionStore {
  /** For logs: `memory`, `lmdb`. */
  readonly name: string;
  /**
   * Takes ownership and reads everything. A dead owner's place is taken over at once. Rejects with
   * HoldfastError `store-in-use` (its owner lives), `store-unavailable` (no such place, not
   * writable, full), `store-corrupt`, `store-version-mismatch`, or `store-outdated` (older than a
   * witness says, or empty).
   */
  open(options: StoreOpenOptions): Promise<StoreOpening>;
}

export interface StoreOpenOptions {
  /** The owner's: all that the store does for it happens there. */
  readonly scheduler: Scheduler;
  /** Asked for `store-id`, once in the life of the store. */
  readonly randomStreams: RandomStreams;
  /** What somebody outside of the store remembers of it. Default: nothing. */
  readonly witness?: StoreWitness;
  /** Hears of every change of health, the loss of ownership too. */
  readonly onHealth?: (event: StoreHealthEvent) => void;
}

/** Proof that a store has been: kept elsewhere, it shows that the store came back older. */
export interface StoreWitness {
  readonly storeId: string;
  readonly term: number;
}

export interface StoreOpening {
  readonly store: OpenedStore;
  /** Everything as it is now; the caller's own. */
  readonly contents: StoreContents;
}

export interface StoreContents {
  /** In no particular order. */
  readonly sessions: readonly SessionRecord[];
  readonly worlds: readonly StoredWorld[];
}

export interface StoredWorld {
  readonly worldId: WorldId;
  readonly checkpoint: StoredTick;
  /** What was appended after the checkpoint: each tick from the next one on, without a hole. */
  readonly journal: readonly StoredTick[];
}

/** Opaque bytes that belong to a tick. */
export interface StoredTick {
  readonly tick: number;
  readonly bytes: Uint8Array;
}

/**
 * A store with its one owner.
 *
 * **Order**: writes take effect in the order of the calls; what is durable never lacks an earlier
 * write, unless that one was rejected.
 *
 * **Durable**: a promise that resolves means that a power cut right then loses nothing of it.
 *
 * **Failure**: a promise that rejects (`store-write-failed`, `store-overloaded`, `store-lost`) says
 * that nothing is known to have been kept; `health` says it too, and a rejection that nobody takes
 * ends no process. What is the caller's mistake (`invalid-argument`, `data-not-storable`) and a
 * closed store (`already-stopped`) are thrown by the call itself.
 *
 * Bytes are copied before the call returns.
 */
export interface OpenedStore {
  /** The fence of this ownership: greater with each opening, never the same twice. */
  readonly term: number;
  /** To be kept elsewhere and given to a later `open`. */
  readonly witness: StoreWitness;
  readonly health: StoreHealth;
  /** Live numbers, read-only. */
  readonly counters: StoreCounters;

  /**
   * Keeps the record if the epoch that is stored for its session is `expectedEpoch` (0 = none is
   * stored), and otherwise changes nothing and answers false. `replaced` is deleted in the same
   * instant, and has to be as it says.
   */
  putSession(record: SessionRecord, condition: PutSessionCondition): Promise<boolean>;
  /** Forgets the session if that epoch is stored; otherwise changes nothing and answers false. */
  deleteSession(session: StoredEpoch): Promise<boolean>;

  /**
   * Replaces the world's checkpoint and forgets the journal up to its tick. The first one begins
   * the world in the store. An older one than is stored is refused (`store-write-failed`).
   */
  putCheckpoint(worldId: WorldId, checkpoint: StoredTick): Promise<void>;
  /**
   * Adds to the world's journal, which begins with its checkpoint and has no hole: where a tick
   * is missing, because its append failed or never was, later ones are refused
   * (`store-write-failed`) until a checkpoint is as new as the tick before. Nobody has to wait.
   */
  appendJournal(worldId: WorldId, record: StoredTick): Promise<void>;
  /** Forgets checkpoint and journal. */
  deleteWorld(worldId: WorldId): Promise<void>;

  /**
   * Writes what waits, as well as it can, and gives up ownership. Idempotent: every call waits for
   * the end, at most `closeTimeoutMs`; what a disk has not answered until then is rejected.
   */
  close(): Promise<void>;
}

/** One session at one epoch. */
export interface StoredEpoch {
  readonly sessionId: SessionId;
  readonly epoch: number;
}

export interface PutSessionCondition {
  readonly expectedEpoch: number;
  readonly replaced?: StoredEpoch;
}

/**
 * `degraded`: writes fail, are late or are refused, while the next may succeed. `lost`: another
 * process is the owner, for good; this one must not go on serving what it can't keep.
 */
export type StoreHealth = 'healthy' | 'degraded' | 'lost';

export interface StoreHealthEvent {
  readonly health: StoreHealth;
  /** Why; `recovered` with `healthy`. */
  readonly reason: 'failing' | 'slow' | 'overloaded' | 'lost' | 'recovered';
  readonly error: unknown;
}

export interface StoreCounters {
  /** Writes that are durable, or whose condition did not hold. */
  readonly writesSettled: number;
  /** Writes that a commit took along and failed, or that would have left a hole in a journal. */
  readonly writesFailed: number;
  /** Writes that were turned away because too much waits. */
  readonly writesRefused: number;
  readonly commits: number;
  readonly commitsFailed: number;
  readonly waitingSessionWrites: number;
  readonly waitingWorldBytes: number;
}
