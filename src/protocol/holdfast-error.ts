/**
 * Operational errors: something outside our code is not as it must be. Each has a stable code
 * (docs/ERRORS.md) and says whether trying again can help.
 */

/** Every code that a HoldfastError can have, and whether the same call may succeed later. */
export const ERROR_CODES = {
  'invalid-configuration': { retryable: false },
  'invalid-policy': { retryable: false },
  'invalid-message-definition': { retryable: false },
  'invalid-argument': { retryable: false },
  'message-too-large': { retryable: false },
  'port-in-use': { retryable: true },
  'listen-failed': { retryable: true },
  'path-in-use': { retryable: true },
  'already-started': { retryable: false },
  'already-stopped': { retryable: false },
  'not-logged-in': { retryable: true },
  'connection-failed': { retryable: true },
  'connection-lost': { retryable: true },
  'login-refused': { retryable: false },
  'login-timeout': { retryable: true },
  'session-open-elsewhere': { retryable: true },
  'store-in-use': { retryable: true },
  'store-unavailable': { retryable: true },
  'store-corrupt': { retryable: false },
  'store-version-mismatch': { retryable: false },
  'store-outdated': { retryable: false },
  'store-write-failed': { retryable: true },
  'store-overloaded': { retryable: true },
  'store-lost': { retryable: false },
  'data-not-storable': { retryable: false },
  'checkpoint-failed': { retryable: true },
  'world-not-restorable': { retryable: false },
  'world-state-corrupt': { retryable: false },
  'world-state-version-mismatch': { retryable: false },
  'world-state-foreign': { retryable: false },
  'replay-diverged': { retryable: false },
} as const satisfies Record<string, { readonly retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export interface HoldfastErrorOptions {
  readonly cause?: unknown;
  /** Overrides the table, where the other side said so. */
  readonly retryable?: boolean;
  /** The refusal or close code that the other side gave, when there is one. */
  readonly reason?: string;
  /** How long the other side asks to wait before the next try (ms). */
  readonly retryAfterMs?: number;
}

export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly reason: string | undefined;
  /** Milliseconds after which trying again makes sense; 0 = nobody said so. */
  readonly retryAfterMs: number;

  constructor(code: ErrorCode, message: string, options: HoldfastErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? ERROR_CODES[code].retryable;
    this.reason = options.reason;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}
