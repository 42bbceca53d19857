/**
 * Which player a shot is meant for. The server looks back to what its shooter saw, and its aim
 * tolerance covers what rounding and a bad line leave, for the one who is named: who is under the
 * crosshair. Range, line of sight and aim stay the server's to check. Pure.
 */
import { PLAYER_RADIUS, SHOT_RANGE_METRES } from '../shared/arena-geometry.ts';
import { hasClearView } from '../shared/arena-sight.ts';
import type { Point } from './camera.ts';

export interface AimTarget extends Point {
  readonly playerId: string;
  readonly isAlive: boolean;
}

/** A little beyond the disc, so that the edge of what is seen counts. Metres. */
const REACH = PLAYER_RADIUS * 1.15;

/** The nearest living player that the ray meets, in range and sight. `direction` has length 1. */
export function pickAimTarget<Target extends AimTarget>(
  origin: Point,
  direction: Point,
  others: Iterable<Target>,
): Target | undefined {
  let nearest: Target | undefined;
  let nearestAlong = SHOT_RANGE_METRES;
  for (const other of others) {
    if (!other.isAlive) continue;
    const toX = other.x - origin.x;
    const toY = other.y - origin.y;
    const along = toX * direction.x + toY * direction.y;
    const aside = Math.abs(toX * direction.y - toY * direction.x);
    if (along <= 0 || along > nearestAlong || aside > REACH) continue;
    nearest = other;
    nearestAlong = along;
  }
  return nearest !== undefined && hasClearView(origin, nearest) ? nearest : undefined;
}
