/** The two questions about an input's tick that don't depend on what the player did before. */
import { rejected, type Verdict } from './verdict.ts';

const INVALID_TICK = rejected('invalid-tick');
const TOO_FAR_AHEAD = rejected('too-far-ahead');

/** Rejects what is no tick: fractions, negatives, NaN, infinities. */
export function judgeTick(tick: number): Verdict | undefined {
  return Number.isInteger(tick) && tick >= 0 ? undefined : INVALID_TICK;
}

/** Rejects a tick further than `aheadTicksMax` from the last that ran, 2^53 and beyond included. */
export function judgeLookAhead(
  tick: number,
  lastRunTick: number,
  aheadTicksMax: number,
): Verdict | undefined {
  return tick - lastRunTick > aheadTicksMax ? TOO_FAR_AHEAD : undefined;
}
