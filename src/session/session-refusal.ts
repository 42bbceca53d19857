/** Why an event was refused: ignored, counted under this word, no session changed. */
export const SESSION_REFUSALS = [
  /** Through a handle whose connection or session is over (L14), or that is not one of ours. */
  'dead-handle',
  /** First contact during removeAll or after stop (L1). */
  'contact-refused',
  /** A Login where none may start (L3b). */
  'login-not-expected',
  /** A Login after the last attempt, or after the login deadline (L3). */
  'login-attempts-used-up',
  /** An answer that is not for the attempt now pending (L8). */
  'login-answer-stale',
  /** LoginAccepted with an older epoch of the same session (C7). */
  'login-epoch-stale',
  /** What counts only in `logged-in`: gameplay, heartbeats, Leave (L9, L12a, L22). */
  'not-logged-in',
  /** An answer to a heartbeat where none was sent. */
  'heartbeat-not-expected',
  /** Any other event in a state that does not expect it. */
  'event-not-expected',
] as const;

export type SessionRefusal = (typeof SESSION_REFUSALS)[number];
