/** How a shot hurts, checked before the first is fired. Times are given in ms, kept in ticks. */
import { checkNumberOption } from './option-check.ts';
import type { RewindRules } from './rewound-tick.ts';

export interface CombatOptions {
  /** Default 100. */
  readonly hitPointsMax?: number;
  /** Hit points that one hit takes. Default 25. */
  readonly damagePerHit?: number;
  /** Least time between two accepted shots of a player, rounded up to ticks. Default 250. */
  readonly cooldownMs?: number;
  /** How far a shot reaches. Default 25. */
  readonly rangeMetres?: number;
  /** A ray that passes this near to a player's centre hits. Default 0.5. */
  readonly hitRadiusMetres?: number;
  /**
   * How much further off a shot at a *named* target may be aimed: what its shooter saw may be older
   * than `rewindMsMax`. Default 0.25.
   */
  readonly aimToleranceMetres?: number;
  /** From death to the next life, rounded up to ticks. Default 3 000. */
  readonly respawnDelayMs?: number;
  /**
   * How far back targets are looked for where their shooter saw them, at the most; 0 to 1 000.
   * 0: present places count. Default 200.
   */
  readonly rewindMsMax?: number;
  /**
   * How far behind the newest snapshot an honest client may show others; with the shooter's round
   * trip and one tick it bounds a rewind below `rewindMsMax`. 0 to 1 000. Default 100.
   */
  readonly interpolationDelayMsMax?: number;
}

/** The options as combat uses them. */
export interface CombatRules {
  readonly hitPointsMax: number;
  readonly damagePerHit: number;
  readonly cooldownTicks: number;
  readonly rangeMetres: number;
  readonly hitRadiusMetres: number;
  readonly aimToleranceMetres: number;
  readonly respawnDelayTicks: number;
  readonly rewind: RewindRules;
}

const MS_BOUNDS = { min: 0, max: 86_400_000 };
const VIEW_MS_BOUNDS = { min: 0, max: 1_000 };
const METRES_BOUNDS = { min: 0, max: 1_000_000 };
const POINTS_BOUNDS = { min: 1, max: 1_000_000, isInteger: true };

/** Fills in the defaults; throws HoldfastError('invalid-configuration') naming the option. */
export function createCombatRules(options: CombatOptions, tickRateHz: number): CombatRules {
  const {
    hitPointsMax = 100,
    damagePerHit = 25,
    cooldownMs = 250,
    rangeMetres = 25,
    hitRadiusMetres = 0.5,
    aimToleranceMetres = 0.25,
    respawnDelayMs = 3_000,
    rewindMsMax = 200,
    interpolationDelayMsMax = 100,
  } = options;
  checkNumberOption('combat.hitPointsMax', hitPointsMax, POINTS_BOUNDS);
  checkNumberOption('combat.damagePerHit', damagePerHit, POINTS_BOUNDS);
  checkNumberOption('combat.cooldownMs', cooldownMs, MS_BOUNDS);
  checkNumberOption('combat.rangeMetres', rangeMetres, METRES_BOUNDS);
  checkNumberOption('combat.hitRadiusMetres', hitRadiusMetres, METRES_BOUNDS);
  checkNumberOption('combat.aimToleranceMetres', aimToleranceMetres, METRES_BOUNDS);
  checkNumberOption('combat.respawnDelayMs', respawnDelayMs, MS_BOUNDS);
  checkNumberOption('combat.rewindMsMax', rewindMsMax, VIEW_MS_BOUNDS);
  checkNumberOption('combat.interpolationDelayMsMax', interpolationDelayMsMax, VIEW_MS_BOUNDS);
  return {
    hitPointsMax,
    damagePerHit,
    // At least one tick: two shots of one player in one tick would be judged on the same state.
    cooldownTicks: Math.max(1, Math.ceil((cooldownMs * tickRateHz) / 1_000)),
    rangeMetres,
    hitRadiusMetres,
    aimToleranceMetres,
    respawnDelayTicks: Math.max(1, Math.ceil((respawnDelayMs * tickRateHz) / 1_000)),
    rewind: { rewindMsMax, interpolationDelayMsMax, tickRateHz },
  };
}
