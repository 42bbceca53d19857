/** Why an event was refused: ignored, counted under this word, no session changed. */
export const SESSION_REFUSALS = [
  /** Through a handle whose connection or session is over (L14), or that is not one of ours. */
  'dead-handle',
  /** First contact or a restore during removeAll or after stop (L1, L23). */
  'contact-refused',
  /** A Login or Resume where none may start (L3b). */
  'login-not-expected',
  /** A Login after the last attempt, or after the login deadline (L3). */
  'login-attempts-used-up',
  /** A Resume after the third of its connection, or after the login deadline (L17). */
  'resume-attempts-used-up',
  /** An answer that is not for the attempt now pending (L8). */
  'login-answer-stale',
  /** A Resume of a session that there is not, or that nobody has been proven in (L17). */
  'resume-target-unknown',
  /** A Resume that was verified for an older epoch: another one was faster (L17). */
  'resume-epoch-changed',
  /** A record of a session or player that is here already (L23). */
  'restore-refused',
  /** LoginAccepted with an older epoch of the same session (C7). */
  'login-epoch-stale',
  /** An accepted Resume of a session that is not ours (C7). */
  'resume-of-another-session',
  /** What counts only in `logged-in`: gameplay, heartbeats, Leave (L9, L12a, L22). */
  'not-logged-in',
  /** An answer to a heartbeat where none was sent. */
  'heartbeat-not-expected',
  /** Any other event in a state that does not expect it. */
  'event-not-expected',
] as const;

export type SessionRefusal = (typeof SESSION_REFUSALS)[number];
