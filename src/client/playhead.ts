/**
 * Which tick is shown: follows the one that is wanted, past what is known by no more than it may,
 * and catches up at a bounded speed when news were late, so that nobody is seen faster than they
 * can be. Counts how often and for how long it was past what is known.
 * Must not know: snapshots, players.
 */
export interface PlayheadOptions {
  readonly ticksPerMs: number;
  /** How far past what is known it goes; 0 = it waits there. */
  readonly aheadTicksMax: number;
}

/** While it catches up, time passes so much faster; up to 1.5 still looks like running. */
const CATCH_UP_RATE = 1.4;
/** From here on it jumps: catching up would take longer than the jump hurts. */
const JUMP_MS = 1_000;

export class Playhead {
  readonly #options: PlayheadOptions;
  #tick: number | undefined;
  #movedAt = 0;
  #isAhead = false;
  #timesAhead = 0;
  #aheadMs = 0;

  constructor(options: PlayheadOptions) {
    this.#options = options;
  }

  /** How often it went past what is known. */
  get timesAhead(): number {
    return this.#timesAhead;
  }

  /** For how long in all it was past what is known, waiting there included. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** The tick shown at `now`, where `wanted` should be and `known` is the newest there is. */
  moveTo(wanted: number, known: number, now: number): number {
    const { ticksPerMs, aheadTicksMax } = this.#options;
    const target = Math.min(wanted, known + aheadTicksMax);
    const before = this.#tick;
    const passedMs = Math.max(0, now - this.#movedAt);
    this.#movedAt = Math.max(this.#movedAt, now);
    let tick = target;
    if (before !== undefined && Math.abs(target - before) <= JUMP_MS * ticksPerMs) {
      const reach = before + passedMs * ticksPerMs * CATCH_UP_RATE;
      // It never goes back: who is shown too early waits.
      tick = Math.max(before, Math.min(target, reach));
    }
    this.#tick = tick;
    if (tick > known) this.#countAhead(passedMs, (wanted - known) / ticksPerMs);
    this.#isAhead = tick > known;
    return tick;
  }

  /** `dueMs` ago what is wanted was still known. */
  #countAhead(passedMs: number, dueMs: number): void {
    if (!this.#isAhead) this.#timesAhead += 1;
    this.#aheadMs += this.#isAhead ? passedMs : Math.min(passedMs, dueMs);
  }
}
