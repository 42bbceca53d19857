/**
 * One session as a store keeps it: what a later process needs to give the player back the same
 * session. Tokens are hashes, never the tokens. In: the host's fields. Out: the same, from a later
 * opening. Must not know: worlds' state, connections, how it is encoded (session-record-codec.ts).
 */
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';

/** Hashes of resume tokens, as the host's `hashToken` made them. */
export interface StoredTokens {
  readonly current: Uint8Array | undefined;
  readonly previous: Uint8Array | undefined;
  /** Oldest first; how many are kept is the host's matter. */
  readonly spent: readonly Uint8Array[];
}

/** How many counted messages of the reliable lane this session has seen, each way. */
export interface StoredReliableCounts {
  readonly sent: number;
  readonly received: number;
}

export interface SessionRecord {
  readonly sessionId: SessionId;
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  /** The number of the player's entity in that world; a whole number ≥ 1. */
  readonly entity: number;
  /** The number of the player's connection; a whole number ≥ 1. Writes compare it. */
  readonly epoch: number;
  readonly tokens: StoredTokens;
  /** Known only after an orderly stop: a process that dies says nothing. */
  readonly reliable: StoredReliableCounts | undefined;
  /**
   * The tick from which the world went on in the first process that had the session and not the
   * player; undefined = the player has been heard in the last one.
   */
  readonly restoredTick?: number | undefined;
  /** What `authenticate` answered: plain JSON, or undefined. */
  readonly data: unknown;
}
