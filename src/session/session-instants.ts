/**
 * The instants of all sessions of one coordinator, in columns by slot: plain numbers side by side,
 * where a field of an object would be 16 more bytes and one more place in memory for each of them.
 * In: slots, instants (monotonic ms). Out: the same. Must not know: states, who reads.
 */
import type { Lifecycle } from './lifecycle.ts';

const SLOTS_AT_FIRST = 64;

export type Instants = Pick<Lifecycle, 'enteredAt' | 'deadline' | 'lastLivenessAt'>;

export class SessionInstants {
  // What each message writes stands alone: so a cache holds as many of them as it can.
  #lastLivenessAt = new Float64Array(SLOTS_AT_FIRST);
  #enteredAt = new Float64Array(SLOTS_AT_FIRST);
  #deadline = new Float64Array(SLOTS_AT_FIRST);

  /** Columns are as long as the largest slot ever stored. */
  store(slot: number, { enteredAt, deadline, lastLivenessAt }: Instants): void {
    if (slot >= this.#deadline.length) this.#grow(slot + 1);
    this.#enteredAt[slot] = enteredAt;
    this.#deadline[slot] = deadline;
    this.#lastLivenessAt[slot] = lastLivenessAt;
  }

  enteredAt(slot: number): number {
    return this.#enteredAt[slot]!;
  }

  deadline(slot: number): number {
    return this.#deadline[slot]!;
  }

  lastLivenessAt(slot: number): number {
    return this.#lastLivenessAt[slot]!;
  }

  /** L9: the one number that a message writes. */
  heardAt(slot: number, now: number): void {
    this.#lastLivenessAt[slot] = now;
  }

  extendDeadline(slot: number, byMs: number): void {
    this.#deadline[slot]! += byMs;
  }

  #grow(slotsMin: number): void {
    const length = Math.max(slotsMin, 2 * this.#deadline.length);
    this.#lastLivenessAt = extended(this.#lastLivenessAt, length);
    this.#enteredAt = extended(this.#enteredAt, length);
    this.#deadline = extended(this.#deadline, length);
  }
}

function extended(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
}
