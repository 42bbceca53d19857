/**
 * How players move in the arena: what the server decides by and what the page predicts with, one
 * value for both, so that they cannot differ.
 */
import { createArenaGeometry } from 'holdfast/authority';
import type { MovementOptions } from 'holdfast/authority';
import {
  ARENA_BOUNDS,
  ARENA_OBSTACLES,
  PLAYER_RADIUS,
  PLAYER_SPEED_METRES_PER_SECOND,
} from './arena-geometry.ts';

export const ARENA_MOVEMENT = {
  geometry: createArenaGeometry({ bounds: ARENA_BOUNDS, obstacles: ARENA_OBSTACLES }),
  radiusMetres: PLAYER_RADIUS,
  speedMetresPerSecond: PLAYER_SPEED_METRES_PER_SECOND,
} as const satisfies MovementOptions;
