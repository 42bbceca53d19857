/** What one frame shows: plain values, so that the painters know no client and no network. */
import type { Point } from './camera.ts';
import type { ShownNetcode } from './netcode-painter.ts';
import type { ShownSticks } from './touch-sticks.ts';

export interface ScenePlayer {
  readonly playerId: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** Radians, 0 = to the right, growing clockwise on the screen. */
  readonly yaw: number;
  /** 0 to 1. */
  readonly health: number;
  readonly isAlive: boolean;
  /** The seat is held, the connection is gone. */
  readonly isSuspended: boolean;
  readonly isSelf: boolean;
}

export interface Scene {
  readonly players: readonly ScenePlayer[];
  readonly self: ScenePlayer | undefined;
  /** Where the pointer aims, in metres. */
  readonly aim: Point | undefined;
  /** Undefined while nobody wants to see it. */
  readonly netcode: ShownNetcode | undefined;
  /** Undefined where nobody plays by touch. */
  readonly sticks: ShownSticks | undefined;
  /** The picture is from a connection that is gone: shown dimmed. */
  readonly isFrozen: boolean;
}
