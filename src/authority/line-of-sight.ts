/** Rays through a geometry: who can see what, and where a shot ends that hits nobody. */
import type { ArenaGeometry, Point } from './arena-geometry.ts';
import { sweepArena, sweepObstacles } from './sweep-disc.ts';

/** True when no obstacle lies between the two places. */
export function hasLineOfSight(geometry: ArenaGeometry, from: Point, to: Point): boolean {
  const motion = { x: from.x, y: from.y, deltaX: to.x - from.x, deltaY: to.y - from.y, radius: 0 };
  return sweepObstacles(motion, geometry.obstacles) === undefined;
}

/** How many metres of `ray` (a full-length vector from `from`) are free of obstacles and bounds. */
export function freeDistance(geometry: ArenaGeometry, from: Point, ray: Point): number {
  const motion = { x: from.x, y: from.y, deltaX: ray.x, deltaY: ray.y, radius: 0 };
  const contact = sweepArena(motion, geometry);
  return Math.sqrt(ray.x * ray.x + ray.y * ray.y) * (contact?.fraction ?? 1);
}
