/**
 * Many deadlines, few of which ever come due. In: small whole numbers (entries) and the instant at
 * which each is due. Out: the entries whose deadline has passed.
 * A hashed timing wheel: Varghese & Lauck, "Hashed and Hierarchical Timing Wheels" (1987), scheme 6
 * (https://doi.org/10.1145/37499.37504). We differ in three things: the exact deadline is kept and
 * compared instead of a count of rounds; buckets are walked when somebody asks, not by a timer; and
 * a deadline that moves later is only written down, its entry moves when its bucket is walked.
 * Must not know: what an entry stands for. Columns of numbers: 20 bytes an entry, no objects.
 */
import { assert } from './assert.ts';
import { hasPassed } from './clock.ts';

const NONE = -1;
const ENTRIES_AT_FIRST = 64;

export interface TimingWheelOptions {
  /** The present; deadlines before it are due at once. */
  readonly now: number;
  /**
   * Milliseconds of one bucket, default 16: a third of a tick at 20 Hz, so that one evaluation
   * walks three or four buckets and looks at few entries that are not due yet.
   */
  readonly bucketMs?: number;
  /** A power of two, default 1024: a rotation of 16 s outlasts a usual liveness deadline. */
  readonly bucketCount?: number;
}

export class TimingWheel {
  readonly #bucketMs: number;
  readonly #mask: number;
  readonly #heads: Int32Array;
  /** Columns by entry. A bucket is a doubly linked list through them. */
  #next = new Int32Array(0);
  #previous = new Int32Array(0);
  #bucket = new Int32Array(0);
  #deadline = new Float64Array(0);
  /** Number of the bucket, counted from time 0, up to which everything due has been taken. */
  #cursor: number;

  constructor(options: TimingWheelOptions) {
    const { now, bucketMs = 16, bucketCount = 1024 } = options;
    assert(bucketMs > 0 && Number.isFinite(bucketMs), 'bucketMs is a duration');
    assert(
      Number.isSafeInteger(bucketCount) &&
        bucketCount > 0 &&
        (bucketCount & -bucketCount) === bucketCount,
      'bucketCount is a power of two',
    );
    this.#bucketMs = bucketMs;
    this.#mask = bucketCount - 1;
    this.#heads = new Int32Array(bucketCount).fill(NONE);
    this.#cursor = Math.floor(now / bucketMs);
    this.#grow(ENTRIES_AT_FIRST);
  }

  /**
   * Sets or moves the deadline of an entry (a whole number ≥ 0, small: columns are as long as the
   * largest). O(1); moving a deadline later writes one number. Infinity disarms.
   */
  arm(entry: number, deadline: number): void {
    assert(!Number.isNaN(deadline), 'a deadline is an instant');
    if (deadline === Infinity) return this.disarm(entry);
    if (entry >= this.#deadline.length) this.#grow(entry + 1);
    this.#deadline[entry] = deadline;
    const due = Math.max(Math.floor(deadline / this.#bucketMs), this.#cursor);
    const bucket = this.#bucket[entry]!;
    if (bucket !== NONE) {
      const nextWalk = this.#cursor + ((bucket - this.#cursor) & this.#mask);
      if (nextWalk <= due) return;
      this.#unlink(entry);
    }
    this.#link(entry, due & this.#mask);
  }

  /** Forgets the deadline of an entry, if it has one. O(1). */
  disarm(entry: number): void {
    if (this.isArmed(entry)) this.#unlink(entry);
  }

  isArmed(entry: number): boolean {
    return (this.#bucket[entry] ?? NONE) !== NONE;
  }

  /** When the entry is due; Infinity when it is not armed. */
  deadlineOf(entry: number): number {
    return this.isArmed(entry) ? this.#deadline[entry]! : Infinity;
  }

  /**
   * Disarms every entry whose deadline has passed and appends it to `due`, in no promised order.
   * Never early. Costs the buckets between the last call and this one (a whole rotation at most)
   * and the entries in them.
   */
  collectDue(now: number, due: number[]): void {
    const last = Math.max(Math.floor(now / this.#bucketMs), this.#cursor);
    const first = Math.max(this.#cursor, last - this.#mask);
    this.#cursor = last;
    for (let walked = first; walked <= last; walked += 1) {
      this.#walk(walked & this.#mask, now, due);
    }
  }

  #walk(bucket: number, now: number, due: number[]): void {
    let entry = this.#heads[bucket]!;
    while (entry !== NONE) {
      const next = this.#next[entry]!;
      const deadline = this.#deadline[entry]!;
      if (hasPassed(deadline, now)) {
        this.#unlink(entry);
        due.push(entry);
      } else {
        const home = Math.floor(deadline / this.#bucketMs) & this.#mask;
        if (home !== bucket) {
          this.#unlink(entry);
          this.#link(entry, home);
        }
      }
      entry = next;
    }
  }

  #link(entry: number, bucket: number): void {
    const head = this.#heads[bucket]!;
    this.#next[entry] = head;
    this.#previous[entry] = NONE;
    this.#bucket[entry] = bucket;
    if (head !== NONE) this.#previous[head] = entry;
    this.#heads[bucket] = entry;
  }

  #unlink(entry: number): void {
    const next = this.#next[entry]!;
    const previous = this.#previous[entry]!;
    if (next !== NONE) this.#previous[next] = previous;
    if (previous === NONE) this.#heads[this.#bucket[entry]!] = next;
    else this.#next[previous] = next;
    this.#bucket[entry] = NONE;
  }

  #grow(entriesMin: number): void {
    const length = Math.max(entriesMin, 2 * this.#deadline.length);
    const used = this.#bucket.length;
    this.#next = extended(this.#next, new Int32Array(length));
    this.#previous = extended(this.#previous, new Int32Array(length));
    this.#bucket = extended(this.#bucket, new Int32Array(length)).fill(NONE, used);
    this.#deadline = extended(this.#deadline, new Float64Array(length));
  }
}

function extended<Column extends Int32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
