/**
 * What others may see of one managed session: a read-only handle that stands for one connection
 * of the session. A takeover returns a new handle; the old one is dead from then on.
 */
import type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { SessionCause } from './session-cause.ts';
import type { SessionState } from './session-state.ts';

export interface ManagedSession<Data = unknown> {
  /** Assigned at first contact; a takeover keeps the older session's. */
  readonly sessionId: SessionId;
  /** The connection that this handle stands for. */
  readonly peerId: PeerId;
  /** Set while a player is proven. */
  readonly playerId: PlayerId | undefined;
  readonly worldId: WorldId | undefined;
  readonly state: SessionState;
  /** Number of the player's connection: 0 before the first login, then + 1 for each. */
  readonly epoch: number;
  /** When the present state was entered (monotonic ms). */
  readonly enteredAt: number;
  /** When the present state ends by itself (monotonic ms); Infinity = never. */
  readonly deadline: number;
  /** Last admitted message or answered heartbeat (monotonic ms). */
  readonly lastLivenessAt: number;
  /** Last measured round trip; undefined before the first answered heartbeat. */
  readonly roundTripTimeMs: number | undefined;
  /** Worst of the last four round trips of this connection; undefined before the first. */
  readonly roundTripTimeMsMax: number | undefined;
  readonly lastCause: SessionCause;
  /** What `authenticate` answered for this player; undefined before login. */
  readonly data: Data | undefined;
  /** False once the session was removed, or lives on under a newer handle. */
  readonly isAlive: boolean;
}
