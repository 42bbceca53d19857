/**
 * Paints the arena: backdrop, players, effects. In: a scene per frame. Out: pixels, and where the
 * pointer is in metres. Must not know: the client, sessions, the network.
 */
import { ARENA_BOUNDS, PLAYER_RADIUS } from '../shared/arena-geometry.ts';
import { Backdrop } from './backdrop.ts';
import { Camera } from './camera.ts';
import type { Point } from './camera.ts';
import { Effects } from './effects.ts';
import { LabelCache } from './label-cache.ts';
import { paintNetcode } from './netcode-painter.ts';
import { PALETTE, colourOfPlayer } from './palette.ts';
import { PlayerSprites } from './player-sprites.ts';
import type { Scene, ScenePlayer } from './scene.ts';
import { STICKS_HEIGHT, paintSticks } from './stick-painter.ts';

/** With more players than this, only names near you or your pointer are shown. */
const NAMES_MAX = 36;
/** Metres. */
const NAME_DISTANCE = 7;
const CENTRE: Point = {
  x: (ARENA_BOUNDS.minX + ARENA_BOUNDS.maxX) / 2,
  y: (ARENA_BOUNDS.minY + ARENA_BOUNDS.maxY) / 2,
};

function isNear(player: ScenePlayer, place: Point | undefined): boolean {
  if (place === undefined) return false;
  return Math.hypot(player.x - place.x, player.y - place.y) < NAME_DISTANCE;
}

export class Stage {
  readonly effects = new Effects();
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #camera = new Camera();
  readonly #backdrop = new Backdrop();
  readonly #labels = new LabelCache();
  readonly #sprites = new PlayerSprites();
  #width = 0;
  #height = 0;
  #ratio = 1;

  constructor(canvas: HTMLCanvasElement) {
    const context = canvas.getContext('2d', { alpha: false });
    if (context === null) throw new Error('this browser has no canvas');
    this.#canvas = canvas;
    this.#context = context;
  }

  /** Metres, for a point in CSS pixels of the canvas. */
  toWorld(screen: Point): Point {
    return this.#camera.toWorld(screen);
  }

  /** CSS pixels of the canvas, for a point in metres. */
  toScreen(place: Point): Point {
    return { x: this.#camera.toScreenX(place.x), y: this.#camera.toScreenY(place.y) };
  }

  draw(scene: Scene, now: number): void {
    this.#fit();
    const context = this.#context;
    const view = { width: this.#width, height: this.#height };
    const coveredBelow = scene.sticks === undefined ? 0 : STICKS_HEIGHT;
    this.#camera.look({ ...view, coveredBelow }, ARENA_BOUNDS, scene.self ?? CENTRE);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.globalAlpha = 1;
    context.fillStyle = PALETTE.ground;
    context.fillRect(0, 0, this.#width, this.#height);
    this.#backdrop.draw(context, this.#camera, this.#ratio);
    for (const player of scene.players) if (!player.isSelf) this.#drawPlayer(player, now);
    this.#drawSelf(scene, now);
    this.effects.draw(context, this.#camera, now);
    this.#drawLabels(scene);
    if (scene.sticks !== undefined) paintSticks(context, view, scene.sticks);
    if (scene.isFrozen) this.#dim();
  }

  /** Follows the element's size and the device's pixel ratio. */
  #fit(): void {
    const ratio = Math.min(3, window.devicePixelRatio);
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    if (width === this.#width && height === this.#height && ratio === this.#ratio) return;
    this.#width = width;
    this.#height = height;
    this.#ratio = ratio;
    this.#canvas.width = Math.max(1, Math.round(width * ratio));
    this.#canvas.height = Math.max(1, Math.round(height * ratio));
  }

  #drawSelf({ self, netcode }: Scene, now: number): void {
    if (self === undefined) return;
    if (netcode !== undefined) paintNetcode(this.#context, this.#camera, { self, netcode });
    this.#drawPlayer(self, now);
  }

  #drawPlayer(player: ScenePlayer, now: number): void {
    const context = this.#context;
    const x = this.#camera.toScreenX(player.x);
    const y = this.#camera.toScreenY(player.y);
    const radius = PLAYER_RADIUS * this.#camera.scale;
    if (!player.isAlive) return this.#drawRemains(x, y, radius);
    const colour = player.isSelf ? PALETTE.self : colourOfPlayer(player.playerId);
    context.globalAlpha = player.isSuspended ? 0.45 : 1;
    this.#drawBody({ x, y }, player.yaw, colour);
    const flash = this.effects.hitFlash(player.playerId, now);
    if (flash > 0) {
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = `rgb(255 90 60 / ${flash})`;
      context.fill();
    }
    if (player.isSelf) this.#drawOwnRing(x, y, radius);
    if (player.isSuspended) this.#drawSuspendedRing(x, y, radius);
    context.globalAlpha = 1;
    if (player.isSelf || player.health < 1) this.#drawHealth(player, { x, y: y - radius - 7 });
  }

  #drawBody(centre: Point, yaw: number, colour: string): void {
    const context = this.#context;
    const ratio = this.#ratio;
    const sprite = this.#sprites.get(colour, { scale: this.#camera.scale, ratio });
    const cos = Math.cos(yaw) * ratio;
    const sin = Math.sin(yaw) * ratio;
    context.setTransform(cos, sin, -sin, cos, centre.x * ratio, centre.y * ratio);
    context.drawImage(sprite.image, -sprite.half, -sprite.half, 2 * sprite.half, 2 * sprite.half);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  #drawOwnRing(x: number, y: number, radius: number): void {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, radius + 4, 0, 2 * Math.PI);
    context.strokeStyle = PALETTE.selfRing;
    context.lineWidth = 2;
    context.stroke();
  }

  #drawSuspendedRing(x: number, y: number, radius: number): void {
    const context = this.#context;
    context.setLineDash([4, 4]);
    context.beginPath();
    context.arc(x, y, radius + 3, 0, 2 * Math.PI);
    context.strokeStyle = PALETTE.text;
    context.lineWidth = 1.5;
    context.stroke();
    context.setLineDash([]);
  }

  #drawRemains(x: number, y: number, radius: number): void {
    const context = this.#context;
    const half = radius * 0.5;
    context.globalAlpha = 0.35;
    context.strokeStyle = PALETTE.text;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x - half, y - half);
    context.lineTo(x + half, y + half);
    context.moveTo(x + half, y - half);
    context.lineTo(x - half, y + half);
    context.stroke();
    context.globalAlpha = 1;
  }

  #drawHealth(player: ScenePlayer, place: Point): void {
    const context = this.#context;
    const width = Math.max(18, this.#camera.scale * 1.7);
    const height = player.isSelf ? 5 : 4;
    const left = place.x - width / 2;
    const top = place.y - height / 2 - (player.isSelf ? 2 : 0);
    context.fillStyle = PALETTE.healthBack;
    context.fillRect(left - 1, top - 1, width + 2, height + 2);
    context.fillStyle = player.health > 0.35 ? PALETTE.healthGood : PALETTE.healthLow;
    context.fillRect(left, top, width * player.health, height);
  }

  #drawLabels(scene: Scene): void {
    const isCrowded = scene.players.length > NAMES_MAX;
    for (const player of scene.players) {
      if (!player.isAlive) continue;
      const isWanted =
        !isCrowded || player.isSelf || isNear(player, scene.self) || isNear(player, scene.aim);
      if (isWanted) this.#drawLabel(player);
    }
  }

  #drawLabel(player: ScenePlayer): void {
    const colour = player.isSelf ? PALETTE.selfRing : PALETTE.text;
    const label = this.#labels.get(player.isSelf ? `${player.name} (you)` : player.name, {
      colour,
      isStrong: player.isSelf,
      ratio: this.#ratio,
    });
    const centred = this.#camera.toScreenX(player.x) - label.width / 2;
    const x = Math.max(2, Math.min(this.#width - label.width - 2, centred));
    const below = this.#camera.toScreenY(player.y) + PLAYER_RADIUS * this.#camera.scale + 1;
    const y = Math.min(this.#height - label.height - 2, below);
    this.#context.globalAlpha = player.isSuspended ? 0.6 : 1;
    this.#context.drawImage(
      label.image,
      Math.round(x * this.#ratio) / this.#ratio,
      Math.round(y * this.#ratio) / this.#ratio,
      label.width,
      label.height,
    );
    this.#context.globalAlpha = 1;
  }

  #dim(): void {
    this.#context.fillStyle = 'rgb(11 15 23 / 55%)';
    this.#context.fillRect(0, 0, this.#width, this.#height);
  }
}
