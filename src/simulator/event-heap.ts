/**
 * Events in the order in which they fall due: a binary heap by instant, then by creation.
 * Cancelled events stay until they reach the top, or until they are half of the heap.
 * Algorithm: J. W. J. Williams, "Algorithm 232: Heapsort", 1964.
 */
import type { VirtualEvent } from './virtual-event.ts';

/** Fewer events are not worth a clean-up. */
const CLEAN_UP_MIN = 256;

function isBefore(one: VirtualEvent, other: VirtualEvent): boolean {
  return one.at === other.at ? one.sequence < other.sequence : one.at < other.at;
}

export class EventHeap {
  #events: VirtualEvent[] = [];
  #cancelled = 0;

  /** Cancelled ones included. */
  get length(): number {
    return this.#events.length;
  }

  /** The next event, which may be cancelled. */
  get first(): VirtualEvent | undefined {
    return this.#events[0];
  }

  push(event: VirtualEvent): void {
    this.#events.push(event);
    this.#siftUp(this.#events.length - 1, event);
  }

  /** Takes the next event. */
  pop(): VirtualEvent | undefined {
    const events = this.#events;
    const first = events[0];
    const last = events.pop();
    if (first === undefined || last === undefined || events.length === 0) return first;
    this.#siftDown(0, last);
    return first;
  }

  /** One of the events was cancelled. */
  noteCancelled(): void {
    this.#cancelled += 1;
    if (this.#cancelled < CLEAN_UP_MIN || this.#cancelled * 2 < this.#events.length) return;
    this.#cancelled = 0;
    this.#events = this.#events.filter((event) => event.isPending);
    for (let index = (this.#events.length >> 1) - 1; index >= 0; index -= 1) {
      this.#siftDown(index, this.#events[index]!);
    }
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
    const { length } = events;
    let index = start;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= length) break;
      let child = events[childIndex]!;
      const right = events[childIndex + 1];
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
