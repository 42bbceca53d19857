/** What a player of a chaos run does: walks about, never stands still, shoots at who is near. */
import type { Move, PlayerView, Shot } from 'holdfast/client';

/** From there on a player walks back to the middle. Metres. */
const EDGE_X = 26;
const EDGE_Y = 16;
const RANGE_METRES = 20;
/** Ticks from one change of direction to the next. */
const STRAIGHT_TICKS = 16;
/** Radians; no multiple of it comes back to the same direction soon. */
const TURN = 2.4;

export function chooseMove(self: PlayerView | undefined, turn: number): Move {
  const isOutside = self !== undefined && (Math.abs(self.x) > EDGE_X || Math.abs(self.y) > EDGE_Y);
  const yaw = isOutside
    ? Math.atan2(-self.y, -self.x)
    : (Math.floor(turn / STRAIGHT_TICKS) * TURN) % (2 * Math.PI);
  return { directionX: Math.cos(yaw), directionY: Math.sin(yaw), yaw };
}

/** At the nearest who lives; undefined when nobody is in reach or the player is dead. */
export function chooseShot(
  self: PlayerView | undefined,
  players: Iterable<PlayerView>,
): Shot | undefined {
  if (self?.fields['isAlive'] !== 1) return undefined;
  let nearest: PlayerView | undefined;
  let least = RANGE_METRES;
  for (const other of players) {
    const distance = Math.hypot(other.x - self.x, other.y - self.y);
    if (other.playerId === self.playerId || other.fields['isAlive'] !== 1) continue;
    if (distance < least && distance > 0) [nearest, least] = [other, distance];
  }
  if (nearest === undefined) return undefined;
  return {
    directionX: nearest.x - self.x,
    directionY: nearest.y - self.y,
    targetPlayerId: nearest.playerId,
  };
}
