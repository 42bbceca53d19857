/** A roster of any size in frames of bounded size. */
import type { Roster } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

/**
 * Cuts a roster into rosters of at most `WIRE_LIMITS.rosterEntriesMax` entries, to be sent in this
 * order: only the first may be complete, the others add to it. A short one is returned as it is.
 */
export function splitRoster(roster: Roster): readonly Roster[] {
  const { entered, left } = roster;
  const size = WIRE_LIMITS.rosterEntriesMax;
  if (entered.length <= size && left.length <= size) return [roster];
  const rosters: Roster[] = [];
  for (let start = 0; start < Math.max(entered.length, left.length); start += size) {
    rosters.push({
      kind: 'roster',
      isComplete: roster.isComplete && start === 0,
      entered: entered.slice(start, start + size),
      left: left.slice(start, start + size),
    });
  }
  return rosters;
}
