/**
 * Whether a shot reaches somebody, by the server's own geometry. Pure: places and a ray in, the
 * place of impact or a code out. Must not know: hit points, cooldowns, ticks.
 */
import type { InputRejectionCode } from '../protocol/codes.ts';
import type { Result } from '../base/result.ts';
import type { ArenaGeometry, Point } from './arena-geometry.ts';
import type { CombatRules } from './combat-options.ts';
import { freeDistance, hasLineOfSight } from './line-of-sight.ts';
import { sweepCircle } from './sweep-disc.ts';

/** A shot from `origin` along a unit vector. */
export interface Ray {
  readonly origin: Point;
  readonly directionX: number;
  readonly directionY: number;
}

type ShotProblem = Extract<
  InputRejectionCode,
  'out-of-range' | 'no-line-of-sight' | 'aim-mismatch'
>;

/**
 * Judges a shot at a named target: range, then line of sight, then aim, then the shot's own way,
 * which within the tolerance may graze what the sight does not. Ok: where it hits.
 */
export function judgeAimedShot(
  shot: { readonly ray: Ray; readonly target: Point },
  rules: CombatRules,
  geometry: ArenaGeometry,
): Result<Point, ShotProblem> {
  const { ray, target } = shot;
  const toX = target.x - ray.origin.x;
  const toY = target.y - ray.origin.y;
  const distanceSquared = toX * toX + toY * toY;
  if (distanceSquared > rules.rangeMetres * rules.rangeMetres) return failure('out-of-range');
  if (!hasLineOfSight(geometry, ray.origin, target)) return failure('no-line-of-sight');
  // Nearest point of the ray to the target's centre; the ray begins at the shooter.
  const along = Math.max(0, toX * ray.directionX + toY * ray.directionY);
  const offX = toX - along * ray.directionX;
  const offY = toY - along * ray.directionY;
  const allowed = rules.hitRadiusMetres + rules.aimToleranceMetres;
  if (offX * offX + offY * offY > allowed * allowed) return failure('aim-mismatch');
  const impact = pointAlong(ray, along);
  if (!hasLineOfSight(geometry, ray.origin, impact)) return failure('no-line-of-sight');
  return { ok: true, value: impact };
}

/** The first of `targets` (by index) that the ray meets before an obstacle and within range. */
export function traceShot(
  shot: { readonly ray: Ray; readonly targets: readonly Point[] },
  rules: CombatRules,
  geometry: ArenaGeometry,
): { readonly hit: number | undefined; readonly impact: Point } {
  const { ray, targets } = shot;
  const full = {
    x: ray.directionX * rules.rangeMetres,
    y: ray.directionY * rules.rangeMetres,
  };
  let reach = freeDistance(geometry, ray.origin, full);
  let hit: number | undefined;
  targets.forEach((target, index) => {
    const distance = distanceUntilHit(ray, target, rules);
    if (distance >= reach) return;
    reach = distance;
    hit = index;
  });
  return { hit, impact: pointAlong(ray, reach) };
}

/** Metres along the ray to the edge of the target's disc; Infinity: never. 0: begins inside. */
function distanceUntilHit(ray: Ray, target: Point, rules: CombatRules): number {
  const { rangeMetres, hitRadiusMetres } = rules;
  const offX = ray.origin.x - target.x;
  const offY = ray.origin.y - target.y;
  if (offX * offX + offY * offY <= hitRadiusMetres * hitRadiusMetres) return 0;
  const motion = {
    ...ray.origin,
    deltaX: ray.directionX * rangeMetres,
    deltaY: ray.directionY * rangeMetres,
    radius: 0,
  };
  const contact = sweepCircle(motion, target, hitRadiusMetres);
  return contact === undefined ? Infinity : contact.fraction * rangeMetres;
}

function pointAlong(ray: Ray, distance: number): Point {
  return {
    x: ray.origin.x + ray.directionX * distance,
    y: ray.origin.y + ray.directionY * distance,
  };
}

function failure(error: ShotProblem): Result<never, ShotProblem> {
  return { ok: false, error };
}
