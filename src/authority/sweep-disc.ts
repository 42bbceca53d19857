/**
 * Where a disc that moves along a straight line first touches something: the one geometric question
 * behind sliding along walls (radius of a body) and lines of sight (radius 0).
 * In: a motion and a geometry. Out: the first contact, or undefined. Exact, so nothing tunnels.
 *
 * A disc against a box is a point against the box grown by the radius with round corners: the union
 * of two grown boxes and four circles. Method: Ericson, "Real-Time Collision Detection" (2004), 5.3
 * and 5.5; ours ignores a contact that the motion leaves, so that resting on a wall is no prison.
 */
import type { ArenaGeometry, Box, Obstacle, Point } from './arena-geometry.ts';

/** A straight move of a disc: from (x, y) by (deltaX, deltaY). Metres. */
export interface Motion {
  readonly x: number;
  readonly y: number;
  readonly deltaX: number;
  readonly deltaY: number;
  readonly radius: number;
}

export interface Contact {
  /** Part of the motion that is free: 0 ≤ fraction ≤ 1. */
  readonly fraction: number;
  /** Unit vector away from what was touched. */
  readonly normalX: number;
  readonly normalY: number;
}

/** The first contact with an obstacle or the bounds. */
export function sweepArena(motion: Motion, geometry: ArenaGeometry): Contact | undefined {
  const first = sweepObstacles(motion, geometry.obstacles);
  return earlier(first, sweepBounds(motion, geometry.bounds));
}

/** The first contact with an obstacle; bounds don't count. */
export function sweepObstacles(
  motion: Motion,
  obstacles: readonly Obstacle[],
): Contact | undefined {
  let first: Contact | undefined;
  for (const obstacle of obstacles) {
    first = earlier(
      first,
      obstacle.shape === 'circle'
        ? sweepCircle(motion, obstacle, obstacle.radius + motion.radius)
        : sweepRoundedBox(motion, obstacle),
    );
  }
  return first;
}

/**
 * The first contact of the motion's centre with a circle of the given radius (the motion's own
 * radius is not added).
 */
export function sweepCircle(motion: Motion, centre: Point, radius: number): Contact | undefined {
  const fromX = motion.x - centre.x;
  const fromY = motion.y - centre.y;
  const approach = fromX * motion.deltaX + fromY * motion.deltaY;
  if (approach >= 0) return undefined;
  const outside = fromX * fromX + fromY * fromY - radius * radius;
  if (outside <= 0) return contactAt(0, fromX, fromY);
  const lengthSquared = motion.deltaX * motion.deltaX + motion.deltaY * motion.deltaY;
  const discriminant = approach * approach - lengthSquared * outside;
  if (discriminant < 0) return undefined;
  // The smaller root of |from + t·delta| = radius, in the form that does not cancel.
  const fraction = outside / (-approach + Math.sqrt(discriminant));
  if (fraction > 1) return undefined;
  return contactAt(fraction, fromX + fraction * motion.deltaX, fromY + fraction * motion.deltaY);
}

function contactAt(fraction: number, awayX: number, awayY: number): Contact {
  const length = Math.sqrt(awayX * awayX + awayY * awayY);
  return { fraction, normalX: awayX / length, normalY: awayY / length };
}

function sweepRoundedBox(motion: Motion, box: Box): Contact | undefined {
  const { radius } = motion;
  if (!mayTouch(motion, box)) return undefined;
  let first = sweepBox(motion, {
    minX: box.minX - radius,
    minY: box.minY,
    maxX: box.maxX + radius,
    maxY: box.maxY,
  });
  if (radius === 0) return first;
  const tall = { ...box, minY: box.minY - radius, maxY: box.maxY + radius };
  first = earlier(first, sweepBox(motion, tall));
  for (const x of [box.minX, box.maxX]) {
    for (const y of [box.minY, box.maxY]) {
      first = earlier(first, sweepCircle(motion, { x, y }, radius));
    }
  }
  return first;
}

/** Whether the motion's own bounding box, grown by the radius, overlaps the box. */
function mayTouch(motion: Motion, box: Box): boolean {
  const { x, y, deltaX, deltaY, radius } = motion;
  return (
    Math.min(x, x + deltaX) - radius <= box.maxX &&
    Math.max(x, x + deltaX) + radius >= box.minX &&
    Math.min(y, y + deltaY) - radius <= box.maxY &&
    Math.max(y, y + deltaY) + radius >= box.minY
  );
}

function sweepBox(motion: Motion, box: Box): Contact | undefined {
  const { x, y, deltaX, deltaY } = motion;
  // Signed distance to the nearest face per axis: > 0 outside, < 0 inside.
  const outsideX = Math.max(box.minX - x, x - box.maxX);
  const outsideY = Math.max(box.minY - y, y - box.maxY);
  if (outsideX <= 0 && outsideY <= 0) {
    const alongX = outsideX >= outsideY;
    const normalX = alongX ? (x - box.minX < box.maxX - x ? -1 : 1) : 0;
    const normalY = alongX ? 0 : y - box.minY < box.maxY - y ? -1 : 1;
    const isLeaving = deltaX * normalX + deltaY * normalY >= 0;
    return isLeaving ? undefined : { fraction: 0, normalX, normalY };
  }
  const enterX = entry(deltaX, box.minX - x, box.maxX - x);
  const enterY = entry(deltaY, box.minY - y, box.maxY - y);
  const fraction = Math.max(enterX, enterY);
  const leave = Math.min(
    exit(deltaX, box.minX - x, box.maxX - x),
    exit(deltaY, box.minY - y, box.maxY - y),
  );
  // Deliberate: `>=`, so that sliding along a face is not touching it.
  if (fraction < 0 || fraction > 1 || fraction >= leave) return undefined;
  return enterX > enterY
    ? { fraction, normalX: deltaX > 0 ? -1 : 1, normalY: 0 }
    : { fraction, normalX: 0, normalY: deltaY > 0 ? -1 : 1 };
}

/**
 * When the motion enters the slab [near, far], both relative to its start; ±Infinity: never, ever.
 */
function entry(delta: number, near: number, far: number): number {
  if (delta > 0) return near / delta;
  if (delta < 0) return far / delta;
  return near < 0 && far > 0 ? -Infinity : Infinity;
}

function exit(delta: number, near: number, far: number): number {
  if (delta > 0) return far / delta;
  if (delta < 0) return near / delta;
  return near < 0 && far > 0 ? Infinity : -Infinity;
}

function sweepBounds(motion: Motion, bounds: Box): Contact | undefined {
  const { x, y, deltaX, deltaY, radius } = motion;
  const wallX = deltaX > 0 ? bounds.maxX - radius - x : bounds.minX + radius - x;
  const wallY = deltaY > 0 ? bounds.maxY - radius - y : bounds.minY + radius - y;
  const fractionX = deltaX === 0 ? Infinity : Math.max(0, wallX / deltaX);
  const fractionY = deltaY === 0 ? Infinity : Math.max(0, wallY / deltaY);
  const fraction = Math.min(fractionX, fractionY);
  if (fraction > 1) return undefined;
  return fractionX < fractionY
    ? { fraction, normalX: deltaX > 0 ? -1 : 1, normalY: 0 }
    : { fraction, normalX: 0, normalY: deltaY > 0 ? -1 : 1 };
}

function earlier(first: Contact | undefined, second: Contact | undefined): Contact | undefined {
  if (first === undefined) return second;
  if (second === undefined) return first;
  return second.fraction < first.fraction ? second : first;
}
