/**
 * The shape of a world: bounds, obstacles, places to spawn. Plain data in metres, shared by the
 * server and (later) the client's prediction. Must not know: players, ticks.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { checkNumberOption } from './option-check.ts';

/** A place, in metres. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An axis-aligned rectangle, in metres. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** What bodies and shots cannot pass. */
export type Obstacle =
  | ({ readonly shape: 'box' } & Box)
  | {
      readonly shape: 'circle';
      readonly x: number;
      readonly y: number;
      readonly radius: number;
    };

export interface ArenaGeometry {
  /** Bodies stay inside with their whole radius. */
  readonly bounds: Box;
  readonly obstacles: readonly Obstacle[];
  /** Empty: anywhere that is free. */
  readonly spawnPoints: readonly Point[];
}

export interface ArenaGeometryOptions {
  /** Default: 40 m × 24 m from the origin. */
  readonly bounds?: Box;
  /** Default: none. */
  readonly obstacles?: readonly Obstacle[];
  /** Default: none, which means anywhere that is free. */
  readonly spawnPoints?: readonly Point[];
}

const DEFAULT_BOUNDS: Box = Object.freeze({ minX: 0, minY: 0, maxX: 40, maxY: 24 });
/** Snapshots carry 1 mm steps; a coordinate must fit 31 bits of them. */
const COORDINATE_MAX_METRES = 1_000_000;

/** A checked geometry. Throws HoldfastError('invalid-configuration') naming the part. */
export function createArenaGeometry(options: ArenaGeometryOptions = {}): ArenaGeometry {
  const bounds = options.bounds ?? DEFAULT_BOUNDS;
  const obstacles = options.obstacles ?? [];
  const spawnPoints = options.spawnPoints ?? [];
  checkBox('geometry.bounds', bounds);
  obstacles.forEach((obstacle, index) => checkObstacle(`geometry.obstacles[${index}]`, obstacle));
  spawnPoints.forEach((point, index) => {
    const option = `geometry.spawnPoints[${index}]`;
    checkCoordinates(option, [point.x, point.y]);
    if (!contains(bounds, point)) fail(`${option} must lie in geometry.bounds`);
  });
  return { bounds, obstacles, spawnPoints };
}

/** True when a disc at `place` touches no obstacle and lies inside the bounds as a whole. */
export function isFree(geometry: ArenaGeometry, place: Point, radius: number): boolean {
  const { bounds } = geometry;
  if (place.x - radius < bounds.minX || place.x + radius > bounds.maxX) return false;
  if (place.y - radius < bounds.minY || place.y + radius > bounds.maxY) return false;
  return geometry.obstacles.every((obstacle) => distanceTo(obstacle, place) >= radius);
}

/** From `place` to the obstacle's edge; 0 or negative inside. Metres. */
export function distanceTo(obstacle: Obstacle, place: Point): number {
  if (obstacle.shape === 'circle') {
    const dx = place.x - obstacle.x;
    const dy = place.y - obstacle.y;
    return Math.sqrt(dx * dx + dy * dy) - obstacle.radius;
  }
  const outsideX = Math.max(obstacle.minX - place.x, place.x - obstacle.maxX);
  const outsideY = Math.max(obstacle.minY - place.y, place.y - obstacle.maxY);
  if (outsideX <= 0 || outsideY <= 0) return Math.max(outsideX, outsideY);
  return Math.sqrt(outsideX * outsideX + outsideY * outsideY);
}

function contains(box: Box, point: Point): boolean {
  return point.x >= box.minX && point.x <= box.maxX && point.y >= box.minY && point.y <= box.maxY;
}

function checkObstacle(option: string, obstacle: Obstacle): void {
  if (obstacle.shape === 'box') {
    checkBox(option, obstacle);
    return;
  }
  checkCoordinates(option, [obstacle.x, obstacle.y]);
  checkNumberOption(`${option}.radius`, obstacle.radius, {
    min: Number.MIN_VALUE,
    max: COORDINATE_MAX_METRES,
  });
}

function checkBox(option: string, box: Box): void {
  checkCoordinates(option, [box.minX, box.minY, box.maxX, box.maxY]);
  if (box.minX >= box.maxX || box.minY >= box.maxY) fail(`${option} must have an area`);
}

function checkCoordinates(option: string, coordinates: readonly number[]): void {
  for (const value of coordinates) {
    checkNumberOption(option, value, { min: -COORDINATE_MAX_METRES, max: COORDINATE_MAX_METRES });
  }
}

function fail(message: string): never {
  throw new HoldfastError('invalid-configuration', message);
}
