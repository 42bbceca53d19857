/** What the host tells the coordinator of sessions beyond a handle, and what it is told by it. */
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionCause } from './session-cause.ts';
import type { ProvenPlayer } from './session-record.ts';

export interface LoginSuccess<Data> extends ProvenPlayer<Data> {
  readonly attempt: number;
}

export interface LoginFailure {
  readonly attempt: number;
  readonly code: SessionCause;
}

/** A Resume whose token names a session, and the connection that it came on. */
export interface ResumeStart<Data> {
  readonly sessionId: SessionId;
  readonly newcomer: ManagedSession<Data>;
  readonly attempt: number;
}

export interface ResumeSuccess<Data> extends ResumeStart<Data> {
  /** What `notifyResumeStarted` answered. */
  readonly expectedEpoch: number;
}

export interface ResumeRefusal<Data> {
  readonly newcomer: ManagedSession<Data>;
  readonly attempt: number;
  /** Given when the Resume was valid and is to come again: cause `busy`, not `resume-refused`. */
  readonly retryAfterMs?: number;
  /** The session whose seat is held past that time. Default: that of `notifyResumeStarted`. */
  readonly sessionId?: SessionId;
}

/** What a store has kept of a session. */
export interface RestoredSession<Data> {
  readonly sessionId: SessionId;
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  /** Of the last connection; a whole number ≥ 1. */
  readonly epoch: number;
  readonly data: Data;
}

export interface HeartbeatReceipt {
  /** The tick that the peer echoed. Not trusted: nothing is derived from it. */
  readonly serverTick: number;
  /** When the heartbeat that is answered was sent (monotonic ms). Default: the last one. */
  readonly sentAt?: number;
}

export interface SessionEvaluation<Data> {
  /**
   * Each is owed one heartbeat now; after a stall that is every `logged-in` session. Also the one
   * whose player somebody else wanted to log in as, under `takeover: 'reject'` (L18).
   */
  readonly heartbeatsDue: readonly ManagedSession<Data>[];
  /** How long the host stood still since the evaluation before; 0 = it did not. */
  readonly stallMs: number;
}
