/**
 * The server's half of the machine: rules L1–L23 of docs/SESSION-LIFECYCLE.md, one function per
 * event, every state named in each, so that the compiler objects to a missing one.
 * In: a session, an event, an instant. Out: the session after it and what is to be done.
 * Must not know: other sessions. Which one is taken over is the coordinator's matter.
 */
import { assert, assertNever } from '../base/assert.ts';
import { hasPassed } from '../base/clock.ts';
import { chain, disconnect, keptCause, move, refuse, stay } from './lifecycle.ts';
import type { AttemptKind, Lifecycle, LifecycleEvent, LifecycleStep } from './lifecycle.ts';
import { seatDeadline } from './seat-deadline.ts';
import type { SessionCause } from './session-cause.ts';

/** L17: Resumes per connection. Not an option: whoever has a valid token needs one. */
const RESUME_ATTEMPTS_MAX = 3;

type EventOf<Kind extends LifecycleEvent['kind']> = Extract<LifecycleEvent, { kind: Kind }>;

export function stepServer(session: Lifecycle, event: LifecycleEvent, now: number): LifecycleStep {
  switch (event.kind) {
    case 'transport-activity':
      return hearFrom(session, now);
    case 'login-started':
      return startAttempt(session, event.attemptKind, now);
    case 'login-succeeded':
      return succeedLogin(session, event, now);
    case 'login-failed':
      return failLogin(session, event, now);
    case 'deadline-passed':
      return passDeadline(session, event, now);
    case 'transport-lost':
      return loseTransport(session, event, now);
    case 'left':
      return leave(session, now);
    case 'host-closed':
      return closeByHost(session, event, now);
    case 'removed':
      return remove(session, event, now);
    case 'taken-over':
    case 'resumed':
      return passOn(session, event.kind, now);
    case 'merged':
      return merge(session, now);
    case 'resume-awaited':
      return awaitResume(session, event);
    case 'resume-postponed':
      return postponeResume(session, event, now);
    case 'restored':
      return restore(session, event, now);
    case 'login-accepted':
    case 'resume-accepted':
    case 'login-refused':
      return refuse(session, 'event-not-expected');
    default:
      return assertNever(event);
  }
}

/** L1, L2. */
function hearFrom(session: Lifecycle, now: number): LifecycleStep {
  switch (session.state) {
    case 'disconnected':
      return move(session, {
        to: 'transport-connected',
        cause: 'transport-activity',
        at: now,
        deadline: now + session.policy.loginTimeoutMs,
        changes: { lastLivenessAt: now },
      });
    case 'transport-connected':
    case 'login-pending':
    case 'logged-in':
    case 'login-failed':
    case 'timed-out':
    case 'reconnecting':
      return stay(session);
  }
}

/** L3, L3b, L17. The login deadline keeps running from first contact. */
function startAttempt(session: Lifecycle, kind: AttemptKind, now: number): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
      return beginAttempt(session, kind, now);
    case 'login-failed':
      return mayTryAgain(session, kind)
        ? beginAttempt(session, kind, now)
        : refuse(session, `${kind}-attempts-used-up`);
    case 'disconnected':
    case 'login-pending':
    case 'logged-in':
    case 'timed-out':
    case 'reconnecting':
      return refuse(session, 'login-not-expected');
  }
}

function beginAttempt(session: Lifecycle, kind: AttemptKind, now: number): LifecycleStep {
  return move(session, {
    to: 'login-pending',
    cause: 'login-started',
    at: now,
    deadline: session.deadline,
    changes: {
      attempt: session.attempt + 1,
      attemptKind: kind,
      resumeAttempts: session.resumeAttempts + (kind === 'resume' ? 1 : 0),
    },
  });
}

/** L7: an attempt that failed at the login deadline, or after it, was the last one. */
function mayTryAgain(session: Lifecycle, kind: AttemptKind): boolean {
  return hasAttemptsLeft(session, kind) && !hasPassed(session.deadline, session.enteredAt);
}

/** L3, L17: each kind has its own number. */
function hasAttemptsLeft(session: Lifecycle, kind: AttemptKind): boolean {
  if (kind === 'resume') return session.resumeAttempts < RESUME_ATTEMPTS_MAX;
  return session.attempt - session.resumeAttempts < session.policy.loginAttemptsMax;
}

/** L4, L8. */
function succeedLogin(
  session: Lifecycle,
  event: EventOf<'login-succeeded'>,
  now: number,
): LifecycleStep {
  // A Resume that is verified ends as part of the session that it resumes (L16).
  const isAnswered = isPending(session, event.attempt) && session.attemptKind === 'login';
  if (!isAnswered) return refuse(session, 'login-answer-stale');
  return logIn(session, 'login-succeeded', now);
}

function logIn(session: Lifecycle, cause: SessionCause, now: number): LifecycleStep {
  return move(session, {
    to: 'logged-in',
    cause,
    at: now,
    deadline: now + session.policy.livenessTimeoutMs,
    changes: {
      epoch: session.epoch + 1,
      lastLivenessAt: now,
      seatUntil: undefined,
      awaitedUntil: undefined,
      heldUntil: undefined,
    },
  });
}

/** L5, L8, L17: a Resume that is refused leaves the connection for a Login. */
function failLogin(session: Lifecycle, event: EventOf<'login-failed'>, now: number): LifecycleStep {
  if (!isPending(session, event.attempt)) return refuse(session, 'login-answer-stale');
  const failed = refuseLogin(session, event.code, now);
  if (session.attemptKind === 'resume' || hasAttemptsLeft(session, 'login')) return failed;
  return chain(failed, (after) => disconnect(after, event.code, now));
}

function refuseLogin(session: Lifecycle, code: SessionCause, now: number): LifecycleStep {
  return move(session, { to: 'login-failed', cause: code, at: now, deadline: session.deadline });
}

function isPending(session: Lifecycle, attempt: number): boolean {
  return session.state === 'login-pending' && session.attempt === attempt;
}

/** L6, L7, L10, L11, L15. */
function passDeadline(
  session: Lifecycle,
  event: EventOf<'deadline-passed'>,
  now: number,
): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
      return disconnect(session, 'login-timeout', now);
    case 'login-pending':
      return refuseLogin(session, 'login-timeout', now);
    case 'login-failed':
      return disconnect(session, keptCause(session), now);
    case 'logged-in':
      return move(session, {
        to: 'timed-out',
        cause: 'liveness-timeout',
        at: now,
        deadline: now,
      });
    case 'timed-out':
      return holdSeat(session, {
        cause: keptCause(session),
        at: now,
        from: session.enteredAt + event.stallMs,
      });
    case 'reconnecting':
      return disconnect(session, 'reconnect-window-expired', now);
    case 'disconnected':
      return refuse(session, 'event-not-expected');
  }
}

interface SeatHold {
  readonly cause: SessionCause;
  readonly at: number;
  /** When the reconnect window begins. */
  readonly from: number;
}

/** The connection is gone; the seat is held for the window, or lost at once without one. */
function holdSeat(session: Lifecycle, { cause, at, from }: SeatHold): LifecycleStep {
  const windowMs = session.policy.reconnectWindowMs;
  if (windowMs === 0) return disconnect(session, cause, at);
  const seatUntil = from + windowMs;
  const deadline = seatDeadline({ ...seatOf(session), seatUntil });
  return move(session, { to: 'reconnecting', cause, at, deadline, changes: { seatUntil } });
}

/** Field by field, because a stored session may answer through getters. */
function seatOf({ policy, awaitedUntil, heldUntil }: Lifecycle) {
  return { policy, awaitedUntil, heldUntil };
}

/** L12, L12b, L13. */
function loseTransport(
  session: Lifecycle,
  event: EventOf<'transport-lost'>,
  now: number,
): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
    case 'login-pending':
    case 'login-failed':
      return disconnect(session, event.cause, now);
    case 'logged-in':
      return holdSeat(session, { cause: event.cause, at: now, from: now });
    case 'timed-out':
    case 'reconnecting':
      return stay(session);
    case 'disconnected':
      return refuse(session, 'event-not-expected');
  }
}

/** L12a. */
function leave(session: Lifecycle, now: number): LifecycleStep {
  if (session.state !== 'logged-in') return refuse(session, 'not-logged-in');
  return disconnect(session, 'left', now);
}

/** L12c. */
function closeByHost(
  session: Lifecycle,
  event: EventOf<'host-closed'>,
  now: number,
): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
    case 'login-pending':
    case 'login-failed':
      return disconnect(session, event.code, now);
    case 'logged-in':
      return event.retryable
        ? holdSeat(session, { cause: event.code, at: now, from: now })
        : disconnect(session, event.code, now);
    case 'disconnected':
    case 'timed-out':
    case 'reconnecting':
      return refuse(session, 'event-not-expected');
  }
}

/** L19. */
function remove(session: Lifecycle, event: EventOf<'removed'>, now: number): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
    case 'login-pending':
    case 'logged-in':
    case 'login-failed':
    case 'timed-out':
    case 'reconnecting':
      return disconnect(session, event.reason, now);
    case 'disconnected':
      return refuse(session, 'event-not-expected');
  }
}

/** L16, L18: the older session goes on with the newcomer's connection. */
function passOn(session: Lifecycle, cause: 'resumed' | 'taken-over', now: number): LifecycleStep {
  switch (session.state) {
    case 'logged-in':
    case 'timed-out':
    case 'reconnecting':
      return logIn(session, cause, now);
    case 'disconnected':
    case 'transport-connected':
    case 'login-pending':
    case 'login-failed':
      return refuse(session, 'event-not-expected');
  }
}

/** L16, L18: the newcomer's provisional session ends. */
function merge(session: Lifecycle, now: number): LifecycleStep {
  if (session.state !== 'login-pending') return refuse(session, 'event-not-expected');
  return disconnect(session, 'merged', now);
}

/** L15: while a resume is being verified the seat is not lost. */
function awaitResume(
  session: Lifecycle,
  { until: awaitedUntil }: EventOf<'resume-awaited'>,
): LifecycleStep {
  return holdOpen(session, { ...seatOf(session), awaitedUntil });
}

/** L15: whoever was told to come back finds the seat, and has the time of a login to ask for it. */
function postponeResume(
  session: Lifecycle,
  { retryAfterMs }: EventOf<'resume-postponed'>,
  now: number,
): LifecycleStep {
  const until = now + retryAfterMs + session.policy.loginTimeoutMs;
  const heldUntil = Math.max(session.heldUntil ?? -Infinity, until);
  return holdOpen(session, { ...seatOf(session), heldUntil });
}

/** Before the seat is given up the wait is only noted; it counts from then on. */
function holdOpen(session: Lifecycle, seat: ReturnType<typeof seatOf>): LifecycleStep {
  const { awaitedUntil, heldUntil } = seat;
  switch (session.state) {
    case 'logged-in':
    case 'timed-out':
      return stay(session, { awaitedUntil, heldUntil });
    case 'reconnecting': {
      const { seatUntil } = session;
      assert(seatUntil !== undefined, 'a seat that is held is held until some time');
      const deadline = seatDeadline({ ...seat, seatUntil });
      return stay(session, { awaitedUntil, heldUntil, deadline });
    }
    case 'disconnected':
    case 'transport-connected':
    case 'login-pending':
    case 'login-failed':
      return refuse(session, 'event-not-expected');
  }
}

/** L23: the seat is held from now on, for the connection that comes after the one of before. */
function restore(session: Lifecycle, { epoch }: EventOf<'restored'>, now: number): LifecycleStep {
  if (session.state !== 'disconnected') return refuse(session, 'event-not-expected');
  const seatUntil = now + session.policy.reconnectWindowMs;
  return move(session, {
    to: 'reconnecting',
    cause: 'server-restarted',
    at: now,
    deadline: seatUntil,
    changes: { epoch, lastLivenessAt: now, seatUntil },
  });
}
