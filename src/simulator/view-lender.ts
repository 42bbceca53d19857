/**
 * Lends a message to a receiver as a view that is destroyed after the call: whoever keeps it reads
 * nonsense, and sooner or later another peer's message. One buffer and one view per length serve
 * all messages of a network, so that lending allocates nothing.
 */

/** What a view is filled with when its time is over. */
const POISON = 0xdd;
/** Bytes around a view in its buffer, so that `bytes.buffer` isn't the message either. */
const VIEW_MARGIN_BYTES = 4;
/** Longer messages get a buffer of their own. */
const SHARED_BYTES_MAX = 2_048;

export class ViewLender {
  readonly #buffer = new ArrayBuffer(SHARED_BYTES_MAX + 2 * VIEW_MARGIN_BYTES);
  /** By length, made when first needed: a simulation is short. */
  readonly #views: (Uint8Array | undefined)[] = [];
  #isLent = false;

  /** A view of a copy of `bytes`. Give it back. */
  lend(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    const isShared = !this.#isLent && length <= SHARED_BYTES_MAX;
    const view = isShared ? this.#sharedView(length) : viewOf(ownBuffer(length), length);
    this.#isLent ||= isShared;
    view.set(bytes);
    return view;
  }

  /** Destroys what was lent. */
  takeBack(view: Uint8Array): void {
    view.fill(POISON);
    if (view.buffer === this.#buffer) this.#isLent = false;
  }

  #sharedView(length: number): Uint8Array {
    while (this.#views.length <= length) this.#views.push(undefined);
    return (this.#views[length] ??= viewOf(this.#buffer, length));
  }
}

function ownBuffer(length: number): ArrayBuffer {
  return new ArrayBuffer(length + 2 * VIEW_MARGIN_BYTES);
}

function viewOf(buffer: ArrayBuffer, length: number): Uint8Array {
  return new Uint8Array(buffer, VIEW_MARGIN_BYTES, length);
}
