/**
 * From which rate of offences on a session is suspicious, and below which it is so no longer. Two
 * thresholds for each kind, so that a rate near one of them doesn't raise and clear in turns. In:
 * what the user gives. Out: all of it, checked. Must not know: sessions, who is told.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';

/** What an input or a message can be that an honest client's seldom is. */
export const SUSPICION_KINDS = [
  /** Verdict `stale`. */
  'stale',
  /** Verdict `duplicate`. */
  'duplicate',
  /** Verdict `clamped`. */
  'clamped',
  /** Rejected with `too-far-ahead`. */
  'ahead',
  /** Rejected for what no client of yours sends: numbers, ticks, names, payloads. */
  'invalid',
  /** Rejected by a rule of the game. */
  'refused',
  /** Over the budget of messages, or of inputs that wait. */
  'flood',
] as const;

export type SuspicionKind = (typeof SUSPICION_KINDS)[number];

export interface SuspicionThresholds {
  /** Offences per second, averaged over the window. `Infinity` = never. */
  readonly raiseAtPerSecond: number;
  /** Less than `raiseAtPerSecond`. Default: a quarter of it. */
  readonly clearAtPerSecond: number;
}

export interface SuspicionLimits extends Readonly<Record<SuspicionKind, SuspicionThresholds>> {
  /** How far back the average looks, 1,000 to 600,000 ms. Default 10 000. */
  readonly windowMs: number;
  /**
   * After a login or resume, while clocks are brought into step, `stale` and `ahead` don't count;
   * for half of the time at most. 0 to 60,000 ms. Default 5 000.
   */
  readonly graceMs: number;
}

/** What a user may give: any part of it. */
export type SuspicionConfig = Partial<Pick<SuspicionLimits, 'windowMs' | 'graceMs'>> & {
  readonly [Kind in SuspicionKind]?: Partial<SuspicionThresholds>;
};

/** Raised at, as a share of the tick rate: an honest player sends one input per tick. */
const RAISE_AT_SHARE: Readonly<Record<SuspicionKind, number>> = {
  stale: 0.4,
  duplicate: 0.4,
  // Deliberate: whoever wants the full speed may ask for more than that, and gains nothing.
  clamped: Infinity,
  ahead: 0.4,
  invalid: 0.05,
  // A trigger that is held is a shot per tick, most of them in the cooldown.
  refused: 1.25,
  flood: 0.4,
};
/** By default nobody is suspected for one offence, however slow the ticks or short the window. */
const STANDARD_OFFENCES_MIN = 2;
const CLEAR_SHARE = 0.25;
const WINDOW_MS = { min: 1_000, max: 600_000, standard: 10_000 };
const GRACE_MS = { min: 0, max: 60_000, standard: 5_000 };

function refuse(name: string, problem: string): never {
  throw new HoldfastError('invalid-configuration', `suspicion.${name} ${problem}`);
}

function checkNames(given: object, known: readonly string[], prefix: string): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) refuse(`${prefix}${name}`, 'is not an option');
  }
}

function durationOf(
  name: 'windowMs' | 'graceMs',
  given: number | undefined,
  { min, max, standard }: typeof WINDOW_MS,
): number {
  const value = given ?? standard;
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  return refuse(name, `must be a number from ${min} to ${max}, not ${String(value)}`);
}

function thresholdsOf(
  kind: SuspicionKind,
  given: Partial<SuspicionThresholds> | undefined,
  { tickRateHz, windowMs }: { readonly tickRateHz: number; readonly windowMs: number },
): SuspicionThresholds {
  if (typeof (given ?? {}) !== 'object' || given === null) refuse(kind, 'must be an object');
  checkNames(given ?? {}, ['raiseAtPerSecond', 'clearAtPerSecond'], `${kind}.`);
  // What one offence alone adds.
  const least = 1_000 / windowMs;
  const standard = Math.max(RAISE_AT_SHARE[kind] * tickRateHz, STANDARD_OFFENCES_MIN * least);
  const { raiseAtPerSecond = standard } = given ?? {};
  const { clearAtPerSecond = CLEAR_SHARE * raiseAtPerSecond } = given ?? {};
  if (typeof raiseAtPerSecond !== 'number' || !(raiseAtPerSecond >= least)) {
    refuse(`${kind}.raiseAtPerSecond`, `must be at least ${least}: one in suspicion.windowMs`);
  }
  const isBelow = clearAtPerSecond < raiseAtPerSecond || raiseAtPerSecond === Infinity;
  if (typeof clearAtPerSecond !== 'number' || !(clearAtPerSecond > 0) || !isBelow) {
    refuse(`${kind}.clearAtPerSecond`, 'must be above 0 and less than raiseAtPerSecond');
  }
  return { raiseAtPerSecond, clearAtPerSecond };
}

/** Fills in the defaults; throws `invalid-configuration` naming the option. */
export function validateSuspicionLimits(
  given: SuspicionConfig,
  { tickRateHz }: { readonly tickRateHz: number },
): SuspicionLimits {
  checkNames(given, ['windowMs', 'graceMs', ...SUSPICION_KINDS], '');
  const windowMs = durationOf('windowMs', given.windowMs, WINDOW_MS);
  const graceMs = durationOf('graceMs', given.graceMs, GRACE_MS);
  const of = (kind: SuspicionKind): SuspicionThresholds =>
    thresholdsOf(kind, given[kind], { tickRateHz, windowMs });
  return {
    windowMs,
    graceMs,
    stale: of('stale'),
    duplicate: of('duplicate'),
    clamped: of('clamped'),
    ahead: of('ahead'),
    invalid: of('invalid'),
    refused: of('refused'),
    flood: of('flood'),
  };
}
