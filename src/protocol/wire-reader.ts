/**
 * Reads Protobuf's wire format from bytes that anybody may have sent. Never throws, never reads
 * beyond its limit, allocates nothing: the first thing that is wrong is kept in `failure`, and from
 * then on `tag` answers 0, which ends every loop.
 */
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

const scratch = new DataView(new ArrayBuffer(4));

export class WireReader {
  readonly #bytes: Uint8Array;
  #position: number;
  #limit: number;
  #failure: WireFailure | undefined = undefined;

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes;
    this.#position = position;
    this.#limit = bytes.length;
  }

  /** What was wrong first; undefined = nothing so far. */
  get failure(): WireFailure | undefined {
    return this.#failure;
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

  /** A zigzag varint of a signed 32-bit integer. */
  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A 32-bit float; NaN and infinities pass. */
  float(): number {
    for (let index = 0; index < 4; index += 1) scratch.setUint8(index, this.#byte());
    return scratch.getFloat32(0, true);
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
    const outer = this.enter();
    if (BYTE_ORDER_MARK.every((byte, index) => this.#peek(index) === byte)) this.fail('malformed');
    this.#position = this.#limit;
    this.leave(outer);
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

  #peek(offset: number): number | undefined {
    const position = this.#position + offset;
    return position < this.#limit ? this.#bytes[position] : undefined;
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
