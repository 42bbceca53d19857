/** Entry `holdfast/session`: the state machine, one peer's session and everybody's. Pure. */
export { backOffMs } from './back-off.ts';
export type { BackOffOptions } from './back-off.ts';
export type {
  HeartbeatReceipt,
  LoginFailure,
  LoginSuccess,
  RestoredSession,
  ResumeRefusal,
  ResumeStart,
  ResumeSuccess,
  SessionEvaluation,
} from './coordinator-calls.ts';
export { createLifecycle } from './lifecycle.ts';
export type {
  AttemptKind,
  Lifecycle,
  LifecycleEffect,
  LifecycleEvent,
  LifecycleEventKind,
  LifecyclePolicy,
  LifecycleStep,
  SessionSide,
} from './lifecycle.ts';
export type { ManagedSession } from './managed-session.ts';
export { MultiSessionManager } from './multi-session-manager.ts';
export type { MultiSessionManagerOptions } from './multi-session-manager.ts';
export { SESSION_CAUSES } from './session-cause.ts';
export type { SessionCause } from './session-cause.ts';
export type { SessionCounter, SessionCounters } from './session-counters.ts';
export type { SessionEvent, SessionSubscriber } from './session-event.ts';
export type { SessionHistoryEntry } from './session-history.ts';
export { SessionManager } from './session-manager.ts';
export type {
  AcceptedLogin,
  ClientSessionEvent,
  ClosedByServer,
  RefusedLogin,
  SessionManagerOptions,
} from './session-manager.ts';
export { DEFAULT_SESSION_POLICY, validateSessionPolicy } from './session-policy.ts';
export type { GhostPolicy, SessionPolicy, TakeoverPolicy } from './session-policy.ts';
export type { ProvenPlayer } from './session-record.ts';
export { SESSION_REFUSALS } from './session-refusal.ts';
export type { SessionRefusal } from './session-refusal.ts';
export { SESSION_STATES } from './session-state.ts';
export type { SessionState } from './session-state.ts';
export { step } from './step.ts';
export { SESSION_TRANSITIONS } from './transitions.ts';
export type { SessionTransition, TransitionCause } from './transitions.ts';
