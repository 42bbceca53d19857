/** What `connect` rejects with, by what ended the first login; and the refusal that is our own. */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { LoginRejected } from '../protocol/messages.ts';

export function loginRefusedError(refusal: LoginRejected): HoldfastError {
  const { code, retryable, retryAfterMs, message } = refusal;
  const text = `the server refused the login: ${message === '' ? code : `${code}, ${message}`}`;
  return new HoldfastError('login-refused', text, { reason: code, retryable, retryAfterMs });
}

/** A server of another version may still say that it takes us. */
export function versionRefusal(protocolVersion: number): LoginRejected {
  return {
    kind: 'login-rejected',
    code: 'version-mismatch',
    retryable: false,
    retryAfterMs: 0,
    message: `the server speaks version ${protocolVersion}`,
  };
}

export function sessionOpenElsewhereError(): HoldfastError {
  const text = 'another tab of this browser plays on with this session';
  return new HoldfastError('session-open-elsewhere', text);
}

export interface LoginClosed {
  /** The server's word; undefined for a plain loss. */
  readonly code: string | undefined;
  readonly retryable: boolean;
  readonly message?: string | undefined;
  /** Whether there was a connection at all. */
  readonly hasOpened: boolean;
  readonly url: string;
  /** What the platform said of it, such as ECONNREFUSED. */
  readonly failure?: string | undefined;
}

export function loginClosedError(closed: LoginClosed): HoldfastError {
  const { code, retryable, message, hasOpened, url, failure } = closed;
  if (code === undefined) {
    const text = hasOpened
      ? 'the connection was lost before the login was settled'
      : `no connection to ${url} came about`;
    return new HoldfastError(
      hasOpened ? 'connection-lost' : 'connection-failed',
      failure === undefined || failure === '' ? text : `${text}: ${failure}`,
    );
  }
  const text = `the server closed the connection before the login was settled: ${code}`;
  return new HoldfastError(
    code === 'login-timeout' ? 'login-timeout' : 'connection-lost',
    message === undefined || message === '' ? text : `${text}, ${message}`,
    { reason: code, retryable },
  );
}
