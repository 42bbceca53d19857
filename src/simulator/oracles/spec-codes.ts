/**
 * Which of the server's words are final, written from docs/PROTOCOL.md and docs/ERRORS.md and not
 * from the code: what a client makes of a word, and what the server says of it, are held against
 * this. In: a code. Out: whether the same client may try again; undefined = a word of the game's,
 * or one that says so itself.
 */
const CLOSES: ReadonlyMap<string, boolean> = new Map([
  ['protocol-error', false],
  ['rate-limited', false],
  ['internal-error', false],
  ['slow-consumer', true],
  ['liveness-timeout', true],
  ['login-timeout', true],
  ['login-failed', false],
  ['superseded', false],
  ['evicted', false],
  ['server-stopped', false],
  ['server-full', true],
  ['world-failed', false],
  ['left', false],
  ['draining', true],
]);

/** `already-logged-in` says itself: who is only too early may, who was overtaken may not. */
const REFUSALS: ReadonlyMap<string, boolean> = new Map([
  ['bad-credentials', false],
  ['malformed-credentials', false],
  ['version-mismatch', false],
  ['authenticate-failed', true],
  ['login-timeout', true],
  ['world-unavailable', true],
  ['world-full', true],
  ['address-full', true],
  ['resume-refused', false],
  ['busy', true],
]);

export function isCloseRetryable(code: string): boolean | undefined {
  return CLOSES.get(code);
}

export function isRefusalRetryable(code: string): boolean | undefined {
  return REFUSALS.get(code);
}
