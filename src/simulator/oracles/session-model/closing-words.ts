/**
 * Which words the rules have for the end of a connection, written down from docs/ERRORS.md: not
 * read from the code that is judged.
 */
import type { SessionState } from '../../../session/session-state.ts';

/** Every code of a Close, and whether the seat is held after it. */
const HOLDS_SEAT: Readonly<Record<string, boolean>> = {
  'protocol-error': false,
  'rate-limited': false,
  'internal-error': false,
  'slow-consumer': true,
  'liveness-timeout': true,
  'login-timeout': true,
  'login-failed': false,
  superseded: false,
  evicted: false,
  'server-stopped': false,
  'server-full': true,
  'world-failed': false,
  left: false,
  draining: true,
};

const REFUSAL = /^[a-z][a-z0-9-]{0,63}$/;

/** Nobody has been proven on the connection. */
export function isBeforeLogin(state: SessionState): boolean {
  return state === 'transport-connected' || state === 'login-pending' || state === 'login-failed';
}

export function isCloseWord(cause: string): boolean {
  return Object.hasOwn(HOLDS_SEAT, cause);
}

/** Where a session goes that was `logged-in` when the host closed its connection with this word. */
export function holdsSeat(word: string): boolean {
  return HOLDS_SEAT[word] === true;
}

/** What the peer of a removed session hears. */
export function closeWordFor(from: SessionState, cause: string): string {
  if (isCloseWord(cause)) return cause;
  return isBeforeLogin(from) ? 'login-failed' : 'evicted';
}

/** What the peer of a refused login hears. */
export function refusalWordFor(cause: string): string {
  return REFUSAL.test(cause) ? cause : 'authenticate-failed';
}
