/**
 * The client's half of the machine: rules C1–C9 of docs/SESSION-LIFECYCLE.md, one function per
 * event, every state named in each, so that the compiler objects to a missing one.
 * In: a session, an event, an instant. Out: the session after it and what is to be done.
 * Must not know: sockets, back-off, when to try again.
 */
import { assertNever } from '../base/assert.ts';
import { chain, disconnect, keptCause, move, refuse, stay } from './lifecycle.ts';
import type { Lifecycle, LifecycleEvent, LifecycleStep } from './lifecycle.ts';
import type { SessionCause } from './session-cause.ts';

/** C9: whoever lost the seat does not ask for it again; two would take it from each other. */
const RESUME_REFUSED = 'resume-refused';

type EventOf<Kind extends LifecycleEvent['kind']> = Extract<LifecycleEvent, { kind: Kind }>;

export function stepClient(session: Lifecycle, event: LifecycleEvent, now: number): LifecycleStep {
  switch (event.kind) {
    case 'transport-activity':
      return openConnection(session, now);
    case 'login-started':
      return sendLogin(session, now);
    case 'login-accepted':
    case 'resume-accepted':
      return acceptLogin(session, event, now);
    case 'login-refused':
      return refuseLogin(session, event, now);
    case 'deadline-passed':
      return passDeadline(session, now);
    case 'transport-lost':
      return loseTransport(session, event.cause, now);
    case 'left':
      return leave(session, now);
    case 'host-closed':
      return closeByHost(session, event, now);
    case 'login-succeeded':
    case 'login-failed':
    case 'removed':
    case 'taken-over':
    case 'resumed':
    case 'merged':
    case 'resume-awaited':
    case 'resume-postponed':
    case 'restored':
      return refuse(session, 'event-not-expected');
    default:
      return assertNever(event);
  }
}

/** C1; while `reconnecting` (C5) a new connection changes nothing until the server accepts. */
function openConnection(session: Lifecycle, now: number): LifecycleStep {
  switch (session.state) {
    case 'disconnected':
      return move(session, {
        to: 'transport-connected',
        cause: 'transport-activity',
        at: now,
        deadline: now + session.policy.loginTimeoutMs,
        changes: { lastLivenessAt: now },
      });
    case 'reconnecting':
      return stay(session);
    case 'transport-connected':
    case 'login-pending':
    case 'logged-in':
    case 'login-failed':
    case 'timed-out':
      return refuse(session, 'event-not-expected');
  }
}

/** C1, C5. How often is the server's to say, so attempts are counted and not limited here. */
function sendLogin(session: Lifecycle, now: number): LifecycleStep {
  const changes = { attempt: session.attempt + 1 };
  switch (session.state) {
    case 'transport-connected':
    case 'login-failed':
      return move(session, {
        to: 'login-pending',
        cause: 'login-started',
        at: now,
        deadline: session.deadline,
        changes,
      });
    case 'reconnecting':
      return stay(session, changes);
    case 'disconnected':
    case 'login-pending':
    case 'logged-in':
    case 'timed-out':
      return refuse(session, 'login-not-expected');
  }
}

/** C2, C5, C7. A resume keeps the session that we know, if we know one. */
function acceptLogin(
  session: Lifecycle,
  event: EventOf<'login-accepted' | 'resume-accepted'>,
  now: number,
): LifecycleStep {
  if (!isAwaited(session, event.attempt)) return refuse(session, 'login-answer-stale');
  const isResumed = event.kind === 'resume-accepted';
  const isSameSession = session.sessionId === event.sessionId;
  if (isSameSession && event.epoch < session.epoch) return refuse(session, 'login-epoch-stale');
  if (isResumed && !isSameSession && session.sessionId !== undefined) {
    return refuse(session, 'resume-of-another-session');
  }
  const { livenessTimeoutMs, reconnectWindowMs } = event;
  return move(session, {
    to: 'logged-in',
    cause: isResumed ? 'resumed' : 'login-succeeded',
    at: now,
    deadline: now + livenessTimeoutMs,
    changes: {
      policy: { ...session.policy, livenessTimeoutMs, reconnectWindowMs },
      sessionId: event.sessionId,
      epoch: event.epoch,
      lastLivenessAt: now,
    },
  });
}

/** C2, C5, C6, C9. */
function refuseLogin(
  session: Lifecycle,
  event: EventOf<'login-refused'>,
  now: number,
): LifecycleStep {
  if (!isAwaited(session, event.attempt)) return refuse(session, 'login-answer-stale');
  if (session.state === 'reconnecting') {
    const isFinal = !event.retryable || event.code === RESUME_REFUSED;
    return isFinal ? disconnect(session, event.code, now) : giveUpAttempt(session);
  }
  const failed = move(session, {
    to: 'login-failed',
    cause: event.code,
    at: now,
    deadline: session.deadline,
  });
  if (event.retryable) return failed;
  return chain(failed, (after) => disconnect(after, event.code, now));
}

function isAwaited(session: Lifecycle, attempt: number): boolean {
  const isWaiting = session.state === 'login-pending' || session.state === 'reconnecting';
  return isWaiting && session.attempt === attempt;
}

/** Its number is spent: an answer that still comes for it is stale. */
function giveUpAttempt(session: Lifecycle): LifecycleStep {
  return stay(session, { attempt: session.attempt + 1 });
}

/** C3, C5, C8. */
function passDeadline(session: Lifecycle, now: number): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
    case 'login-pending':
      return disconnect(session, 'login-timeout', now);
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
      return reconnect(session, keptCause(session), now);
    case 'reconnecting':
      return disconnect(session, 'reconnect-window-expired', now);
    case 'disconnected':
      return refuse(session, 'event-not-expected');
  }
}

/** C5: until the server cannot hold the seat any longer. The attempt that logged in is spent. */
function reconnect(session: Lifecycle, cause: SessionCause, now: number): LifecycleStep {
  const { livenessTimeoutMs, reconnectWindowMs } = session.policy;
  return move(session, {
    to: 'reconnecting',
    cause,
    at: now,
    deadline: session.lastLivenessAt + livenessTimeoutMs + reconnectWindowMs,
    changes: { attempt: session.attempt + 1 },
  });
}

/** C4, C8. While `reconnecting` it is an attempt's connection that was lost (C5). */
function loseTransport(session: Lifecycle, cause: SessionCause, now: number): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
    case 'login-pending':
    case 'login-failed':
      return disconnect(session, cause, now);
    case 'logged-in':
      return reconnect(session, cause, now);
    case 'timed-out':
      return stay(session);
    case 'reconnecting':
      return giveUpAttempt(session);
    case 'disconnected':
      return refuse(session, 'event-not-expected');
  }
}

/** C6. */
function leave(session: Lifecycle, now: number): LifecycleStep {
  switch (session.state) {
    case 'transport-connected':
    case 'login-pending':
    case 'logged-in':
    case 'login-failed':
    case 'timed-out':
    case 'reconnecting':
      return disconnect(session, 'left', now);
    case 'disconnected':
      return refuse(session, 'event-not-expected');
  }
}

/** C6; a code that is retryable is a loss of the connection, with that cause (C4, C5, C8). */
function closeByHost(
  session: Lifecycle,
  event: EventOf<'host-closed'>,
  now: number,
): LifecycleStep {
  if (event.retryable) return loseTransport(session, event.code, now);
  switch (session.state) {
    case 'transport-connected':
    case 'login-pending':
    case 'logged-in':
    case 'login-failed':
    case 'timed-out':
    case 'reconnecting':
      return disconnect(session, event.code, now);
    case 'disconnected':
      return refuse(session, 'event-not-expected');
  }
}
