/**
 * Paints where the server has oneself beside where one is drawn, and which way it corrected that
 * last. In: places and ways in metres. Out: pixels. Must not know: the client, who says what.
 */
import type { Camera, Point } from './camera.ts';
import { PLAYER_RADIUS } from '../shared/arena-geometry.ts';
import type { ShownCorrection } from './correction-trace.ts';
import { PALETTE } from './palette.ts';

/** What the switch for the netcode adds to a scene. Metres. */
export interface ShownNetcode {
  /** Oneself as the newest snapshot has it. */
  readonly ghost: Point | undefined;
  readonly correction: ShownCorrection | undefined;
}

/** A correction is a matter of centimetres: drawn at its length nobody would see it. */
const CORRECTION_SCALE = 10;
/** Pixels. */
const ARROW_LENGTH_MAX = 70;
const ARROW_HEAD = 6;

/** Nearer than this the two are one. Pixels. */
const APART_PIXELS = 3;

export function paintNetcode(
  context: CanvasRenderingContext2D,
  camera: Camera,
  { self, netcode }: { readonly self: Point; readonly netcode: ShownNetcode },
): void {
  const { ghost, correction } = netcode;
  context.save();
  if (ghost !== undefined) paintGhost(context, camera, { self, ghost });
  if (correction !== undefined) paintCorrection(context, camera, { self, correction });
  context.restore();
}

function paintGhost(
  context: CanvasRenderingContext2D,
  camera: Camera,
  { self, ghost }: { readonly self: Point; readonly ghost: Point },
): void {
  const from = { x: camera.toScreenX(ghost.x), y: camera.toScreenY(ghost.y) };
  const to = { x: camera.toScreenX(self.x), y: camera.toScreenY(self.y) };
  context.strokeStyle = PALETTE.ghost;
  context.lineWidth = 1.5;
  context.setLineDash([3, 3]);
  context.beginPath();
  context.arc(from.x, from.y, PLAYER_RADIUS * camera.scale, 0, 2 * Math.PI);
  context.stroke();
  if (Math.hypot(to.x - from.x, to.y - from.y) < APART_PIXELS) return;
  context.setLineDash([]);
  context.globalAlpha = 0.7;
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

function paintCorrection(
  context: CanvasRenderingContext2D,
  camera: Camera,
  { self, correction }: { readonly self: Point; readonly correction: ShownCorrection },
): void {
  const metres = Math.hypot(correction.x, correction.y);
  const length = Math.min(ARROW_LENGTH_MAX, metres * camera.scale * CORRECTION_SCALE);
  if (length < 1) return;
  context.save();
  context.translate(camera.toScreenX(self.x), camera.toScreenY(self.y));
  context.rotate(Math.atan2(correction.y, correction.x));
  context.globalAlpha = 1 - correction.age;
  context.setLineDash([]);
  context.strokeStyle = PALETTE.correction;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(0, 0);
  context.lineTo(length, 0);
  context.moveTo(length - ARROW_HEAD, -ARROW_HEAD / 2);
  context.lineTo(length, 0);
  context.lineTo(length - ARROW_HEAD, ARROW_HEAD / 2);
  context.stroke();
  context.restore();
}
