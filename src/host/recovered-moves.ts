/**
 * Ticks of movement inputs that one connection lost and that were taken from a copy: the input
 * itself may only be late, and is then no input any more. In: ticks. Out: whether it is one of
 * those. Must not know: worlds, messages.
 */

/** Ticks that are remembered: 1.6 s at 20 Hz. What comes later than that is stale. */
const SLOTS = 32;
const EMPTY = -1;

export class RecoveredMoves {
  /** Made at the first one: a lane that keeps order never has any. */
  #ticks: Float64Array | undefined;

  note(tick: number): void {
    this.#ticks ??= new Float64Array(SLOTS).fill(EMPTY);
    this.#ticks[tick % SLOTS] = tick;
  }

  /** True once for each tick that was noted. */
  take(tick: number): boolean {
    if (this.#ticks === undefined) return false;
    const slot = tick % SLOTS;
    if (this.#ticks[slot] !== tick) return false;
    this.#ticks[slot] = EMPTY;
    return true;
  }
}
