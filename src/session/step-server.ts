/**
 * The server's half of the machine: rules L1–L22 of docs/SESSION-LIFECYCLE.md, one function per
 * event, every state named in each, so that the compiler objects to a missing one.
 * In: a session, an event, an instant. Out: the session after it and what is to be done.
 * Must not know: other sessions. Which one is taken over is the coordinator's matter.
 */
import { assertNever } from '../base/assert.ts';
import { hasPassed } from '../base/clock.ts';
import { chain, disconnect, keptCause, move, refuse, stay } from './lifecycle.ts';
import type { Lifecycle, LifecycleEvent, LifecycleStep } from './lifecycle.ts';
import type { SessionCause } from './session-cause.ts';

type EventOf<Kind extends LifecycleEvent['kind']> = Extract<LifecycleEvent, { kind: Kind }>;

export function stepServer(session: Lifecycle, event: LifecycleEvent, now: number): LifecycleStep {
  switch (event.kind) {
    case 'transport-activity':
      return hearFrom(session, now);
    case 'login-started':
      return startLogin(session, now);
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
      return takeOver(session, now);
    case 'merged':
      return merge(session, now);
    case 'login-accepted':
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

/** L3, L3b. The login deadline keeps running from first contact. */
function startLogin(session: Lifecycle, now: number): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
      return beginAttempt(session, now);
    case 'login-failed':
      return mayTryAgain(session)
        ? beginAttempt(session, now)
        : refuse(session, 'login-attempts-used-up');
    case 'disconnected':
    case 'login-pending':
    case 'logged-in':
    case 'timed-out':
    case 'reconnecting':
      return refuse(session, 'login-not-expected');
  }
}

function beginAttempt(session: Lifecycle, now: number): LifecycleStep {
  return move(session, {
    to: 'login-pending',
    cause: 'login-started',
    at: now,
    deadline: session.deadline,
    changes: { attempt: session.attempt + 1 },
  });
}

/** L7: a login that failed at its deadline, or after it, was the last one. */
function mayTryAgain(session: Lifecycle): boolean {
  return (
    session.attempt < session.policy.loginAttemptsMax &&
    !hasPassed(session.deadline, session.enteredAt)
  );
}

/** L4, L8. */
function succeedLogin(
  session: Lifecycle,
  event: EventOf<'login-succeeded'>,
  now: number,
): LifecycleStep {
  if (!isPending(session, event.attempt)) return refuse(session, 'login-answer-stale');
  return logIn(session, 'login-succeeded', now);
}

function logIn(session: Lifecycle, cause: SessionCause, now: number): LifecycleStep {
  return move(session, {
    to: 'logged-in',
    cause,
    at: now,
    deadline: now + session.policy.livenessTimeoutMs,
    changes: { epoch: session.epoch + 1, lastLivenessAt: now },
  });
}

/** L5, L8. */
function failLogin(session: Lifecycle, event: EventOf<'login-failed'>, now: number): LifecycleStep {
  if (!isPending(session, event.attempt)) return refuse(session, 'login-answer-stale');
  const failed = refuseLogin(session, event.code, now);
  if (session.attempt < session.policy.loginAttemptsMax) return failed;
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
  return move(session, { to: 'reconnecting', cause, at, deadline: from + windowMs });
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

/** L18: the older session goes on with the newcomer's connection. */
function takeOver(session: Lifecycle, now: number): LifecycleStep {
  switch (session.state) {
    case 'logged-in':
    case 'timed-out':
    case 'reconnecting':
      return logIn(session, 'taken-over', now);
    case 'disconnected':
    case 'transport-connected':
    case 'login-pending':
    case 'login-failed':
      return refuse(session, 'event-not-expected');
  }
}

/** L18: the newcomer's provisional session ends. */
function merge(session: Lifecycle, now: number): LifecycleStep {
  if (session.state !== 'login-pending') return refuse(session, 'event-not-expected');
  return disconnect(session, 'merged', now);
}
