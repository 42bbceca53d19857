/** What `connect` rejects with, by what ended the first login. */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { LoginRejected } from '../protocol/messages.ts';

export function loginRefusedError({ code, retryable, message }: LoginRejected): HoldfastError {
  const text = `the server refused the login: ${message === '' ? code : `${code}, ${message}`}`;
  return new HoldfastError('login-refused', text, { reason: code, retryable });
}

export interface LoginClosed {
  /** The server's word; undefined for a plain loss. */
  readonly code: string | undefined;
  readonly retryable: boolean;
  readonly message?: string | undefined;
  /** Whether there was a connection at all. */
  readonly hasOpened: boolean;
}

export function loginClosedError({ code, retryable, message, hasOpened }: LoginClosed) {
  if (code === undefined) {
    return hasOpened
      ? new HoldfastError('connection-lost', 'the connection was lost before the login was settled')
      : new HoldfastError('connection-failed', 'no connection to the server came about');
  }
  const text = `the server closed the connection before the login was settled: ${code}`;
  return new HoldfastError(
    code === 'login-timeout' ? 'login-timeout' : 'connection-lost',
    message === undefined || message === '' ? text : `${text}, ${message}`,
    { reason: code, retryable },
  );
}
