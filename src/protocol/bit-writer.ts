/**
 * Writes bits into one buffer that is used again and again, the most significant first; `finish`
 * hands out a fresh copy. In: values and how many bits they take. Hot, and therefore without a
 * check per byte: what would not fit is not written, and `finish` notices.
 * Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import { assert } from '../base/assert.ts';

/** Below this a code's value and its power of two together fit 31 bits. */
const PLAIN_MAX = 2 ** 30;
/** What fits the accumulator beside as many bits that wait. */
const PIECE_BITS = 16;
const PIECE_SIZE = 2 ** PIECE_BITS;

export class BitWriter {
  readonly #bytes: Uint8Array;
  #position = 0;
  /** Its lowest `#pending` bits are not in `#bytes` yet; those above are garbage. */
  #accumulator = 0;
  #pending = 0;

  /** `capacity` is the size of the largest frame in bytes. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  /** Begins a frame; what was written and not finished is forgotten. */
  start(kindByte: number): void {
    this.#bytes[0] = kindByte;
    this.#position = 1;
    this.#accumulator = 0;
    this.#pending = 0;
  }

  /** The lowest `count` ≤ 16 bits of `value`; those above are 0. */
  bits(value: number, count: number): void {
    const accumulator = (this.#accumulator << count) | value;
    let pending = this.#pending + count;
    // Two bytes at a time: most calls bring a bit or three, and a branch is what they cost.
    if (pending >= PIECE_BITS) {
      pending -= PIECE_BITS;
      const position = this.#position;
      this.#bytes[position] = accumulator >>> (pending + 8);
      this.#bytes[position + 1] = accumulator >>> pending;
      this.#position = position + 2;
    }
    this.#accumulator = accumulator;
    this.#pending = pending;
  }

  /** Base-128 varint of an integer from 0 to 2^53 − 1. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bits((rest % 128) | 0x80, 8);
      rest = Math.floor(rest / 128);
    }
    this.bits(rest, 8);
  }

  /** Exponential Golomb code of order `order` ≤ 24, of an integer from 0 to 2^32 − 1. */
  golomb(value: number, order: number): void {
    if (value >= PLAIN_MAX) {
      this.#longGolomb(value, order);
      return;
    }
    const shifted = value + (1 << order);
    const length = 31 - Math.clz32(shifted);
    const extra = length - order;
    if (extra + 1 + length <= PIECE_BITS) {
      const prefix = (2 << extra) - 2;
      this.bits((prefix << length) | (shifted & ((1 << length) - 1)), extra + 1 + length);
      return;
    }
    this.#ones(extra);
    this.bits(0, 1);
    this.#long(shifted - (1 << length), length);
  }

  /** The frame, in bytes that nobody else has; its last byte is filled up with zeros. */
  finish(): Uint8Array {
    const waiting = (this.#pending + 7) >> 3;
    const length = this.#position + waiting;
    assert(length <= this.#bytes.length, 'a frame is larger than its kind may be');
    if (waiting > 0) this.bits(0, PIECE_BITS - this.#pending);
    return this.#bytes.slice(0, length);
  }

  #longGolomb(value: number, order: number): void {
    const shifted = value + 2 ** order;
    const length = shifted >= 2 ** 32 ? 32 : 31 - Math.clz32(shifted);
    this.#ones(length - order);
    this.bits(0, 1);
    this.#long(shifted - 2 ** length, length);
  }

  #ones(count: number): void {
    for (let rest = count; rest > 0; rest -= PIECE_BITS) {
      const piece = Math.min(rest, PIECE_BITS);
      this.bits((1 << piece) - 1, piece);
    }
  }

  #long(value: number, count: number): void {
    if (count > PIECE_BITS) this.bits(Math.floor(value / PIECE_SIZE), count - PIECE_BITS);
    this.bits(value % PIECE_SIZE, Math.min(count, PIECE_BITS));
  }
}
