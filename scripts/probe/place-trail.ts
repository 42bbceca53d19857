/**
 * Where a target truly was in the ticks of the last 200 ms, to judge hits by. In: its place at each
 * tick. Out: how near a ray came to it. Shares no code with the server's history.
 */
import type { Point } from 'holdfast/authority';
import type { PlayerId } from 'holdfast/protocol';

/** 200 ms at 20 Hz. */
const REWIND_TICKS_MAX = 4;
const TICKS_KEPT = 200;
const PARTS_PER_TICK = 16;
/** The server's default for a shot at a named target (docs/REWIND.md). */
const AIM_TOLERANCE_METRES = 0.25;

export interface ProbeRay {
  readonly origin: Point;
  /** Of any length above 0. */
  readonly directionX: number;
  readonly directionY: number;
}

/** From a place to the nearest point of a ray; metres. */
export function distanceToRay(place: Point, { origin, directionX, directionY }: ProbeRay): number {
  const length = Math.hypot(directionX, directionY);
  const [x, y] = [place.x - origin.x, place.y - origin.y];
  const along = Math.max(0, (x * directionX + y * directionY) / length);
  return Math.hypot(x - (along * directionX) / length, y - (along * directionY) / length);
}

export class PlaceTrail {
  /** Undefined: of nobody yet. */
  playerId: PlayerId | undefined;
  readonly aimToleranceMetres = AIM_TOLERANCE_METRES;
  readonly #places = new Map<number, Point>();

  note(tick: number, { x, y }: Point): void {
    this.#places.set(tick, { x, y });
    this.#places.delete(tick - TICKS_KEPT);
  }

  /** Of the ray to where the target was within 200 ms before the end of `tick`. */
  leastDistance(ray: ProbeRay, tick: number): number {
    let least = Infinity;
    for (let part = 0; part <= REWIND_TICKS_MAX * PARTS_PER_TICK; part += 1) {
      const place = this.#placeAt(tick - part / PARTS_PER_TICK);
      if (place !== undefined) least = Math.min(least, distanceToRay(place, ray));
    }
    return least;
  }

  #placeAt(tick: number): Point | undefined {
    const before = this.#places.get(Math.floor(tick));
    const after = this.#places.get(Math.ceil(tick));
    if (before === undefined || after === undefined) return undefined;
    const share = tick - Math.floor(tick);
    return {
      x: before.x + (after.x - before.x) * share,
      y: before.y + (after.y - before.y) * share,
    };
  }
}
