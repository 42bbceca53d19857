/**
 * Two thumbs at once: the left half of the view moves, the right half aims and shoots. In: pointers
 * by id, in CSS pixels of the view. Out: where to go, where to look, whether to shoot. Pure.
 * Must not know: events, the view, what is drawn.
 */
import type { Point } from './camera.ts';
import { TouchStick } from './touch-stick.ts';
import type { HeldStick } from './touch-stick.ts';

/** Less than this only looks round, so that one can aim before shooting; length of the vector. */
const SHOOT_FROM = 0.5;

/** What is to be drawn of the sticks; undefined = no thumb is on it. */
export interface ShownSticks {
  readonly move: HeldStick | undefined;
  readonly aim: HeldStick | undefined;
  /** Whether the aiming thumb is far enough out. */
  readonly isShooting: boolean;
}

export class TouchSticks {
  readonly #move = new TouchStick();
  readonly #aim = new TouchStick();
  #isTapped = false;

  get shown(): ShownSticks {
    return { move: this.#move.held, aim: this.#aim.held, isShooting: this.isShooting };
  }

  /** Length 0 to 1; y grows downwards. */
  get direction(): Point {
    return this.#move.vector;
  }

  /** Radians, 0 = to the right, growing clockwise; undefined while the thumb does not aim. */
  get yaw(): number | undefined {
    const { x, y } = this.#aim.vector;
    return x === 0 && y === 0 ? undefined : Math.atan2(y, x);
  }

  get isShooting(): boolean {
    const { x, y } = this.#aim.vector;
    return Math.hypot(x, y) >= SHOOT_FROM;
  }

  /** True once after each tap on the aiming half. */
  takeTap(): boolean {
    const isTapped = this.#isTapped;
    this.#isTapped = false;
    return isTapped;
  }

  /** A third thumb has no stick. */
  press(pointerId: number, at: Point, viewWidth: number): void {
    const stick = at.x < viewWidth / 2 ? this.#move : this.#aim;
    stick.press(pointerId, at);
  }

  move(pointerId: number, at: Point): void {
    this.#move.move(pointerId, at);
    this.#aim.move(pointerId, at);
  }

  release(pointerId: number): void {
    if (this.#move.holds(pointerId)) this.#move.release();
    if (this.#aim.holds(pointerId) && this.#aim.release()) this.#isTapped = true;
  }

  /** The system has taken the pointer: whatever it did was no tap. */
  cancel(pointerId: number): void {
    for (const stick of [this.#move, this.#aim]) if (stick.holds(pointerId)) stick.release();
  }

  /** All thumbs off; those that still touch must come down anew. */
  cancelAll(): void {
    this.#move.release();
    this.#aim.release();
    this.#isTapped = false;
  }
}
