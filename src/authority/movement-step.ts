/**
 * One player's movement in one tick: a pure function of state, intent and rules, the same bits on
 * server and client. In: where the player is and what they want. Out: where they are one step
 * later. Must not know: ticks, sessions, who calls it.
 */
import type { ArenaGeometry } from './arena-geometry.ts';
import { directionOf } from './direction.ts';
import type { CollisionFunction } from './slide-collision.ts';

export interface MovementState {
  /** Metres. */
  readonly x: number;
  readonly y: number;
  /** Radians in [0, 2π). */
  readonly yaw: number;
}

/** The movement part of a MoveInput. All finite. */
export interface MoveIntent {
  /** Length 1 is full speed; longer counts as 1, zero stops. */
  readonly directionX: number;
  readonly directionY: number;
  /** Radians, any turn. */
  readonly yaw: number;
}

export interface MovementRules {
  readonly stepSeconds: number;
  readonly speedMetresPerSecond: number;
  readonly radiusMetres: number;
  readonly geometry: ArenaGeometry;
  readonly collide: CollisionFunction;
}

const TURN = 2 * Math.PI;
/** Unit vectors that went through a float may be this much longer than 1 without being a lie. */
const DIRECTION_TOLERANCE = 1e-3;

/** Where `intent` takes the player within one step; never further than speed × step. */
export function movementStep(
  state: MovementState,
  intent: MoveIntent,
  rules: MovementRules,
): MovementState {
  const direction = directionOf(intent.directionX, intent.directionY);
  const yaw = wrapAngle(intent.yaw);
  if (direction.length === 0) return yaw === state.yaw ? state : { x: state.x, y: state.y, yaw };
  const distance = Math.min(direction.length, 1) * rules.speedMetresPerSecond * rules.stepSeconds;
  const end = rules.collide(
    {
      x: state.x,
      y: state.y,
      deltaX: direction.x * distance,
      deltaY: direction.y * distance,
      radius: rules.radiusMetres,
    },
    rules.geometry,
  );
  return { x: end.x, y: end.y, yaw };
}

/** True when the intent asks for more than full speed, so that the step bounds it. */
export function isOverlong(intent: MoveIntent): boolean {
  return directionOf(intent.directionX, intent.directionY).length > 1 + DIRECTION_TOLERANCE;
}

/** The same angle in [0, 2π). */
export function wrapAngle(angle: number): number {
  const rest = angle % TURN;
  const wrapped = rest < 0 ? rest + TURN : rest;
  // A tiny negative rest rounds up to a full turn, which is 0. `+ 0` makes -0 plain.
  return wrapped >= TURN ? 0 : wrapped + 0;
}
