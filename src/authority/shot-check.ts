/** What can be said of a ShootInput on arrival, and when it runs. */
import type { ShootInput } from '../protocol/messages.ts';
import { judgeLookAhead, judgeTick } from './tick-check.ts';
import { rejected, type Verdict } from './verdict.ts';

const NOT_FINITE = rejected('not-finite');

/** Undefined: the shot waits for its tick. A late one is not stale: that is for combat to say. */
export function judgeShotOnArrival(
  input: ShootInput,
  lastRunTick: number,
  aheadTicksMax: number,
): Verdict | undefined {
  const isFinite =
    Number.isFinite(input.directionX) &&
    Number.isFinite(input.directionY) &&
    Number.isFinite(input.viewTick);
  if (!isFinite) return NOT_FINITE;
  return judgeTick(input.tick) ?? judgeLookAhead(input.tick, lastRunTick, aheadTicksMax);
}

/** The first tick ≥ the input's, but at most one after the next: a shot waits no longer. */
export function dueTickOf(input: ShootInput, lastRunTick: number): number {
  const nextTick = lastRunTick + 1;
  return Math.min(Math.max(input.tick, nextTick), nextTick + 1);
}
