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
  /** Takeover only: the connection that lost the session. */
  readonly previousPeerId?: PeerId;
  /** Cause `merged` only: the session that the newcomer became part of. */
  readonly mergedInto?: SessionId;
}

export type SessionSubscriber<Data = unknown> = (event: SessionEvent<Data>) => void;
