/** What stands between two places of the arena, and how far one can go. Pure; metres, radians. */
import { ARENA_BOUNDS, ARENA_OBSTACLES, PLAYER_RADIUS } from './arena-geometry.ts';
import type { ArenaObstacle } from './arena-geometry.ts';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Feelers and views are sampled; finer than the thinnest wall. */
const STEP_METRES = 0.5;
/** A shot is thin, but not nothing: a wall's edge is in the way. */
const SHOT_RADIUS = 0.1;

/** Whether a disc of `radius` at this place would touch the obstacle. */
function touches(obstacle: ArenaObstacle, place: Place, radius: number): boolean {
  if (obstacle.shape === 'circle') {
    return Math.hypot(place.x - obstacle.x, place.y - obstacle.y) < obstacle.radius + radius;
  }
  const asideX = Math.max(obstacle.minX - place.x, 0, place.x - obstacle.maxX);
  const asideY = Math.max(obstacle.minY - place.y, 0, place.y - obstacle.maxY);
  return Math.hypot(asideX, asideY) < radius;
}

function isFree(place: Place): boolean {
  const { minX, minY, maxX, maxY } = ARENA_BOUNDS;
  if (place.x < minX + PLAYER_RADIUS || place.x > maxX - PLAYER_RADIUS) return false;
  if (place.y < minY + PLAYER_RADIUS || place.y > maxY - PLAYER_RADIUS) return false;
  return !ARENA_OBSTACLES.some((obstacle) => touches(obstacle, place, PLAYER_RADIUS));
}

/** How far a player can go in this direction, at most `reach`. */
export function freeAhead(from: Place, heading: number, reach: number): number {
  for (let distance = STEP_METRES; distance < reach; distance += STEP_METRES) {
    const place = {
      x: from.x + Math.cos(heading) * distance,
      y: from.y + Math.sin(heading) * distance,
    };
    if (!isFree(place)) return distance - STEP_METRES;
  }
  return reach;
}

/** Whether nothing stands between two places. */
export function hasClearView(from: Place, to: Place): boolean {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const steps = Math.ceil(distance / STEP_METRES);
  for (let step = 1; step < steps; step += 1) {
    const share = step / steps;
    const place = { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
    if (ARENA_OBSTACLES.some((obstacle) => touches(obstacle, place, SHOT_RADIUS))) return false;
  }
  return true;
}
