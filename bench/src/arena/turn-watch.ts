/**
 * From input to visible: how long a turn takes until the player's own movement shows it. In: turns
 * with their instants, places as they are seen. Out: latencies, turns that never showed.
 */
import type { Heading } from './headings.ts';

/** A fifth of a step at 5 m/s and 20 Hz: no rounding is as much. */
const SEEN_METRES = 0.05;

export class TurnWatch {
  readonly latenciesMs: number[] = [];
  unseen = 0;
  #turn: { readonly at: number; readonly heading: Heading } | undefined;
  #last: { readonly x: number; readonly y: number } | undefined;

  /** To a heading square to the one before, so that no earlier step shows it. */
  noteTurn(heading: Heading, at: number): void {
    if (this.#turn !== undefined) this.unseen += 1;
    this.#turn = { heading, at };
  }

  notePlace(x: number, y: number, at: number): void {
    const last = this.#last;
    this.#last = { x, y };
    if (last === undefined || this.#turn === undefined) return;
    const { directionX, directionY } = this.#turn.heading;
    const moved = (x - last.x) * directionX + (y - last.y) * directionY;
    if (moved < SEEN_METRES) return;
    this.latenciesMs.push(at - this.#turn.at);
    this.#turn = undefined;
  }

  /** Forgets what has been measured; the player goes on. */
  reset(): void {
    this.latenciesMs.length = 0;
    this.unseen = 0;
  }
}
