/**
 * The numbers of all sessions of one coordinator, in columns by slot: plain numbers side by side,
 * where a field of an object would be 16 more bytes and one more place in memory for each of them.
 * In: slots, instants (monotonic ms), round trips. Out: the same.
 * Must not know: states, who reads.
 */
import type { Lifecycle } from './lifecycle.ts';

const SLOTS_AT_FIRST = 64;
/** Design §4: a shot's rewind is bounded by the worst of so many. */
const ROUND_TRIPS_KEPT = 4;
/** A client hears 0 before anything was measured: an answer in no time at all is not that. */
const ROUND_TRIP_MS_MIN = 0.001;

export class SessionNumbers {
  // What each message writes stands alone: so a cache holds as many of them as it can.
  #lastLivenessAt = new Float64Array(SLOTS_AT_FIRST);
  #enteredAt = new Float64Array(SLOTS_AT_FIRST);
  #deadline = new Float64Array(SLOTS_AT_FIRST);
  /** So many for each slot, the newest last; NaN = none yet. */
  #roundTripsMs = new Float64Array(SLOTS_AT_FIRST * ROUND_TRIPS_KEPT);

  /** A handle begins: nothing was measured on its connection. */
  begin(slot: number, lifecycle: Lifecycle): void {
    this.store(slot, lifecycle);
    const first = slot * ROUND_TRIPS_KEPT;
    this.#roundTripsMs.fill(Number.NaN, first, first + ROUND_TRIPS_KEPT);
  }

  /** Columns are as long as the largest slot ever stored. */
  store(slot: number, { enteredAt, deadline, lastLivenessAt }: Lifecycle): void {
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

  /** The last one; undefined before the first. */
  roundTripMs(slot: number): number | undefined {
    const newest = this.#roundTripsMs[(slot + 1) * ROUND_TRIPS_KEPT - 1]!;
    return Number.isNaN(newest) ? undefined : newest;
  }

  /** The worst of those kept; undefined before the first. */
  roundTripMsMax(slot: number): number | undefined {
    let worst = this.roundTripMs(slot);
    if (worst === undefined) return undefined;
    const first = slot * ROUND_TRIPS_KEPT;
    for (let at = first; at < first + ROUND_TRIPS_KEPT; at += 1) {
      if (this.#roundTripsMs[at]! > worst) worst = this.#roundTripsMs[at]!;
    }
    return worst;
  }

  /** L9: the one number that a message writes. */
  heardAt(slot: number, now: number): void {
    this.#lastLivenessAt[slot] = now;
  }

  measured(slot: number, roundTripMs: number): void {
    const first = slot * ROUND_TRIPS_KEPT;
    const last = first + ROUND_TRIPS_KEPT - 1;
    this.#roundTripsMs.copyWithin(first, first + 1, last + 1);
    this.#roundTripsMs[last] = Math.max(ROUND_TRIP_MS_MIN, roundTripMs);
  }

  extendDeadline(slot: number, byMs: number): void {
    this.#deadline[slot]! += byMs;
  }

  #grow(slotsMin: number): void {
    const length = Math.max(slotsMin, 2 * this.#deadline.length);
    this.#lastLivenessAt = extended(this.#lastLivenessAt, length);
    this.#enteredAt = extended(this.#enteredAt, length);
    this.#deadline = extended(this.#deadline, length);
    this.#roundTripsMs = extended(this.#roundTripsMs, length * ROUND_TRIPS_KEPT);
  }
}

function extended(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(column);
  return longer;
}
