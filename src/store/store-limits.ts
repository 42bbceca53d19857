/**
 * How much may wait for a slow disk, and from when on it is called slow. In: what the operator
 * gave. Out: the same with defaults, checked; throws HoldfastError('invalid-configuration').
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';

export interface StoreLimits {
  /** Session writes that may wait; one more is refused with `store-overloaded`. Default 4 096. */
  readonly waitingSessionWritesMax: number;
  /** Bytes of checkpoints and journals that may wait. Default 16 777 216 (16 MiB). */
  readonly waitingWorldBytesMax: number;
  /** Bytes of one session's ids and `data`, as they are stored. Default 16 384. */
  readonly sessionRecordBytesMax: number;
  /** A commit that takes longer makes the store `degraded` until it has ended. Default 1 000 ms. */
  readonly commitSlowMs: number;
  /** How long writes gather after a commit has failed. Default 250 ms, a checkpoint's cadence. */
  readonly commitRetryDelayMs: number;
  /** How long `close` waits for a disk that doesn't answer. Default 5 000 ms. */
  readonly closeTimeoutMs: number;
}

export const DEFAULT_STORE_LIMITS: StoreLimits = Object.freeze({
  waitingSessionWritesMax: 4_096,
  waitingWorldBytesMax: 16 * 1_024 * 1_024,
  sessionRecordBytesMax: 16_384,
  commitSlowMs: 1_000,
  commitRetryDelayMs: 250,
  closeTimeoutMs: 5_000,
});

/** Longest delay that a Scheduler takes. */
const DELAY_MS_MAX = 2 ** 31 - 1;

export function validateStoreLimits(partial: Partial<StoreLimits>): StoreLimits {
  const limits: StoreLimits = { ...DEFAULT_STORE_LIMITS, ...partial };
  for (const [name, value] of Object.entries(limits) as [string, unknown][]) {
    const isKnown = Object.hasOwn(DEFAULT_STORE_LIMITS, name);
    const max = name.endsWith('Ms') ? DELAY_MS_MAX : Number.MAX_SAFE_INTEGER;
    if (isKnown && Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= max) {
      continue;
    }
    const problem = isKnown ? `has to be a whole number from 1 to ${max}` : 'is no such option';
    throw new HoldfastError('invalid-configuration', `${name} of the store ${problem}`);
  }
  return limits;
}
