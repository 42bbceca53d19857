/** The shared session lifecycle vocabulary: the same seven words on client and server. */
export const SESSION_STATES = [
  'disconnected',
  'transport-connected',
  'login-pending',
  'logged-in',
  'login-failed',
  'timed-out',
  'reconnecting',
] as const;

export type SessionState = (typeof SESSION_STATES)[number];
