/** How players move in a world, checked before the first of them does. */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { createArenaGeometry, type ArenaGeometry } from './arena-geometry.ts';
import { checkNumberOption } from './option-check.ts';
import { slideCollision, type CollisionFunction } from './slide-collision.ts';

export interface MovementOptions {
  /** Default: a plain field of 40 m × 24 m. */
  readonly geometry?: ArenaGeometry;
  /** Full speed. Default 6. */
  readonly speedMetresPerSecond?: number;
  /** Of a body, for obstacles and bounds. Default 0.5. */
  readonly radiusMetres?: number;
  /** Default: slides along obstacles and bounds. */
  readonly collide?: CollisionFunction;
  /** How far back places are remembered for shots, rounded up to ticks. Default 200. */
  readonly historyMs?: number;
}

/** Fills in the defaults; throws HoldfastError('invalid-configuration') naming the option. */
export function validateMovementOptions(options: MovementOptions = {}): Required<MovementOptions> {
  const all = {
    geometry: options.geometry ?? createArenaGeometry(),
    speedMetresPerSecond: options.speedMetresPerSecond ?? 6,
    radiusMetres: options.radiusMetres ?? 0.5,
    collide: options.collide ?? slideCollision,
    historyMs: options.historyMs ?? 200,
  };
  checkNumberOption('movement.speedMetresPerSecond', all.speedMetresPerSecond, {
    min: 0,
    max: 10_000,
  });
  checkNumberOption('movement.radiusMetres', all.radiusMetres, { min: 0, max: 1_000 });
  checkNumberOption('movement.historyMs', all.historyMs, { min: 0, max: 1_000 });
  const { minX, minY, maxX, maxY } = all.geometry.bounds;
  if (Math.min(maxX - minX, maxY - minY) <= 2 * all.radiusMetres) {
    throw new HoldfastError(
      'invalid-configuration',
      'movement.radiusMetres must leave room inside geometry.bounds',
    );
  }
  return all;
}
