/** What `connect` rejects with, by what ended the first login; and the refusal that is our own. */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { SnapshotFieldDefinitions } from '../protocol/define-snapshot-fields.ts';
import type { LoginAccepted, LoginRejected, SnapshotField } from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';

export function loginRefusedError(refusal: LoginRejected): HoldfastError {
  const { code, retryable, retryAfterMs, message } = refusal;
  const text = `the server refused the login: ${message === '' ? code : `${code}, ${message}`}`;
  return new HoldfastError('login-refused', text, { reason: code, retryable, retryAfterMs });
}

/**
 * Why a server that takes us is refused: it speaks another version, or its snapshots lack what the
 * game reads. Undefined = it is not.
 */
export function ownRefusal(
  { protocolVersion, snapshotFields }: LoginAccepted,
  wanted: SnapshotFieldDefinitions | undefined,
): LoginRejected | undefined {
  if (protocolVersion !== PROTOCOL_VERSION) {
    return refuse('version-mismatch', `the server speaks version ${protocolVersion}`);
  }
  const lacking = wanted?.list.find((field) => !snapshotFields.some((its) => isSame(field, its)));
  if (lacking === undefined) return undefined;
  const its = snapshotFields.find(({ name }) => name === lacking.name);
  const said = its === undefined ? 'does not have it' : `has ${describe(its)}`;
  return refuse('fields-mismatch', `the game reads ${describe(lacking)}, and the server ${said}`);
}

function isSame(one: SnapshotField, other: SnapshotField): boolean {
  const isNamesake = one.name === other.name && one.interpolation === other.interpolation;
  return isNamesake && one.precision === other.precision;
}

function describe({ name, precision, interpolation }: SnapshotField): string {
  return `the snapshot field '${name}' (${interpolation}, precision ${precision})`;
}

function refuse(code: 'version-mismatch' | 'fields-mismatch', message: string): LoginRejected {
  return { kind: 'login-rejected', code, retryable: false, retryAfterMs: 0, message };
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
