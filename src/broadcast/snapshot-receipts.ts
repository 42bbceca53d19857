/**
 * Which of the last snapshots one connection surely has, in a number and two masks. In: what was
 * written to it, what it acknowledges. Out: whether it can be told a difference from the snapshot
 * of a tick. On an ordered transport it has what was written last; elsewhere what it said it has.
 * Must not know: worlds, bytes, other connections. (docs/adr/0023-a-ladder-of-baselines.md)
 */

import { shiftLeft } from '../base/shift-left.ts';

/** Ticks that a mask spans: bit `i` stands for the newest written one less `i`. */
const WINDOW_TICKS = 32;

export interface SnapshotReceipt {
  /** The newest snapshot that was received; 0 = none that is of use. */
  readonly tick: number;
  /** Bit `i` says that the snapshot of `tick − 1 − i` was received as well. */
  readonly earlier: number;
}

export class SnapshotReceipts {
  readonly #isOrdered: boolean;
  #newestTick = 0;
  #written = 0;
  #acknowledged = 0;

  constructor(isOrdered: boolean) {
    this.#isOrdered = isOrdered;
  }

  /** The snapshot of that tick, newer than any before, was handed to the network. */
  noteWritten(tick: number): void {
    const ticks = tick - this.#newestTick;
    this.#written = shiftLeft(this.#written, ticks) | 1;
    this.#acknowledged = shiftLeft(this.#acknowledged, ticks);
    if (this.#isOrdered) this.#acknowledged = 1;
    this.#newestTick = tick;
  }

  /**
   * What the peer says it has. False, and nothing is noted, when one of them was never written:
   * that is a lie. What is too old to be known is passed over.
   */
  acknowledge({ tick, earlier }: SnapshotReceipt): boolean {
    if (tick === 0 && earlier === 0) {
      this.#acknowledged = 0;
      return true;
    }
    const age = this.#newestTick - tick;
    if (tick === 0 || age < 0) return false;
    const claimed = shiftLeft(earlier, age + 1) | shiftLeft(1, age);
    if ((claimed & ~this.#written) !== 0) return false;
    if (!this.#isOrdered) this.#acknowledged |= claimed;
    return true;
  }

  /** Whether the peer has the snapshot of that tick, as far as is known. */
  has(tick: number): boolean {
    const age = this.#newestTick - tick;
    return age >= 0 && age < WINDOW_TICKS && ((this.#acknowledged >>> age) & 1) === 1;
  }
}
