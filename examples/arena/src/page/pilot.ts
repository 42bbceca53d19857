/**
 * Turns controls into inputs, once per input tick: where to go, where to look, whether to shoot.
 * In: controls, what is seen. Out: sendMove and shoot. The server decides what becomes of them.
 */
import { freeDistance } from 'holdfast/authority';
import { PLAYER_RADIUS, SHOT_INTERVAL_MS, SHOT_RANGE_METRES } from '../shared/arena-geometry.ts';
import { ARENA_MOVEMENT } from '../shared/arena-movement.ts';
import { pickAimTarget } from './aim-assist.ts';
import { fieldOf } from './arena-view.ts';
import type { Point } from './camera.ts';
import type { Controls } from './controls.ts';
import type { ArenaClient } from './game.ts';
import type { Stage } from './stage.ts';
import type { ShownSticks } from './touch-sticks.ts';

export class Pilot {
  readonly #controls: Controls;
  readonly #stage: Stage;
  #nextShotTick = 0;
  #yaw = 0;

  constructor(controls: Controls, stage: Stage) {
    this.#controls = controls;
    this.#stage = stage;
  }

  /** Where the mouse is in the arena; undefined before it was there, and for thumbs. */
  get aim(): Point | undefined {
    const { pointer } = this.#controls;
    return pointer === undefined ? undefined : this.#stage.toWorld(pointer);
  }

  /** What is to be drawn of the touch sticks; undefined where nobody plays by touch. */
  get sticks(): ShownSticks | undefined {
    return this.#controls.sticks;
  }

  /**
   * Where the player looks, in radians: at the mouse, where the aiming thumb points, or where it
   * goes; without any of these where it looked before.
   */
  yawFrom(place: Point): number {
    const { aim } = this;
    const { stickYaw, direction } = this.#controls;
    if (aim !== undefined) this.#yaw = Math.atan2(aim.y - place.y, aim.x - place.x);
    else if (stickYaw !== undefined) this.#yaw = stickYaw;
    else if (direction.x !== 0 || direction.y !== 0)
      this.#yaw = Math.atan2(direction.y, direction.x);
    return this.#yaw;
  }

  /** A new client counts its ticks from elsewhere. */
  reset(): void {
    this.#nextShotTick = 0;
    this.#controls.release();
  }

  handleInputTick(client: ArenaClient, tick: number): void {
    const { self } = client;
    const { direction } = this.#controls;
    const yaw = self === undefined ? this.#yaw : this.yawFrom(self);
    client.sendMove({ directionX: direction.x, directionY: direction.y, yaw });
    const isWanted = this.#controls.takeShot();
    if (isWanted && self !== undefined && fieldOf(self, 'isAlive') === 1) {
      this.#shoot(client, { tick, origin: self, yaw });
    }
  }

  #shoot(client: ArenaClient, shot: { tick: number; origin: Point; yaw: number }): void {
    const intervalTicks = Math.ceil((SHOT_INTERVAL_MS * client.tickRateHz) / 1000);
    const waitTicks = this.#nextShotTick - shot.tick;
    // A server that was killed goes on some ticks earlier, one without its store begins at 0.
    if (waitTicks > 0 && waitTicks <= intervalTicks) return;
    const direction = { x: Math.cos(shot.yaw), y: Math.sin(shot.yaw) };
    const targetPlayerId = findTarget(client, shot.origin, direction);
    const sent = client.shoot({
      directionX: direction.x,
      directionY: direction.y,
      ...(targetPlayerId === undefined ? {} : { targetPlayerId }),
    });
    if (sent === undefined) return;
    this.#nextShotTick = sent + intervalTicks;
    const now = performance.now();
    const muzzle = ahead(shot.origin, direction, PLAYER_RADIUS);
    const ray = { x: direction.x * SHOT_RANGE_METRES, y: direction.y * SHOT_RANGE_METRES };
    const reach = freeDistance(ARENA_MOVEMENT.geometry, shot.origin, ray);
    this.#stage.effects.addMuzzleFlash(shot.origin, muzzle, now);
    this.#stage.effects.addOwnShot({ from: muzzle, to: ahead(shot.origin, direction, reach) }, now);
  }
}

function ahead(from: Point, direction: Point, metres: number): Point {
  return { x: from.x + direction.x * metres, y: from.y + direction.y * metres };
}

function findTarget(client: ArenaClient, origin: Point, direction: Point) {
  const others = [];
  for (const view of client.players.values()) {
    if (view.playerId === client.playerId) continue;
    const { playerId, x, y } = view;
    others.push({ playerId, x, y, isAlive: fieldOf(view, 'isAlive') === 1 });
  }
  return pickAimTarget(origin, direction, others)?.playerId;
}
