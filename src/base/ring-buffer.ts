/**
 * The newest `capacity` items of an endless row; an item beyond that pushes the oldest out.
 * In: items. Out: the same items, oldest first. Grows to its capacity as it fills.
 * Must not know: what the items mean.
 */
import { assert } from './assert.ts';

export class RingBuffer<Item> {
  readonly capacity: number;
  readonly #items: Item[] = [];
  #pushedCount = 0;

  /** `capacity` is a whole number ≥ 1. */
  constructor(capacity: number) {
    assert(Number.isSafeInteger(capacity) && capacity >= 1, 'capacity is a whole number ≥ 1');
    this.capacity = capacity;
  }

  get size(): number {
    return this.#items.length;
  }

  /** O(1). */
  push(item: Item): void {
    this.#items[this.#pushedCount % this.capacity] = item;
    this.#pushedCount += 1;
  }

  /** Oldest first. Items that are pushed out meanwhile are skipped, new ones are seen. */
  *[Symbol.iterator](): Generator<Item, undefined> {
    for (let position = 0; position < this.#pushedCount; position += 1) {
      position = Math.max(position, this.#pushedCount - this.capacity);
      yield this.#items[position % this.capacity]!;
    }
  }
}
