/** One legal move of one session, as subscribers see it. */
import type { PeerId, SessionId } from '../protocol/ids.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionCause } from './session-cause.ts';
import type { SessionState } from './session-state.ts';

export interface SessionEvent<Data = unknown> {
  /** The handle that is valid after the move (for the terminal event: the dead one). */
  readonly session: ManagedSession<Data>;
  readonly from: SessionState;
  readonly to: SessionState;
  readonly cause: SessionCause;
  /** Monotonic ms. */
  readonly at: number;
  /** The epoch after the move. */
  readonly epoch: number;
  /** Takeover and resume only: the connection that lost the session. */
  readonly previousPeerId?: PeerId;
  /** Cause `merged` only: the session that the newcomer became part of. */
  readonly mergedInto?: SessionId;
  /**
   * Login refused by the coordinator itself (L18) only: in how many milliseconds the seat may be
   * free; 0 = as soon as the older session's silence has been judged.
   */
  readonly retryAfterMs?: number;
}

export type SessionSubscriber<Data = unknown> = (event: SessionEvent<Data>) => void;
