/** How long a session may stay in each state, and what happens to what it leaves in the world. */
import { HoldfastError } from '../protocol/holdfast-error.ts';

/** What the world does with the entity from the entry into `timed-out`/`reconnecting` on. */
export type GhostPolicy = 'vulnerable' | 'protected' | 'removed';

/** Who keeps the seat when a player logs in a second time. */
export type TakeoverPolicy = 'replace' | 'reject';

export interface SessionPolicy {
  /** From first contact to `logged-in`. Default 10 000. */
  readonly loginTimeoutMs: number;
  /** Login attempts per connection. Default 3. */
  readonly loginAttemptsMax: number;
  /** Default 2 000. */
  readonly heartbeatIntervalMs: number;
  /** Silence that a `logged-in` session may keep. At least 2 × heartbeat. Default 10 000. */
  readonly livenessTimeoutMs: number;
  /** How long the seat is held; 0 = not at all. Default 30 000. */
  readonly reconnectWindowMs: number;
  /** A longer gap between two evaluations is our stall, not the peers' silence. Default 1 000. */
  readonly stallMsMax: number;
  /**
   * What a fresh login of a player who is already in does: it gets the seat, or it is refused while
   * the older connection lives. Default `replace`.
   */
  readonly takeover: TakeoverPolicy;
  readonly ghost: GhostPolicy;
}

/** The defaults that docs/SESSION-LIFECYCLE.md promises; a test holds the two equal. */
export const DEFAULT_SESSION_POLICY: SessionPolicy = Object.freeze({
  loginTimeoutMs: 10_000,
  loginAttemptsMax: 3,
  heartbeatIntervalMs: 2_000,
  livenessTimeoutMs: 10_000,
  reconnectWindowMs: 30_000,
  stallMsMax: 1_000,
  takeover: 'replace',
  ghost: 'vulnerable',
});

/** Node turns a timer of 2^31 ms or more into one of 1 ms, so no duration reaches it. */
const DURATION_MS_MAX = 2 ** 31 - 1;

/** Smallest and largest value of each number. */
const BOUNDS = {
  loginTimeoutMs: [1, DURATION_MS_MAX],
  loginAttemptsMax: [1, 1_000],
  heartbeatIntervalMs: [1, DURATION_MS_MAX],
  livenessTimeoutMs: [2, DURATION_MS_MAX],
  reconnectWindowMs: [0, DURATION_MS_MAX],
  stallMsMax: [1, DURATION_MS_MAX],
} as const satisfies Partial<Record<keyof SessionPolicy, readonly [number, number]>>;

const CHOICES = {
  takeover: ['replace', 'reject'],
  ghost: ['vulnerable', 'protected', 'removed'],
} as const satisfies Partial<Record<keyof SessionPolicy, readonly string[]>>;

/**
 * The whole policy: what was given, the defaults for the rest, frozen.
 * Throws HoldfastError `invalid-policy` that names the option.
 */
export function validateSessionPolicy(partial: Partial<SessionPolicy> = {}): SessionPolicy {
  const given = Object.entries(partial).filter(([, value]) => value !== undefined);
  for (const [option] of given) {
    if (!Object.hasOwn(DEFAULT_SESSION_POLICY, option)) refuse(option, 'is not an option');
  }
  const policy: SessionPolicy = { ...DEFAULT_SESSION_POLICY, ...Object.fromEntries(given) };
  for (const option of Object.keys(BOUNDS) as (keyof typeof BOUNDS)[]) {
    checkNumber(option, policy[option]);
  }
  for (const [option, words] of Object.entries(CHOICES)) {
    const value: unknown = policy[option as keyof typeof CHOICES];
    const isChoice = words.some((word) => word === value);
    if (!isChoice) refuse(option, `is ${choiceOf(words)}, not '${String(value)}'`);
  }
  if (!Number.isInteger(policy.loginAttemptsMax)) refuse('loginAttemptsMax', 'is a whole number');
  if (policy.livenessTimeoutMs < 2 * policy.heartbeatIntervalMs) {
    refuse('livenessTimeoutMs', 'is at least 2 × heartbeatIntervalMs: one heartbeat may be lost');
  }
  return Object.freeze(policy);
}

/**
 * What a client begins with: its own time for the login, the rest until the server says its own.
 * A browser loads no more of the check than this. Throws as `validateSessionPolicy`.
 */
export function createClientPolicy(loginTimeoutMs = DEFAULT_SESSION_POLICY.loginTimeoutMs) {
  checkNumber('loginTimeoutMs', loginTimeoutMs);
  return { ...DEFAULT_SESSION_POLICY, loginTimeoutMs } satisfies SessionPolicy;
}

function checkNumber(option: keyof typeof BOUNDS, value: unknown): void {
  const [min, max] = BOUNDS[option];
  const isNumber = typeof value === 'number' && value >= min && value <= max;
  if (!isNumber) refuse(option, `is a number from ${min} to ${max}, not ${String(value)}`);
}

/** `'vulnerable', 'protected' or 'removed'`. */
function choiceOf(words: readonly string[]): string {
  const quoted = words.map((word) => `'${word}'`);
  const last = quoted.pop() ?? '';
  return `${quoted.join(', ')} or ${last}`;
}

function refuse(option: string, rule: string): never {
  throw new HoldfastError('invalid-policy', `policy.${option} ${rule}`);
}
