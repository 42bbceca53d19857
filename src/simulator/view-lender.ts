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
  readonly #views: Uint8Array[] = Array.from(
    { length: SHARED_BYTES_MAX + 1 },
    (_, length) => new Uint8Array(this.#buffer, VIEW_MARGIN_BYTES, length),
  );
  #isLent = false;

  /** A view of a copy of `bytes`. Give it back. */
  lend(bytes: Uint8Array): Uint8Array {
    const { length } = bytes;
    let view: Uint8Array | undefined;
    if (!this.#isLent) view = this.#views[length];
    if (view === undefined) {
      const buffer = new ArrayBuffer(length + 2 * VIEW_MARGIN_BYTES);
      view = new Uint8Array(buffer, VIEW_MARGIN_BYTES, length);
    } else {
      this.#isLent = true;
    }
    view.set(bytes);
    return view;
  }

  /** Destroys what was lent. */
  takeBack(view: Uint8Array): void {
    view.fill(POISON);
    if (view.buffer === this.#buffer) this.#isLent = false;
  }
}
