/**
 * Paints the two touch sticks over the arena: faint rings where thumbs may rest, a brighter one
 * around a thumb that is down. In: the sticks, the size of the view in CSS pixels. Out: pixels.
 */
import type { Point, Size } from './camera.ts';
import { PALETTE } from './palette.ts';
import { STICK_REACH } from './touch-stick.ts';
import type { HeldStick } from './touch-stick.ts';
import type { ShownSticks } from './touch-sticks.ts';

/** From the nearest edges to the middle of a resting stick. */
const REST_DISTANCE = STICK_REACH + 18;
const THUMB_RADIUS = 21;

/** From the lower edge of the view to the top of resting sticks: what thumbs cover. Pixels. */
export const STICKS_HEIGHT = REST_DISTANCE + STICK_REACH;

export function paintSticks(
  context: CanvasRenderingContext2D,
  view: Size,
  sticks: ShownSticks,
): void {
  context.save();
  context.font = '600 11px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const y = view.height - REST_DISTANCE;
  if (sticks.move !== undefined) paintHeld(context, sticks.move, PALETTE.selfRing);
  else paintResting(context, { x: REST_DISTANCE, y }, ['move']);
  const colour = sticks.isShooting ? PALETTE.tracerHit : PALETTE.selfRing;
  if (sticks.aim !== undefined) paintHeld(context, sticks.aim, colour);
  else paintResting(context, { x: view.width - REST_DISTANCE, y }, ['aim', 'shoot']);
  context.restore();
}

function paintRing(context: CanvasRenderingContext2D, centre: Point, radius: number): void {
  context.beginPath();
  context.arc(centre.x, centre.y, radius, 0, 2 * Math.PI);
}

function paintResting(
  context: CanvasRenderingContext2D,
  centre: Point,
  words: readonly string[],
): void {
  context.globalAlpha = 0.3;
  context.strokeStyle = PALETTE.text;
  context.lineWidth = 1.5;
  paintRing(context, centre, STICK_REACH);
  context.stroke();
  context.globalAlpha = 0.6;
  context.fillStyle = PALETTE.text;
  for (const [row, word] of words.entries()) {
    context.fillText(word, centre.x, centre.y + (row - (words.length - 1) / 2) * 14);
  }
}

function paintHeld(context: CanvasRenderingContext2D, stick: HeldStick, colour: string): void {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.5;
  context.globalAlpha = 0.55;
  paintRing(context, stick.base, STICK_REACH);
  context.stroke();
  context.globalAlpha = 0.4;
  paintRing(context, stick.thumb, THUMB_RADIUS);
  context.fill();
}
