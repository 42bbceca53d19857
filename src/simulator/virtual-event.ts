/**
 * A callback that waits for its instant on behalf of one node. In: made by VirtualNode. Out: called
 * once, or never when cancelled. Order: instant, then creation.
 */
import type { Timer } from '../base/clock.ts';

/** The node on whose behalf an event waits. */
export interface VirtualEventOwner {
  readonly name: string;
  /** The event is due. False when nothing was called. */
  execute(event: VirtualEvent): boolean;
  handleCancelled(event: VirtualEvent): void;
}

export class VirtualEvent implements Timer {
  /** Monotonic ms. */
  at = 0;
  sequence = 0;
  /** Which life of its node it belongs to. */
  life = 0;
  /** Bytes, or the end of a connection: read after the timers that are due. */
  isArrival = false;
  readonly owner: VirtualEventOwner;
  #callback: (() => void) | undefined;

  /** Its node sets the rest at once. */
  constructor(owner: VirtualEventOwner, callback: () => void) {
    this.owner = owner;
    this.#callback = callback;
  }

  /** False once it has run or was cancelled. */
  get isPending(): boolean {
    return this.#callback !== undefined;
  }

  cancel(): void {
    if (this.#callback === undefined) return;
    this.#callback = undefined;
    this.owner.handleCancelled(this);
  }

  /** The callback, which is then the caller's to run: the event is over. */
  take(): (() => void) | undefined {
    const callback = this.#callback;
    this.#callback = undefined;
    return callback;
  }
}
