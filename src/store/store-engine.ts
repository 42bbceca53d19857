/**
 * Where a store's bytes lie: what differs between memory and a database. Queueing, conditions,
 * health and encoding are the same for all and stand in queued-store.ts.
 * In: writes whose conditions hold. Out: bytes. One call at a time.
 */
import type { SessionId, WorldId } from '../protocol/ids.ts';
import type { StoredTick } from './session-store.ts';
import type { StoreWrite } from './store-write.ts';

export interface StoreEngine {
  /**
   * Applies all writes in their order, durably, or none. Rejects with HoldfastError `store-lost`
   * when this owner's term is over, with anything else when the outcome is unknown.
   */
  commit(writes: readonly StoreWrite[]): Promise<void>;
  /** Everything, encoded as it was written. */
  load(): Promise<StoreBytes>;
  /** The encoded record that is kept for the session now. */
  loadSession(sessionId: SessionId): Promise<Uint8Array | undefined>;
  /** The ticks that are kept for the world now; undefined = nothing is kept. */
  loadTicks(worldId: WorldId): Promise<WorldTicks | undefined>;
  /** Gives up ownership, unless it is lost, and every resource. */
  close(): Promise<void>;
}

export interface StoreBytes {
  readonly sessions: readonly Uint8Array[];
  readonly worlds: readonly WorldBytes[];
}

export interface WorldBytes {
  readonly worldId: WorldId;
  readonly checkpoint: StoredTick;
  /** Ascending. */
  readonly journal: readonly StoredTick[];
}

export interface WorldTicks {
  readonly checkpointTick: number;
  /** Of the journal, or of the checkpoint where the journal is empty. */
  readonly lastTick: number;
}
