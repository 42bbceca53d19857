/**
 * Why a session moved. State says *that*, cause says *why*. Besides the words below, a cause can
 * be a refusal's code, a close code of the host, or the reason that was given to `remove`.
 */
export const SESSION_CAUSES = [
  'transport-activity',
  'login-started',
  'login-succeeded',
  'login-timeout',
  'liveness-timeout',
  'transport-lost',
  'resumed',
  'taken-over',
  'superseded',
  'merged',
  'left',
  'reconnect-window-expired',
  'server-restarted',
] as const;

export type SessionCause = (typeof SESSION_CAUSES)[number] | (string & {});
