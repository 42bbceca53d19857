/**
 * Where a player appears: a few random candidates, and of those that are free the one furthest from
 * everybody else. In: geometry, the others' places, the world's random numbers. Out: a place.
 */
import { isFree, type ArenaGeometry, type Point } from './arena-geometry.ts';

export interface SpawnSearch {
  readonly geometry: ArenaGeometry;
  readonly radiusMetres: number;
  /** Places to keep away from. */
  readonly others: readonly Point[];
  /** Uniform in [0, 1). */
  random(): number;
}

/** Enough to find a free place on a field that is three quarters obstacles, 99 times in 100. */
const CANDIDATES = 16;

/** A place for a disc of the given radius. When no candidate is free, the last one all the same. */
export function pickSpawn(search: SpawnSearch): Point {
  let best: Point | undefined;
  let bestDistance = -1;
  let candidate: Point = { x: 0, y: 0 };
  for (let count = 0; count < CANDIDATES; count += 1) {
    candidate = randomPlace(search);
    if (!isFree(search.geometry, candidate, search.radiusMetres)) continue;
    const distance = distanceToNearest(candidate, search.others);
    if (distance <= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best ?? candidate;
}

function randomPlace(search: SpawnSearch): Point {
  const { geometry, radiusMetres } = search;
  const { spawnPoints, bounds } = geometry;
  const chosen = spawnPoints[Math.floor(search.random() * spawnPoints.length)];
  if (chosen !== undefined) return chosen;
  const width = bounds.maxX - bounds.minX - 2 * radiusMetres;
  const height = bounds.maxY - bounds.minY - 2 * radiusMetres;
  return {
    x: bounds.minX + radiusMetres + search.random() * width,
    y: bounds.minY + radiusMetres + search.random() * height,
  };
}

/** Squared metres; Infinity when there is nobody. */
function distanceToNearest(place: Point, others: readonly Point[]): number {
  let nearest = Infinity;
  for (const other of others) {
    const dx = other.x - place.x;
    const dy = other.y - place.y;
    nearest = Math.min(nearest, dx * dx + dy * dy);
  }
  return nearest;
}
