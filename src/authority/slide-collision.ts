/**
 * How a body that meets a wall goes on: up to the wall, then along it with what is left of the
 * move. In: a wanted motion. Out: where it ends; never further away than the motion is long.
 * Method: "collide and slide" as in Quake's SV_FlyMove (id Software, 1996), in two dimensions.
 */
import type { ArenaGeometry, Point } from './arena-geometry.ts';
import { sweepArena, type Motion } from './sweep-disc.ts';

/** What a wanted motion becomes in a geometry. Pure; must not leave the geometry's free places. */
export type CollisionFunction = (motion: Motion, geometry: ArenaGeometry) => Point;

/** Two walls make a corner; one more attempt settles rounding. */
const CONTACTS_MAX = 4;
/** Gap kept before a wall, below the 1 mm that snapshots show. */
const SKIN_METRES = 1e-6;

/** The shipped collision: slides along obstacles and bounds. */
export function slideCollision(motion: Motion, geometry: ArenaGeometry): Point {
  let { x, y, deltaX, deltaY } = motion;
  for (let contacts = 0; contacts < CONTACTS_MAX; contacts += 1) {
    const length = Math.sqrt(deltaX * deltaX + deltaY * deltaY);
    if (length === 0) break;
    const contact = sweepArena({ x, y, deltaX, deltaY, radius: motion.radius }, geometry);
    if (contact === undefined) return { x: x + deltaX, y: y + deltaY };
    const travelled = Math.max(0, contact.fraction - SKIN_METRES / length);
    x += deltaX * travelled;
    y += deltaY * travelled;
    const into = deltaX * contact.normalX + deltaY * contact.normalY;
    const left = 1 - contact.fraction;
    deltaX = (deltaX - into * contact.normalX) * left;
    deltaY = (deltaY - into * contact.normalY) * left;
    // A slide that turns back is a corner: stay.
    if (deltaX * motion.deltaX + deltaY * motion.deltaY <= 0) break;
  }
  return { x, y };
}
