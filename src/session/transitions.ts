/**
 * What is legal: every move that a session can make, as data. step.ts says what happens, this says
 * what may; the diagram in docs/SESSION-LIFECYCLE.md is drawn from here and trace checkers read it.
 * Where one event moves a session twice (L5, C6), the second row starts where the first one ends.
 */
import type { LifecycleEventKind, SessionSide } from './lifecycle.ts';
import type { SESSION_CAUSES } from './session-cause.ts';
import type { SessionState } from './session-state.ts';

/** `given`: a word that comes with the event (a code, a reason); `kept`: that of the last move. */
export type TransitionCause = (typeof SESSION_CAUSES)[number] | 'given' | 'kept';

export interface SessionTransition {
  readonly side: SessionSide;
  readonly from: SessionState;
  readonly event: LifecycleEventKind;
  readonly to: SessionState;
  readonly cause: TransitionCause;
  /** Id of the rule in docs/SESSION-LIFECYCLE.md. */
  readonly rule: string;
}

type Row = readonly [
  rule: string,
  from: SessionState,
  event: LifecycleEventKind,
  to: SessionState,
  cause: TransitionCause,
];

const SERVER: readonly Row[] = [
  ['L1', 'disconnected', 'transport-activity', 'transport-connected', 'transport-activity'],
  ['L3', 'transport-connected', 'login-started', 'login-pending', 'login-started'],
  ['L3', 'login-failed', 'login-started', 'login-pending', 'login-started'],
  ['L4', 'login-pending', 'login-succeeded', 'logged-in', 'login-succeeded'],
  ['L5', 'login-pending', 'login-failed', 'login-failed', 'given'],
  ['L5', 'login-failed', 'login-failed', 'disconnected', 'given'],
  ['L6', 'transport-connected', 'deadline-passed', 'disconnected', 'login-timeout'],
  ['L6', 'login-failed', 'deadline-passed', 'disconnected', 'kept'],
  ['L7', 'login-pending', 'deadline-passed', 'login-failed', 'login-timeout'],
  ['L10', 'logged-in', 'deadline-passed', 'timed-out', 'liveness-timeout'],
  ['L11', 'timed-out', 'deadline-passed', 'reconnecting', 'kept'],
  ['L11', 'timed-out', 'deadline-passed', 'disconnected', 'kept'],
  ['L12', 'logged-in', 'transport-lost', 'reconnecting', 'given'],
  ['L12', 'logged-in', 'transport-lost', 'disconnected', 'given'],
  ['L12a', 'logged-in', 'left', 'disconnected', 'left'],
  ['L12c', 'logged-in', 'host-closed', 'reconnecting', 'given'],
  ['L12c', 'logged-in', 'host-closed', 'disconnected', 'given'],
  ['L12c', 'transport-connected', 'host-closed', 'disconnected', 'given'],
  ['L12c', 'login-pending', 'host-closed', 'disconnected', 'given'],
  ['L12c', 'login-failed', 'host-closed', 'disconnected', 'given'],
  ['L13', 'transport-connected', 'transport-lost', 'disconnected', 'given'],
  ['L13', 'login-pending', 'transport-lost', 'disconnected', 'given'],
  ['L13', 'login-failed', 'transport-lost', 'disconnected', 'given'],
  ['L15', 'reconnecting', 'deadline-passed', 'disconnected', 'reconnect-window-expired'],
  ['L16', 'logged-in', 'resumed', 'logged-in', 'resumed'],
  ['L16', 'timed-out', 'resumed', 'logged-in', 'resumed'],
  ['L16', 'reconnecting', 'resumed', 'logged-in', 'resumed'],
  ['L18', 'logged-in', 'taken-over', 'logged-in', 'taken-over'],
  ['L18', 'timed-out', 'taken-over', 'logged-in', 'taken-over'],
  ['L18', 'reconnecting', 'taken-over', 'logged-in', 'taken-over'],
  ['L16', 'login-pending', 'merged', 'disconnected', 'merged'],
  ['L19', 'transport-connected', 'removed', 'disconnected', 'given'],
  ['L19', 'login-pending', 'removed', 'disconnected', 'given'],
  ['L19', 'logged-in', 'removed', 'disconnected', 'given'],
  ['L19', 'login-failed', 'removed', 'disconnected', 'given'],
  ['L19', 'timed-out', 'removed', 'disconnected', 'given'],
  ['L19', 'reconnecting', 'removed', 'disconnected', 'given'],
  ['L23', 'disconnected', 'restored', 'reconnecting', 'server-restarted'],
];

const CLIENT: readonly Row[] = [
  ['C1', 'disconnected', 'transport-activity', 'transport-connected', 'transport-activity'],
  ['C1', 'transport-connected', 'login-started', 'login-pending', 'login-started'],
  ['C1', 'login-failed', 'login-started', 'login-pending', 'login-started'],
  ['C2', 'login-pending', 'login-accepted', 'logged-in', 'login-succeeded'],
  ['C2', 'login-pending', 'resume-accepted', 'logged-in', 'resumed'],
  ['C2', 'login-pending', 'login-refused', 'login-failed', 'given'],
  ['C3', 'logged-in', 'deadline-passed', 'timed-out', 'liveness-timeout'],
  ['C3', 'timed-out', 'deadline-passed', 'reconnecting', 'kept'],
  ['C4', 'logged-in', 'transport-lost', 'reconnecting', 'given'],
  ['C4', 'logged-in', 'host-closed', 'reconnecting', 'given'],
  ['C5', 'reconnecting', 'login-accepted', 'logged-in', 'login-succeeded'],
  ['C5', 'reconnecting', 'resume-accepted', 'logged-in', 'resumed'],
  ['C5', 'reconnecting', 'login-refused', 'disconnected', 'given'],
  ['C5', 'reconnecting', 'deadline-passed', 'disconnected', 'reconnect-window-expired'],
  ['C6', 'login-failed', 'login-refused', 'disconnected', 'given'],
  ['C6', 'transport-connected', 'host-closed', 'disconnected', 'given'],
  ['C6', 'login-pending', 'host-closed', 'disconnected', 'given'],
  ['C6', 'login-failed', 'host-closed', 'disconnected', 'given'],
  ['C6', 'logged-in', 'host-closed', 'disconnected', 'given'],
  ['C6', 'timed-out', 'host-closed', 'disconnected', 'given'],
  ['C6', 'reconnecting', 'host-closed', 'disconnected', 'given'],
  ['C6', 'transport-connected', 'left', 'disconnected', 'left'],
  ['C6', 'login-pending', 'left', 'disconnected', 'left'],
  ['C6', 'login-failed', 'left', 'disconnected', 'left'],
  ['C6', 'logged-in', 'left', 'disconnected', 'left'],
  ['C6', 'timed-out', 'left', 'disconnected', 'left'],
  ['C6', 'reconnecting', 'left', 'disconnected', 'left'],
  ['C8', 'transport-connected', 'transport-lost', 'disconnected', 'given'],
  ['C8', 'login-pending', 'transport-lost', 'disconnected', 'given'],
  ['C8', 'login-failed', 'transport-lost', 'disconnected', 'given'],
  ['C8', 'transport-connected', 'deadline-passed', 'disconnected', 'login-timeout'],
  ['C8', 'login-pending', 'deadline-passed', 'disconnected', 'login-timeout'],
  ['C8', 'login-failed', 'deadline-passed', 'disconnected', 'kept'],
];

function named(side: SessionSide, rows: readonly Row[]): SessionTransition[] {
  return rows.map(([rule, from, event, to, cause]) =>
    Object.freeze({ side, from, event, to, cause, rule }),
  );
}

export const SESSION_TRANSITIONS: readonly SessionTransition[] = Object.freeze([
  ...named('server', SERVER),
  ...named('client', CLIENT),
]);
