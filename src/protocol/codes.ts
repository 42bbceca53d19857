/**
 * The words with which one side tells the other why. Stable, kebab-case, in docs/ERRORS.md.
 * `retryable` says whether the same client may try again without changing anything.
 */

/** Why the server closes a connection; `webSocketCode` is the status of the WebSocket close. */
export const CLOSE_CODES = {
  'protocol-error': { webSocketCode: 4000, retryable: false },
  'rate-limited': { webSocketCode: 4001, retryable: false },
  'internal-error': { webSocketCode: 4002, retryable: false },
  'slow-consumer': { webSocketCode: 4003, retryable: true },
  'liveness-timeout': { webSocketCode: 4004, retryable: true },
  'login-timeout': { webSocketCode: 4005, retryable: true },
  'login-failed': { webSocketCode: 4006, retryable: false },
  superseded: { webSocketCode: 4007, retryable: false },
  evicted: { webSocketCode: 4008, retryable: false },
  'server-stopped': { webSocketCode: 4009, retryable: false },
  'server-full': { webSocketCode: 4010, retryable: true },
  'world-failed': { webSocketCode: 4011, retryable: false },
  left: { webSocketCode: 4012, retryable: false },
  draining: { webSocketCode: 4013, retryable: true },
} as const satisfies Record<
  string,
  { readonly webSocketCode: number; readonly retryable: boolean }
>;

export type CloseCode = keyof typeof CLOSE_CODES;

/** Why a login or resume is refused; `authenticate` may answer a code of its own besides these. */
export const LOGIN_REJECTION_CODES = {
  'bad-credentials': { retryable: false },
  'malformed-credentials': { retryable: false },
  'version-mismatch': { retryable: false },
  'fields-mismatch': { retryable: false },
  'authenticate-failed': { retryable: true },
  'login-timeout': { retryable: true },
  'world-unavailable': { retryable: true },
  'world-full': { retryable: true },
  'address-full': { retryable: true },
  'already-logged-in': { retryable: true },
  'resume-refused': { retryable: false },
  busy: { retryable: true },
} as const satisfies Record<string, { readonly retryable: boolean }>;

export type LoginRejectionCode = keyof typeof LOGIN_REJECTION_CODES;

/** Why an input was rejected (verdict `rejected`). */
export const INPUT_REJECTION_CODES = [
  'not-logged-in',
  'not-finite',
  'invalid-tick',
  'too-far-ahead',
  'input-queue-full',
  'unknown-input',
  'invalid-payload',
  'shooter-dead',
  'cooldown',
  'target-self',
  'target-unknown',
  'target-dead',
  'target-unavailable',
  'out-of-range',
  'no-line-of-sight',
  'aim-mismatch',
  'no-direction',
  'internal-error',
  'world-failed',
] as const;

export type InputRejectionCode = (typeof INPUT_REJECTION_CODES)[number];

/** Why bytes are not a message. Counted; a peer that keeps sending such is closed. */
export const DECODE_REJECTION_CODES = [
  'frame-empty',
  'frame-too-large',
  'unknown-kind',
  'malformed',
  'out-of-range',
  'text-frame',
  'wrong-lane',
  'unknown-baseline',
] as const;

export type DecodeRejectionCode = (typeof DECODE_REJECTION_CODES)[number];
