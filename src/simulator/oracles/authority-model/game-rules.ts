/**
 * The numbers of the shipped game, written from the design and its options' documentation, not read
 * from the code that they judge. A run with other rules is judged by other numbers, or not at all.
 */
import type { RandomStreams } from '../../../base/random-source.ts';

/** A rectangle without obstacles, in metres. */
export interface Field {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface GameRules {
  readonly field: Field;
  /** Empty: anywhere on the field. */
  readonly spawnPoints: readonly { readonly x: number; readonly y: number }[];
  readonly speedMetresPerSecond: number;
  readonly bodyRadiusMetres: number;
  readonly hitPoints: number;
  readonly damage: number;
  readonly cooldownMs: number;
  readonly respawnMs: number;
  readonly shotReachMetres: number;
  readonly hitRadiusMetres: number;
  /** How far off a shot at a named target may be aimed, beyond the hit radius. */
  readonly aimToleranceMetres: number;
  /** How far back targets are looked for at most. */
  readonly rewindMsMax: number;
  /** How far behind what has come an honest client shows others. */
  readonly viewDelayMsMax: number;
  /** How far ahead of the last tick that ran an input may be. */
  readonly aheadTicksMax: number;
  /** How many ticks the last input is repeated when the next is missing. */
  readonly holdTicksMax: number;
  /** Shots of one player that may wait. */
  readonly waitingShotsMax: number;
  /** After a stall the host runs so many ticks at once at most. */
  readonly catchUpTicksMax: number;
  /** Where the run's randomness came from. Default: made from its seed. */
  readonly streams?: RandomStreams;
}

export const SHIPPED_GAME_RULES: GameRules = Object.freeze({
  field: Object.freeze({ minX: 0, minY: 0, maxX: 40, maxY: 24 }),
  spawnPoints: Object.freeze([]),
  speedMetresPerSecond: 6,
  bodyRadiusMetres: 0.5,
  hitPoints: 100,
  damage: 25,
  cooldownMs: 250,
  respawnMs: 3_000,
  shotReachMetres: 25,
  hitRadiusMetres: 0.5,
  aimToleranceMetres: 0.25,
  rewindMsMax: 200,
  viewDelayMsMax: 100,
  aheadTicksMax: 8,
  holdTicksMax: 2,
  waitingShotsMax: 8,
  catchUpTicksMax: 5,
});
