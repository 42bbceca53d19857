/**
 * Asks the user's `authenticate` hook and makes one typed outcome of whatever it does: answers,
 * refuses, throws, answers nonsense. Never rejects. Must not know: sessions, connections.
 */
import type { PlatformAbortSignal } from '../base/platform-abort-signal.ts';
import type { Result } from '../base/result.ts';
import { LOGIN_REJECTION_CODES } from '../protocol/codes.ts';
import type { PlayerId, WorldId } from '../protocol/ids.ts';
import { ID_LENGTH_MAX, isId as isIdText } from '../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';

/** What is known of the one who logs in, besides the credentials. */
export interface AuthenticateRequest {
  readonly address: string;
  readonly origin: string | undefined;
  /** Aborted at the login deadline, when the connection ends and when the host stops. */
  readonly signal: PlatformAbortSignal;
}

/** A proven player. Ids are 1 to 64 characters of well-formed text. */
export interface Authenticated<Data = unknown> {
  readonly playerId: string;
  /** Default `main`. */
  readonly worldId?: string;
  /** Goes to `session.data`. */
  readonly data?: Data;
}

/** A login that is turned down; made by `refuse`. */
export interface Refusal {
  readonly code: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number;
  readonly message: string;
}

/** Proves who somebody is. `credentials` is the parsed JSON of the client, unchecked. */
export type Authenticate<Data = unknown> = (
  credentials: unknown,
  request: AuthenticateRequest,
) => Authenticated<Data> | RefusedLogin | Promise<Authenticated<Data> | RefusedLogin>;

/** By this a refusal is known, also one that another copy of the package has made. */
const REFUSED = Symbol.for('holdfast.refused-login');

/** The answer of `refuse(…)`. */
export class RefusedLogin {
  readonly refusal: Refusal;
  /** What is wrong with the refusal itself, for the operator. */
  readonly mistake?: unknown;
  constructor(refusal: Refusal, mistake?: unknown) {
    this.refusal = refusal;
    this.mistake = mistake;
    Object.defineProperty(this, REFUSED, { value: true });
  }
}

function isRefusal(answer: unknown): answer is RefusedLogin {
  return typeof answer === 'object' && answer !== null && REFUSED in answer;
}

const CODE_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;
/** Of a code in a message to the operator. */
const QUOTE_LENGTH_MAX = 80;
const MESSAGE_LENGTH_MAX = 200;
/** Longer than any timer waits. */
const RETRY_AFTER_MS_MAX = 2 ** 31 - 1;

/**
 * The answer with which `authenticate` turns a login down. `code` is kebab-case, at most 64
 * characters; one of ours keeps its own `retryable` unless given.
 */
export function refuse(code: string, options: Partial<Omit<Refusal, 'code'>> = {}): RefusedLogin {
  const refusal = refusalFor(code, options);
  return new RefusedLogin(refusal, isCode(code) ? undefined : mistakeIn(code));
}

/** The pattern alone would take `undefined` for a word. */
function isCode(code: unknown): code is string {
  return typeof code === 'string' && CODE_PATTERN.test(code);
}

function mistakeIn(code: unknown): TypeError {
  const quoted = JSON.stringify(String(code).slice(0, QUOTE_LENGTH_MAX));
  return new TypeError(`refuse(${quoted}): a code is kebab-case, at most 64 characters`);
}

/** The full refusal of a code; an ill-formed code becomes `authenticate-failed`. */
export function refusalFor(code: string, options: Partial<Omit<Refusal, 'code'>> = {}): Refusal {
  const known = isCode(code) ? code : 'authenticate-failed';
  const table: Record<string, { readonly retryable: boolean }> = LOGIN_REJECTION_CODES;
  const retryAfterMs = options.retryAfterMs ?? 0;
  return {
    code: known,
    retryable: options.retryable ?? (Object.hasOwn(table, known) && table[known]!.retryable),
    retryAfterMs: retryAfterMs > 0 ? Math.min(Math.trunc(retryAfterMs), RETRY_AFTER_MS_MAX) : 0,
    message: (options.message ?? '').slice(0, MESSAGE_LENGTH_MAX),
  };
}

/** The answer to a client that speaks another version; undefined = it speaks ours. */
export function versionRefusal(protocolVersion: number): Refusal | undefined {
  if (protocolVersion === PROTOCOL_VERSION) return undefined;
  const message = `this server speaks protocol version ${PROTOCOL_VERSION}`;
  return refusalFor('version-mismatch', { message });
}

/** A player that the hook has proven, ids branded. */
export interface ProvenPlayer {
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  readonly data: unknown;
}

export interface AuthenticationFailure {
  readonly refusal: Refusal;
  /** What the hook threw, or what is wrong with its answer: for the operator, never the wire. */
  readonly hookError?: unknown;
}

const WORLD_ID_DEFAULT = 'main';

function isId(value: unknown): value is string {
  return typeof value === 'string' && isIdText(value);
}

function failed(hookError: unknown): Result<never, AuthenticationFailure> {
  return { ok: false, error: { refusal: refusalFor('authenticate-failed'), hookError } };
}

function refused({ refusal, mistake }: RefusedLogin): Result<never, AuthenticationFailure> {
  return {
    ok: false,
    error: mistake === undefined ? { refusal } : { refusal, hookError: mistake },
  };
}

function judgeAnswer(answer: unknown): Result<ProvenPlayer, AuthenticationFailure> {
  if (isRefusal(answer)) return refused(answer);
  if (typeof answer !== 'object' || answer === null) {
    return failed(new TypeError('it must answer { playerId, … } or refuse(…)'));
  }
  const { playerId, worldId = WORLD_ID_DEFAULT, data } = answer as Partial<Authenticated>;
  if (!isId(playerId))
    return failed(new TypeError(`its playerId must be a text of 1–${ID_LENGTH_MAX} characters`));
  if (!isId(worldId))
    return failed(new TypeError(`its worldId must be a text of 1–${ID_LENGTH_MAX} characters`));
  return {
    ok: true,
    value: { playerId: playerId as PlayerId, worldId: worldId as WorldId, data },
  };
}

function parseCredentials(text: string): Result<unknown, AuthenticationFailure> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false, error: { refusal: refusalFor('malformed-credentials') } };
  }
}

/** `credentials` is JSON text as it came from the wire. */
export async function tryAuthenticate(
  authenticate: Authenticate,
  credentials: string,
  request: AuthenticateRequest,
): Promise<Result<ProvenPlayer, AuthenticationFailure>> {
  const parsed = parseCredentials(credentials);
  if (!parsed.ok) return parsed;
  try {
    return judgeAnswer(await authenticate(parsed.value, request));
  } catch (error) {
    // `throw refuse(…)` means what it says.
    if (isRefusal(error)) return refused(error);
    return failed(error ?? new Error('authenticate threw nothing'));
  }
}
