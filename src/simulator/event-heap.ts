/**
 * Events in the order in which they fall due: a binary heap by instant, then by creation.
 * Cancelled events stay until they reach the top, or until they are half of the heap.
 * The array never shrinks: an array that does is allocated again with the next few events.
 * Algorithm: J. W. J. Williams, "Algorithm 232: Heapsort", 1964.
 */
import type { VirtualEvent } from './virtual-event.ts';

/** Fewer events are not worth a clean-up. */
const CLEAN_UP_MIN = 256;

function isBefore(one: VirtualEvent, other: VirtualEvent): boolean {
  return one.at === other.at ? one.sequence < other.sequence : one.at < other.at;
}

export class EventHeap {
  /** Those from `#length` on are nobody's. */
  readonly #events: (VirtualEvent | undefined)[] = [];
  #length = 0;
  #cancelled = 0;

  /** Cancelled ones included. */
  get length(): number {
    return this.#length;
  }

  /** The next event, which may be cancelled. */
  get first(): VirtualEvent | undefined {
    return this.#events[0];
  }

  push(event: VirtualEvent): void {
    this.#length += 1;
    this.#siftUp(this.#length - 1, event);
  }

  /** Takes the next event. */
  pop(): VirtualEvent | undefined {
    const events = this.#events;
    const first = events[0];
    if (first === undefined) return undefined;
    this.#length -= 1;
    const last = events[this.#length]!;
    events[this.#length] = undefined;
    if (this.#length > 0) this.#siftDown(0, last);
    return first;
  }

  /** One of the events was cancelled. */
  noteCancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled < CLEAN_UP_MIN || this.#cancelled * 2 < this.#length) return;
    this.#cancelled = 0;
    const events = this.#events;
    let kept = 0;
    for (let index = 0; index < this.#length; index += 1) {
      const event = events[index];
      if (event?.isPending === true) events[kept++] = event;
    }
    events.fill(undefined, kept, this.#length);
    this.#length = kept;
    for (let index = (kept >> 1) - 1; index >= 0; index -= 1) this.#siftDown(index, events[index]!);
  }

  #siftUp(start: number, event: VirtualEvent): void {
    const events = this.#events;
    let index = start;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = events[parentIndex]!;
      if (!isBefore(event, parent)) break;
      events[index] = parent;
      index = parentIndex;
    }
    events[index] = event;
  }

  #siftDown(start: number, event: VirtualEvent): void {
    const events = this.#events;
    const length = this.#length;
    let index = start;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= length) break;
      let child = events[childIndex]!;
      const right = childIndex + 1 < length ? events[childIndex + 1] : undefined;
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        childIndex += 1;
      }
      if (!isBefore(child, event)) break;
      events[index] = child;
      index = childIndex;
    }
    events[index] = event;
  }
}
