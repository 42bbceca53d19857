/**
 * Reads Protobuf's wire format from bytes that anybody may have sent. Never throws, never reads
 * beyond its limit, allocates nothing but strings: the first thing that is wrong is kept in
 * `failure`, and from then on `tag` answers 0, which ends every loop.
 */
import { getTextEncoding } from '@bufbuild/protobuf/wire';

export type WireFailure = 'malformed' | 'out-of-range';

export const WIRE_TYPE = { varint: 0, bits64: 1, length: 2, bits32: 5 } as const;

/** A 64-bit varint has at most this many bytes; a tag or length, being 32 bits, at most 5. */
const VARINT_BYTES_MAX = 10;
const VARINT32_BYTES_MAX = 5;
const UINT32_MAX = 0xffff_ffff;
/** Field numbers begin with 1. */
const FIRST_TAG = 8;

/** U+FEFF in UTF-8. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;

/** An enum is a signed 32-bit integer, of which the schema uses none below 0. */
const ENUM_MAX = 2 ** 31 - 1;
/** Longer strings are left to the platform: a call of it costs as much as so many characters. */
const SHORT_TEXT_BYTES_MAX = 40;

const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

export class WireReader {
  readonly #bytes: Uint8Array;
  #position: number;
  #limit: number;
  #failure: WireFailure | undefined = undefined;
  #hasBrokenText = false;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
    this.#limit = bytes.length;
  }

  /** What was wrong first; undefined = nothing so far. Text that is no UTF-8 comes last. */
  get failure(): WireFailure | undefined {
    return this.#failure ?? (this.#hasBrokenText ? 'malformed' : undefined);
  }

  /** Whether bytes are left in the message that is being read. */
  get hasMore(): boolean {
    return this.#position < this.#limit && this.#failure === undefined;
  }

  /** Notes that something is wrong. Returns 0, so that a reader can `return this.fail(…)`. */
  fail(failure: WireFailure): 0 {
    this.#failure ??= failure;
    this.#position = this.#limit;
    return 0;
  }

  /** The next tag (field number × 8 + wire type); 0 at the end and after a failure. */
  tag(): number {
    if (!this.hasMore) return 0;
    const tag = this.#varint32();
    return tag < FIRST_TAG ? this.fail('malformed') : tag;
  }

  /**
   * An unsigned varint of up to 64 bits. Exact up to 2^53, above that rounded but never to less.
   * Needlessly long forms are read as Protobuf demands; more than 64 bits are malformed.
   */
  varint(): number {
    // Most are short.
    const first = this.#position < this.#limit ? (this.#bytes[this.#position] as number) : 0x80;
    if (first < 0x80) {
      this.#position += 1;
      return first;
    }
    return this.#longVarint();
  }

  /** A varint up to 2^32 − 1; anything greater is out of range, never truncated. */
  uint32(): number {
    const value = this.varint();
    return value > UINT32_MAX ? this.fail('out-of-range') : value;
  }

  /** A varint up to 2^53 − 1; anything greater is out of range, never truncated. */
  safeInteger(): number {
    const value = this.varint();
    return value > Number.MAX_SAFE_INTEGER ? this.fail('out-of-range') : value;
  }

  /** Any varint but 0 is true. */
  bool(): boolean {
    return this.varint() !== 0;
  }

  /** A varint up to 2^31 − 1; anything greater is out of range. */
  enumeration(): number {
    const value = this.varint();
    return value > ENUM_MAX ? this.fail('out-of-range') : value;
  }

  /** A 32-bit float; NaN and infinities pass. */
  float(): number {
    for (let index = 0; index < 4; index += 1) scratchBytes[index] = this.#byte();
    return scratch.getFloat32(0, true);
  }

  /** A 64-bit float; NaN and infinities pass. */
  double(): number {
    for (let index = 0; index < 8; index += 1) scratchBytes[index] = this.#byte();
    return scratch.getFloat64(0, true);
  }

  /** A string; empty where something is wrong with it. A byte order mark: see `skipText`. */
  text(): string {
    const begin = this.#enterText();
    if (begin < 0) return '';
    const end = this.#position;
    if (end - begin > SHORT_TEXT_BYTES_MAX) return this.#decodeText(begin, end);
    const bytes = this.#bytes;
    let text = '';
    for (let index = begin; index < end; index += 1) {
      const byte = bytes[index] as number;
      if (byte > 0x7f) return this.#decodeText(begin, end);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /**
   * Reads a length and narrows the reader to that many bytes. Returns what `leave` needs. A length
   * beyond the bytes that are there is malformed.
   */
  enter(): number {
    const outerLimit = this.#limit;
    const length = this.#varint32();
    if (length > outerLimit - this.#position) this.fail('malformed');
    else this.#limit = this.#position + length;
    return outerLimit;
  }

  /** Widens the reader again, once everything inside has been read. */
  leave(outerLimit: number): void {
    if (this.#position !== this.#limit) this.fail('malformed');
    this.#limit = outerLimit;
    if (this.#failure !== undefined) this.#position = outerLimit;
  }

  /**
   * Passes a string by. One that begins with a byte order mark is malformed: decoders of text drop
   * the mark, and two different strings would become one.
   */
  skipText(): void {
    this.#enterText();
  }

  /** Passes `count` bytes by. */
  advance(count: number): void {
    if (count > this.#limit - this.#position) this.fail('malformed');
    else this.#position += count;
  }

  /**
   * Passes the value of a field that this version doesn't know. Known fields are 1 to
   * `knownFieldsMax`: one of those that gets here has the wrong wire type. Groups are refused.
   */
  skip(tag: number, knownFieldsMax: number): void {
    if (tag >>> 3 <= knownFieldsMax) {
      this.fail('malformed');
      return;
    }
    switch (tag & 7) {
      case WIRE_TYPE.varint:
        this.varint();
        return;
      case WIRE_TYPE.bits64:
        this.advance(8);
        return;
      case WIRE_TYPE.length:
        this.advance(this.#varint32());
        return;
      case WIRE_TYPE.bits32:
        this.advance(4);
        return;
      default:
        this.fail('malformed');
    }
  }

  /** Passes a string by and returns where it began; −1 = something is wrong. */
  #enterText(): number {
    const length = this.#varint32();
    if (this.#failure !== undefined) return -1;
    const begin = this.#position;
    if (length > this.#limit - begin) return this.fail('malformed') - 1;
    if (length > 2 && this.#isMarkedAt(begin)) return this.fail('malformed') - 1;
    this.#position = begin + length;
    return begin;
  }

  #isMarkedAt(begin: number): boolean {
    const bytes = this.#bytes;
    const [first, second, third] = BYTE_ORDER_MARK;
    return bytes[begin] === first && bytes[begin + 1] === second && bytes[begin + 2] === third;
  }

  #decodeText(begin: number, end: number): string {
    try {
      return getTextEncoding().decodeUtf8(this.#bytes.subarray(begin, end), true);
    } catch {
      this.#hasBrokenText = true;
      return '';
    }
  }

  #longVarint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 1; count <= VARINT_BYTES_MAX; count += 1) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        return count === VARINT_BYTES_MAX && byte > 1 ? this.fail('malformed') : value;
      }
      scale *= 128;
    }
    return this.fail('malformed');
  }

  /** A tag or a length. */
  #varint32(): number {
    const start = this.#position;
    const value = this.varint();
    const isTooLong = value > UINT32_MAX || this.#position - start > VARINT32_BYTES_MAX;
    return isTooLong ? this.fail('malformed') : value;
  }

  #byte(): number {
    if (this.#position >= this.#limit) return this.fail('malformed');
    // In bounds: checked above.
    return this.#bytes[this.#position++] as number;
  }
}
