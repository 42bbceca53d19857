/**
 * Writes Protobuf's wire format into one buffer that is used again and again; `finish` hands out a
 * fresh copy. For the hot messages, and therefore without a check per byte: what would not fit is
 * not written, and `finish` notices. Encoding: https://protobuf.dev/programming-guides/encoding/
 */
import { getTextEncoding } from '@bufbuild/protobuf/wire';
import { assert } from '../base/assert.ts';

const UINT32_MAX = 0xffff_ffff;
/** A loop is cheaper than a call of the platform up to so many bytes. */
const LOOP_BYTES_MAX = 48;

export class WireWriter {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  /** `capacity` is the size of the largest frame in bytes. */
  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Begins a frame; what was written and not finished is forgotten. */
  start(kindByte: number): void {
    this.#bytes[0] = kindByte;
    this.#position = 1;
  }

  /** A tag of a field number below 16, or any other single byte. */
  byte(value: number): void {
    this.#bytes[this.#position++] = value;
  }

  /** Base-128 varint of an integer from 0 to 2^53 − 1. */
  varint(value: number): void {
    let rest = value;
    while (rest > UINT32_MAX) {
      this.#bytes[this.#position++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.varint32(rest);
  }

  /** Base-128 varint of an integer from 0 to 2^32 − 1. */
  varint32(value: number): void {
    const bytes = this.#bytes;
    let position = this.#position;
    let rest = value >>> 0;
    while (rest > 0x7f) {
      bytes[position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    bytes[position++] = rest;
    this.#position = position;
  }

  /** A 32-bit float, little-endian. A number too large for it becomes infinite. */
  float(value: number): void {
    if (this.#position + 4 <= this.#bytes.length) {
      this.#view.setFloat32(this.#position, value, true);
    }
    this.#position += 4;
  }

  /** A 64-bit float, little-endian. */
  double(value: number): void {
    if (this.#position + 8 <= this.#bytes.length) {
      this.#view.setFloat64(this.#position, value, true);
    }
    this.#position += 8;
  }

  /** A field of a number, unless it is 0: Protobuf leaves 0 out. */
  varintField(tag: number, value: number): void {
    if (value === 0) return;
    this.byte(tag);
    this.varint(value);
  }

  /** A field of a 32-bit float, unless it is 0; −0 is sent. */
  floatField(tag: number, value: number): void {
    if (Object.is(value, 0)) return;
    this.byte(tag);
    this.float(value);
  }

  /** A field of a 64-bit float, unless it is 0; −0 is sent. */
  doubleField(tag: number, value: number): void {
    if (Object.is(value, 0)) return;
    this.byte(tag);
    this.double(value);
  }

  /** A field of a string, unless it is empty. */
  textField(tag: number, text: string): void {
    if (text !== '') this.optionalTextField(tag, text);
  }

  /** A field of a string. Half a surrogate pair becomes U+FFFD. */
  optionalTextField(tag: number, text: string): void {
    const begin = this.open(tag);
    const bytes = this.#bytes;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) {
        this.#position = begin;
        this.#append(getTextEncoding().encodeUtf8(text));
        break;
      }
      bytes[this.#position++] = unit;
    }
    this.close(begin);
  }

  /** Begins a field with a length; `close` wants what is returned. */
  open(tag: number): number {
    this.byte(tag);
    // Room for the length of a short one.
    this.#position += 1;
    return this.#position;
  }

  /** Ends the field: its length is known now. */
  close(begin: number): void {
    const length = this.#position - begin;
    if (length > 0x7f)
      this.#bytes.copyWithin(begin + varintBytes(length) - 1, begin, this.#position);
    this.#position = begin - 1;
    this.varint32(length);
    this.#position += length;
  }

  /** The frame, in bytes that nobody else has. */
  finish(): Uint8Array {
    const length = this.#position;
    assert(length <= this.#bytes.length, 'a frame is larger than its kind may be');
    if (length > LOOP_BYTES_MAX) return this.#bytes.slice(0, length);
    const frame = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) frame[index] = this.#bytes[index] as number;
    return frame;
  }

  #append(bytes: Uint8Array): void {
    if (this.#position + bytes.length <= this.#bytes.length) {
      this.#bytes.set(bytes, this.#position);
    }
    this.#position += bytes.length;
  }
}

/** How many bytes the varint of an integer from 0 to 2^32 − 1 takes. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}
