/**
 * Which tick is shown: follows the one that is wanted, but never past what is known, and catches
 * up at a bounded speed when news were late, so that nobody is seen faster than they can be.
 * Must not know: snapshots, players.
 */
export interface PlayheadOptions {
  readonly ticksPerMs: number;
}

/** While it catches up, time passes so much faster; up to 1.5 still looks like running. */
const CATCH_UP_RATE = 1.4;
/** From here on it jumps: catching up would take longer than the jump hurts. */
const JUMP_MS = 1_000;

export class Playhead {
  readonly #ticksPerMs: number;
  #tick: number | undefined;
  #movedAt = 0;

  constructor({ ticksPerMs }: PlayheadOptions) {
    this.#ticksPerMs = ticksPerMs;
  }

  /** The tick shown at `now`, where `wanted` should be and no more than `known` can be shown. */
  moveTo(wanted: number, known: number, now: number): number {
    const target = Math.min(wanted, known);
    const tick = this.#tick;
    const passedMs = Math.max(0, now - this.#movedAt);
    this.#movedAt = Math.max(this.#movedAt, now);
    if (tick === undefined || Math.abs(target - tick) > JUMP_MS * this.#ticksPerMs) {
      this.#tick = target;
    } else {
      const reach = tick + passedMs * this.#ticksPerMs * CATCH_UP_RATE;
      // It never goes back: who is shown too early waits.
      this.#tick = Math.max(tick, Math.min(target, reach));
    }
    return this.#tick;
  }
}
