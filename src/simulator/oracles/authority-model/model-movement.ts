/**
 * Where bodies go, by the design alone: one step a tick and player, full speed at most, along the
 * walls of a field; where players appear. Own arithmetic: nothing of authority/ is used.
 */
import type { Field, GameRules } from './game-rules.ts';
import type { ModelPlayer } from './model-player.ts';

/** A vector this much longer than 1 has only been through a float. */
const LENGTH_TOLERANCE = 0.001;
/** Bodies stop so far before a wall. */
const WALL_GAP_METRES = 0.000_001;
/** Two walls meet in a corner; a walk along them ends there. */
const WALLS_MAX = 4;
const SPAWN_CANDIDATES = 16;
const FULL_TURN = 2 * Math.PI;

interface Vector {
  readonly x: number;
  readonly y: number;
}

/** Whether the server must bound what the input asks for. */
export function asksTooMuch(direction: Vector): boolean {
  return Math.hypot(direction.x, direction.y) > 1 + LENGTH_TOLERANCE;
}

/** Forgets where the player wanted to go; where it looks stays. */
export function stand(player: ModelPlayer): void {
  player.wish = undefined;
}

/** One tick of one body, and what is remembered of it. */
export function advance(player: ModelPlayer, tick: number, pace: Pace): void {
  move(player, tick, pace);
  player.trail.add(tick, player);
}

function move(player: ModelPlayer, tick: number, pace: Pace): void {
  const { wish } = player;
  if (!player.isMobile) stand(player);
  else if (wish !== undefined && tick - wish.tick > pace.rules.holdTicksMax) stand(player);
  if (player.wish === undefined || wish === undefined) return;
  player.yaw = ((wish.yaw % FULL_TURN) + FULL_TURN) % FULL_TURN;
  const length = Math.hypot(wish.directionX, wish.directionY);
  if (length === 0) return;
  const metres = Math.min(1, length) * pace.metresPerTick;
  const way = { x: (wish.directionX / length) * metres, y: (wish.directionY / length) * metres };
  const end = slide(player, way, pace.room);
  player.x = end.x;
  player.y = end.y;
}

export interface Pace {
  readonly rules: GameRules;
  readonly metresPerTick: number;
  /** Where the centres of bodies may be. */
  readonly room: Field;
}

export function paceOf(rules: GameRules, tickRateHz: number): Pace {
  const { field, bodyRadiusMetres: radius } = rules;
  return {
    rules,
    metresPerTick: rules.speedMetresPerSecond / tickRateHz,
    room: {
      minX: field.minX + radius,
      minY: field.minY + radius,
      maxX: field.maxX - radius,
      maxY: field.maxY - radius,
    },
  };
}

/** How often `delta` fits between `from` and the wall it leads to. */
export function timesToWall(from: number, delta: number, [low, high]: readonly number[]): number {
  if (delta === 0) return Infinity;
  return Math.max(0, ((delta > 0 ? high! : low!) - from) / delta);
}

/** Up to the first wall, and what is left of the way along it. */
function slide(from: Vector, way: Vector, room: Field): Vector {
  let { x, y } = from;
  let { x: alongX, y: alongY } = way;
  for (let walls = 0; walls < WALLS_MAX; walls += 1) {
    const length = Math.hypot(alongX, alongY);
    if (length === 0) break;
    const timesX = timesToWall(x, alongX, [room.minX, room.maxX]);
    const timesY = timesToWall(y, alongY, [room.minY, room.maxY]);
    const times = Math.min(timesX, timesY);
    if (times > 1) return { x: x + alongX, y: y + alongY };
    const free = Math.max(0, times - WALL_GAP_METRES / length);
    x += alongX * free;
    y += alongY * free;
    alongX = timesX < timesY ? 0 : alongX * (1 - times);
    alongY = timesX < timesY ? alongY * (1 - times) : 0;
  }
  return { x, y };
}

/**
 * Where a player appears: of its own candidates the one furthest from everybody who lives there.
 * Each candidate is three draws: one that picks a spawn point, and a place for want of any.
 */
export function appear(player: ModelPlayer, others: Iterable<ModelPlayer>, pace: Pace): void {
  const { spawnPoints } = pace.rules;
  const { minX, minY, maxX, maxY } = pace.room;
  const living = [...others].filter((other) => other !== player && other.isAlive);
  let largest = -1;
  for (let count = 0; count < SPAWN_CANDIDATES; count += 1) {
    const point = spawnPoints[Math.floor(player.random() * spawnPoints.length)];
    const x = point?.x ?? minX + player.random() * (maxX - minX);
    const y = point?.y ?? minY + player.random() * (maxY - minY);
    const nearest = Math.min(...living.map((other) => Math.hypot(other.x - x, other.y - y)));
    if (nearest <= largest) continue;
    largest = nearest;
    player.x = x;
    player.y = y;
  }
}
