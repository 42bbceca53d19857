/**
 * One thumb's stick on the glass: it begins where the thumb comes down, and its base follows a
 * thumb that goes further than the stick reaches, so that turning round is short. In: one pointer's
 * way, in CSS pixels. Out: where it points and how far. Pure. Must not know: events, which half of
 * the view it is on.
 */
import type { Point } from './camera.ts';

/** How far a stick reaches: about 8 mm on a phone, so that a thumb needn't travel. CSS pixels. */
export const STICK_REACH = 48;
/** A thumb that rests trembles by a few pixels; nearer than this to the base is nothing. */
export const STICK_DEAD_ZONE = 9;

const NOWHERE: Point = { x: 0, y: 0 };

/** A stick as it is drawn: its base, and the thumb on it. */
export interface HeldStick {
  readonly base: Point;
  readonly thumb: Point;
}

export class TouchStick {
  #pointerId: number | undefined;
  #base = NOWHERE;
  #thumb = NOWHERE;
  #hasMoved = false;

  /** Undefined while no thumb is on it. */
  get held(): HeldStick | undefined {
    return this.#pointerId === undefined ? undefined : { base: this.#base, thumb: this.#thumb };
  }

  /** Length 0 within the dead zone, from there growing to 1 at the reach; y grows downwards. */
  get vector(): Point {
    const x = this.#thumb.x - this.#base.x;
    const y = this.#thumb.y - this.#base.y;
    const distance = Math.hypot(x, y);
    if (distance <= STICK_DEAD_ZONE) return NOWHERE;
    const part = (distance - STICK_DEAD_ZONE) / (STICK_REACH - STICK_DEAD_ZONE);
    const length = Math.min(1, part) / distance;
    return { x: x * length, y: y * length };
  }

  holds(pointerId: number): boolean {
    return this.#pointerId === pointerId;
  }

  /** False when another thumb is on it already: the first one keeps it. */
  press(pointerId: number, at: Point): boolean {
    if (this.#pointerId !== undefined) return false;
    this.#pointerId = pointerId;
    this.#base = at;
    this.#thumb = at;
    this.#hasMoved = false;
    return true;
  }

  move(pointerId: number, at: Point): void {
    if (this.#pointerId !== pointerId) return;
    this.#thumb = at;
    const x = at.x - this.#base.x;
    const y = at.y - this.#base.y;
    const distance = Math.hypot(x, y);
    if (distance > STICK_DEAD_ZONE) this.#hasMoved = true;
    if (distance <= STICK_REACH) return;
    const beyond = (distance - STICK_REACH) / distance;
    this.#base = { x: this.#base.x + x * beyond, y: this.#base.y + y * beyond };
  }

  /** Lets go; true when the thumb never left the dead zone, so that it was a tap. */
  release(): boolean {
    const isTap = this.#pointerId !== undefined && !this.#hasMoved;
    this.#pointerId = undefined;
    this.#base = NOWHERE;
    this.#thumb = NOWHERE;
    return isTap;
  }
}
