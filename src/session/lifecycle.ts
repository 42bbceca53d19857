/**
 * The machine's own words: what it reads of a session, what can happen to one, what a step answers.
 * In: nothing. Out: types, and the three answers a step can give: a move, a stay, a refusal.
 * Must not know: clocks, connections, who stores the result.
 */
import { assert } from '../base/assert.ts';
import type { SessionId } from '../protocol/ids.ts';
import type { SessionCause } from './session-cause.ts';
import type { SessionPolicy } from './session-policy.ts';
import type { SessionRefusal } from './session-refusal.ts';
import type { SessionState } from './session-state.ts';

/** Whose table applies: the coordinator's, or the client's mirror of it. */
export type SessionSide = 'server' | 'client';

/** With what a connection asks to be let in: credentials, or a resume token. */
export type AttemptKind = 'login' | 'resume';

export type LifecyclePolicy = Pick<
  SessionPolicy,
  'loginTimeoutMs' | 'loginAttemptsMax' | 'livenessTimeoutMs' | 'reconnectWindowMs'
>;

/** What `step` reads of a session and returns of it. Instants are monotonic ms. */
export interface Lifecycle {
  readonly side: SessionSide;
  readonly policy: LifecyclePolicy;
  readonly state: SessionState;
  readonly sessionId: SessionId | undefined;
  readonly epoch: number;
  /**
   * Number of the last attempt, Logins and Resumes counted together; on the client also counted up
   * when one is given up.
   */
  readonly attempt: number;
  /** Server: what the last attempt was, and how many of them were Resumes. */
  readonly attemptKind: AttemptKind;
  readonly resumeAttempts: number;
  readonly enteredAt: number;
  /** When the present state ends by itself, what is held open by resumes included. */
  readonly deadline: number;
  /** Server, `reconnecting`: when the seat is lost if nobody asks for it (L15). */
  readonly seatUntil: number | undefined;
  /** Server: until when resumes of this session are being verified; undefined = none is. */
  readonly awaitedUntil: number | undefined;
  /** Server: until when somebody was told to come back who had proven the right to. */
  readonly heldUntil: number | undefined;
  readonly lastLivenessAt: number;
  /** Undefined before the first move only. */
  readonly lastCause: SessionCause | undefined;
}

/** What can happen to a session. docs/SESSION-LIFECYCLE.md lists the rules by these events. */
export type LifecycleEvent =
  /** Server: first contact or more of it. Client: the connection has opened. */
  | { readonly kind: 'transport-activity' }
  /** Server: a Login or a Resume came. Client: it was sent. */
  | { readonly kind: 'login-started'; readonly attemptKind: AttemptKind }
  /** Server: the user's hook has said yes. */
  | { readonly kind: 'login-succeeded'; readonly attempt: number }
  /** Server: the user's hook, or the look-up of the token, has said no. */
  | { readonly kind: 'login-failed'; readonly attempt: number; readonly code: SessionCause }
  /** Client: the server has said yes. */
  | {
      readonly kind: 'login-accepted';
      readonly attempt: number;
      readonly sessionId: SessionId;
      readonly epoch: number;
      readonly livenessTimeoutMs: number;
      readonly reconnectWindowMs: number;
    }
  /** Client: the server has said yes to a Resume. */
  | {
      readonly kind: 'resume-accepted';
      readonly attempt: number;
      readonly sessionId: SessionId;
      readonly epoch: number;
      readonly livenessTimeoutMs: number;
      readonly reconnectWindowMs: number;
    }
  /** Client: the server has said no. */
  | {
      readonly kind: 'login-refused';
      readonly attempt: number;
      readonly code: SessionCause;
      readonly retryable: boolean;
    }
  /** An evaluation found the deadline passed; `stallMs` = how long we ourselves stood still. */
  | { readonly kind: 'deadline-passed'; readonly stallMs: number }
  | { readonly kind: 'transport-lost'; readonly cause: SessionCause }
  | { readonly kind: 'left' }
  /** The host closes the connection with a code; on the client: it has told us so. */
  | { readonly kind: 'host-closed'; readonly code: SessionCause; readonly retryable: boolean }
  /** Server: an order of the host, or a takeover into another world. */
  | { readonly kind: 'removed'; readonly reason: SessionCause }
  /** Server: the session continues on a newcomer's connection, by a Login. */
  | { readonly kind: 'taken-over' }
  /** Server: the same by a Resume. */
  | { readonly kind: 'resumed' }
  /** Server: the newcomer's provisional session became part of an older one. */
  | { readonly kind: 'merged' }
  /** Server: until when resumes of this session are being verified has changed. */
  | { readonly kind: 'resume-awaited'; readonly until: number | undefined }
  /** Server: a valid resume of this session was told to come back. */
  | { readonly kind: 'resume-postponed'; readonly retryAfterMs: number }
  /** Server: a session that an earlier process has left behind. */
  | { readonly kind: 'restored'; readonly epoch: number };

export type LifecycleEventKind = LifecycleEvent['kind'];

/** What the caller has to do about a step, in this order. */
export type LifecycleEffect =
  | {
      readonly kind: 'publish-move';
      readonly from: SessionState;
      readonly to: SessionState;
      readonly cause: SessionCause;
    }
  | { readonly kind: 'count-refusal'; readonly refusal: SessionRefusal };

export interface LifecycleStep {
  /** The same object when nothing changed. */
  readonly session: Lifecycle;
  readonly effects: readonly LifecycleEffect[];
}

/** A move to another state, or into the same one again. */
export interface LifecycleMove {
  readonly to: SessionState;
  readonly cause: SessionCause;
  readonly at: number;
  /** When the new state ends by itself; Infinity = never. */
  readonly deadline: number;
  readonly changes?: LifecycleChanges;
}

/** Everything but what a move itself says. */
type LifecycleChanges = Partial<Omit<Lifecycle, 'side' | 'state' | 'enteredAt' | 'lastCause'>>;

/** A session as it is before its first move. */
export function createLifecycle(
  options: Pick<Lifecycle, 'side' | 'policy'> & { readonly at: number },
): Lifecycle {
  return {
    side: options.side,
    policy: options.policy,
    state: 'disconnected',
    sessionId: undefined,
    epoch: 0,
    attempt: 0,
    attemptKind: 'login',
    resumeAttempts: 0,
    enteredAt: options.at,
    deadline: Infinity,
    seatUntil: undefined,
    awaitedUntil: undefined,
    heldUntil: undefined,
    lastLivenessAt: options.at,
    lastCause: undefined,
  };
}

export function move(session: Lifecycle, { to, cause, at, deadline, changes }: LifecycleMove) {
  const moved: Lifecycle = {
    ...withoutMoving(session, changes),
    state: to,
    enteredAt: at,
    deadline,
    lastCause: cause,
  };
  return {
    session: moved,
    effects: [{ kind: 'publish-move', from: session.state, to, cause }],
  } satisfies LifecycleStep;
}

/** The end of a session on the server; on the client the state from which it may start again. */
export function disconnect(session: Lifecycle, cause: SessionCause, at: number): LifecycleStep {
  return move(session, { to: 'disconnected', cause, at, deadline: Infinity });
}

/** Two moves of one event, in this order. */
export function chain(
  first: LifecycleStep,
  next: (session: Lifecycle) => LifecycleStep,
): LifecycleStep {
  const second = next(first.session);
  return { session: second.session, effects: [...first.effects, ...second.effects] };
}

/** Expected, and no move; `changes` are what it leaves behind. */
export function stay(session: Lifecycle, changes?: LifecycleChanges): LifecycleStep {
  if (changes === undefined) return { session, effects: [] };
  return { session: withoutMoving(session, changes), effects: [] };
}

/** Not expected: no change, and one more in the counter of that name. */
export function refuse(session: Lifecycle, refusal: SessionRefusal): LifecycleStep {
  return { session, effects: [{ kind: 'count-refusal', refusal }] };
}

/** The cause of the last move goes on: a refusal's code (L6, C8), a silence (L11, C3). */
export function keptCause(session: Lifecycle): SessionCause {
  assert(session.lastCause !== undefined, `a session that is ${session.state} has moved before`);
  return session.lastCause;
}

/** Field by field, because a stored session may answer through getters. */
function withoutMoving(session: Lifecycle, changes: LifecycleChanges | undefined): Lifecycle {
  return {
    side: session.side,
    policy: session.policy,
    state: session.state,
    sessionId: session.sessionId,
    epoch: session.epoch,
    attempt: session.attempt,
    attemptKind: session.attemptKind,
    resumeAttempts: session.resumeAttempts,
    enteredAt: session.enteredAt,
    deadline: session.deadline,
    seatUntil: session.seatUntil,
    awaitedUntil: session.awaitedUntil,
    heldUntil: session.heldUntil,
    lastLivenessAt: session.lastLivenessAt,
    lastCause: session.lastCause,
    ...changes,
  };
}
