/**
 * How far back a shot's targets are looked for: to what the shooter says to have seen, and never
 * further than the server itself has measured that it may have. Pure. Must not know: places.
 */

export interface RewindRules {
  /** No shot looks further back than this. */
  readonly rewindMsMax: number;
  /** How far behind the newest snapshot an honest client may show others. */
  readonly interpolationDelayMsMax: number;
  readonly tickRateHz: number;
}

export interface ShotInstant {
  /** The tick in which the shot runs. */
  readonly tick: number;
  /** What the shooter says to have seen; any number. */
  readonly viewTick: number;
  /** Worst round trip of the shooter's line, as the server has measured it. */
  readonly roundTripMs: number;
}

/** View ticks travel in so many parts of a tick; bounds are rounded down to them. */
const PARTS_PER_TICK = 16;

/**
 * The instant whose places count, in ticks: `viewTick`, but not after the tick that runs, and
 * before it by at most min(`rewindMsMax`, round trip + interpolation delay + 1 tick). NaN is now.
 */
export function rewoundTick(shot: ShotInstant, rules: RewindRules): number {
  const { tick, viewTick } = shot;
  const roundTripMs = shot.roundTripMs > 0 ? shot.roundTripMs : 0;
  const measured = ticksOf(roundTripMs + rules.interpolationDelayMsMax, rules) + 1;
  const longest = Math.min(ticksOf(rules.rewindMsMax, rules), measured);
  const rewind = tick - viewTick;
  return rewind > 0 ? tick - Math.min(rewind, longest) : tick;
}

function ticksOf(ms: number, { tickRateHz }: RewindRules): number {
  return Math.floor((ms * tickRateHz * PARTS_PER_TICK) / 1_000) / PARTS_PER_TICK;
}
