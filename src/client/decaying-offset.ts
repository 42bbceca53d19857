/**
 * What is shown minus what is computed, fading out: a correction moves the player smoothly instead
 * of at once. Fades by time, so at any frame rate alike, and ends: below a hair it is nothing.
 */
import type { Point } from '../authority/arena-geometry.ts';

/** Half of it is gone after 55 ms, all but a tenth after 184 ms. */
const FADE_MS = 80;
/** Less than a snapshot can say. A metre is below it after 553 ms. */
const NOTHING_METRES = 0.001;
const NOWHERE: Point = Object.freeze({ x: 0, y: 0 });

export class DecayingOffset {
  #start = NOWHERE;
  #startedAt = 0;

  /** From `now` on it fades from there. */
  set(offset: Point, now: number): void {
    this.#start = offset;
    this.#startedAt = now;
  }

  clear(): void {
    this.#start = NOWHERE;
  }

  at(now: number): Point {
    const part = Math.exp(-Math.max(0, now - this.#startedAt) / FADE_MS);
    const x = this.#start.x * part;
    const y = this.#start.y * part;
    return Math.hypot(x, y) < NOTHING_METRES ? NOWHERE : { x, y };
  }
}
