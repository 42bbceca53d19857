/**
 * The counted messages that were sent and that the server has not acknowledged, for the next
 * resume. In: frames in the order of sending, acknowledgements. Out: what is to be sent again.
 * Bounded: when it is full nothing more goes in, and nothing falls out unacknowledged.
 * Must not know: connections, what the frames mean.
 */

export class RetransmitBuffer {
  readonly #bytesMax: number;
  /** Those before `#first` have been acknowledged and are gone. */
  readonly #frames: (Uint8Array | undefined)[] = [];
  #first = 0;
  #bytes = 0;
  #acknowledged = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Messages that were sent since the counting began. */
  get sent(): number {
    return this.#acknowledged + this.size;
  }

  /** Messages in here. */
  get size(): number {
    return this.#frames.length - this.#first;
  }

  /** How many in here are of a kind. */
  count(kindByte: number): number {
    return this.#frames.filter((frame) => frame?.[0] === kindByte).length;
  }

  hasRoomFor(frame: Uint8Array): boolean {
    return this.#bytes + frame.byteLength <= this.#bytesMax;
  }

  /** Takes the frame of the next message. The bytes are not copied. */
  push(frame: Uint8Array): void {
    this.#frames.push(frame);
    this.#bytes += frame.byteLength;
  }

  /** The other side has taken so many since the counting began; false when that can't be. */
  acknowledge(received: number): boolean {
    if (received > this.sent) return false;
    if (received > this.#acknowledged) this.#release(received - this.#acknowledged);
    return true;
  }

  /**
   * What the other side lacks when it has taken so many; its word counts, so that both sides count
   * alike from here on, even if it can't be.
   */
  continueFrom(received: number): readonly Uint8Array[] {
    const taken = received - this.#acknowledged;
    this.#release(Math.min(this.size, Math.max(0, taken)));
    this.#acknowledged = received;
    return this.#frames.slice(this.#first) as Uint8Array[];
  }

  /** The counting begins anew; answers how many were still in here. */
  restart(): number {
    const lost = this.size;
    this.#release(lost);
    this.#acknowledged = 0;
    return lost;
  }

  #release(count: number): void {
    const end = this.#first + count;
    for (let index = this.#first; index < end; index += 1) {
      this.#bytes -= this.#frames[index]?.byteLength ?? 0;
      this.#frames[index] = undefined;
    }
    this.#first = end;
    this.#acknowledged += count;
    // Half at a time, so that each frame is moved once at most.
    if (this.#first * 2 < this.#frames.length) return;
    this.#frames.splice(0, this.#first);
    this.#first = 0;
  }
}
