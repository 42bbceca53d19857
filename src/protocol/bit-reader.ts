/**
 * Reads bits, the most significant first, from bytes that anybody may have sent. Never throws,
 * never reads beyond the end, allocates nothing: the first thing that is wrong is kept in
 * `failure`, and from then on everything reads as 0. Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import type { WireFailure } from './wire-reader.ts';

const UINT32_MAX = 0xffff_ffff;
/** 8 × 7 bits: more say a number that is not exact. */
const VARINT_BYTES_MAX = 8;
/** 32 bits, wherever in a byte they begin. */
const WINDOW_BYTES = 5;

export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #position: number;
  #failure: WireFailure | undefined = undefined;

  /** Begins at the byte with that index. */
  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#position = start * 8;
    this.#end = bytes.length * 8;
  }

  /** What was wrong first; undefined = nothing so far. */
  get failure(): WireFailure | undefined {
    return this.#failure;
  }

  /** Notes that something is wrong. Returns 0, so that a reader can `return this.fail(…)`. */
  fail(failure: WireFailure): 0 {
    this.#failure ??= failure;
    this.#position = this.#end;
    return 0;
  }

  bit(): number {
    const position = this.#position;
    if (position >= this.#end) return this.fail('malformed');
    this.#position = position + 1;
    return ((this.#bytes[position >> 3] as number) >> (7 - (position & 7))) & 1;
  }

  /** The next 32 bits without passing them by, as a signed integer; zeros beyond the end. */
  peek(): number {
    const byte = this.#position >> 3;
    const used = this.#position & 7;
    if (byte + WINDOW_BYTES <= this.#bytes.length) return this.#aheadAt(byte, used);
    let ahead = 0;
    for (let index = 0; index < WINDOW_BYTES - 1; index += 1) {
      ahead = (ahead << 8) | (this.#bytes[byte + index] ?? 0);
    }
    return (ahead << used) | ((this.#bytes[byte + WINDOW_BYTES - 1] ?? 0) >> (8 - used));
  }

  /** Passes `count` bits by. */
  skip(count: number): void {
    if (count > this.#end - this.#position) this.fail('malformed');
    else this.#position += count;
  }

  /** An unsigned integer of `count` ≤ 32 bits. */
  bits(count: number): number {
    if (count > this.#end - this.#position) return this.fail('malformed');
    let value = 0;
    let rest = count;
    while (rest > 0) {
      const used = this.#position & 7;
      const taken = Math.min(rest, 8 - used);
      const byte = this.#bytes[this.#position >> 3] as number;
      const piece = (byte >> (8 - used - taken)) & ((1 << taken) - 1);
      value = value * (1 << taken) + piece;
      this.#position += taken;
      rest -= taken;
    }
    return value;
  }

  /** A base-128 varint up to 2^53 − 1. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < VARINT_BYTES_MAX; count += 1) {
      const byte = this.bits(8);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return value > Number.MAX_SAFE_INTEGER ? this.fail('out-of-range') : value;
      }
      scale *= 128;
    }
    return this.fail('out-of-range');
  }

  /** An exponential Golomb code of that order: 0 to 2^32 − 1; anything greater is out of range. */
  golomb(order: number): number {
    const position = this.#position;
    const byte = position >> 3;
    if (byte + WINDOW_BYTES > this.#bytes.length) return this.#longGolomb(order);
    const ahead = this.#aheadAt(byte, position & 7);
    const extra = Math.clz32(~ahead);
    const width = order + extra;
    if (width === 0) {
      this.#position = position + 1;
      return 0;
    }
    if (extra + 1 + width > 32) return this.#longGolomb(order);
    this.#position = position + extra + 1 + width;
    return ((ahead << (extra + 1)) >>> (32 - width)) + (1 << width) - (1 << order);
  }

  /** 32 bits from there on, all of which are there. */
  #aheadAt(byte: number, used: number): number {
    const bytes = this.#bytes;
    const four =
      ((bytes[byte] as number) << 24) |
      ((bytes[byte + 1] as number) << 16) |
      ((bytes[byte + 2] as number) << 8) |
      (bytes[byte + 3] as number);
    return (four << used) | ((bytes[byte + 4] as number) >> (8 - used));
  }

  #longGolomb(order: number): number {
    let width = order;
    while (this.bit() === 1) {
      width += 1;
      if (width > 32) return this.fail('out-of-range');
    }
    const value = this.bits(width) + 2 ** width - 2 ** order;
    if (this.#failure !== undefined) return 0;
    return value > UINT32_MAX ? this.fail('out-of-range') : value;
  }

  /** Whether all that is left is the filling of the last byte, which is zeros. */
  expectEnd(): void {
    const rest = this.#end - this.#position;
    if (rest >= 8 || this.bits(rest) !== 0) this.fail('malformed');
  }
}
