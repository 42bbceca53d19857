/**
 * Which snapshots can be baselines, by their age in ticks, and so how many both ends keep:
 * docs/adr/0023-a-ladder-of-baselines.md.
 */

/** The snapshots of 1 to 4 ticks ago are, */
const YOUNG_RUNGS = 4;
/** and before them those of ticks that are multiples of 4, */
const RUNG_SPACING_TICKS = 4;
/** as many: the oldest is 20 ticks old at most, 1 s at 20 Hz. */
const OLD_RUNGS = 4;

export const SNAPSHOT_LADDER = {
  youngRungs: YOUNG_RUNGS,
  spacingTicks: RUNG_SPACING_TICKS,
  oldRungs: OLD_RUNGS,
  /** With the newest. */
  snapshotsKept: YOUNG_RUNGS + RUNG_SPACING_TICKS * OLD_RUNGS + 1,
} as const;
