/**
 * Writes what is kept of a world, and of a game's own rule: numbers and texts one after the other,
 * without tags; whoever reads knows the order. Every number and every text comes back as it was.
 * In: values. Out: bytes. The buffer grows and is used again. docs/WORLD-STATE.md has the bytes.
 */
import { assert } from '../base/assert.ts';

const FIRST_CAPACITY = 256;
/** Bytes of the longest varint: 53 bits, 7 in each. */
const VARINT_BYTES_MAX = 8;

export class StateWriter {
  #bytes = new Uint8Array(FIRST_CAPACITY);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** Bytes that were written so far. */
  get length(): number {
    return this.#length;
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0;
  }

  /** A whole number from 0 to 255. */
  byte(value: number): void {
    assert((value & 0xff) === value, 'a byte is a whole number from 0 to 255');
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  boolean(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** A whole number from 0 to 2^53 − 1, the smaller the shorter. */
  varint(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, 'a varint is a whole number from 0 to 2^53');
    this.#reserve(VARINT_BYTES_MAX);
    let rest = value;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number from 0 to 2^32 − 1 in four bytes. */
  word(value: number): void {
    this.#reserve(4);
    this.#view.setUint32(this.#length, value, true);
    this.#length += 4;
  }

  /** Any number. */
  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** Three numbers; in half the bytes when all of them are 32-bit floats, as from the wire. */
  vector(first: number, second: number, third: number): void {
    const isShort =
      Math.fround(first) === first &&
      Math.fround(second) === second &&
      Math.fround(third) === third;
    this.boolean(!isShort);
    if (isShort) {
      this.#float(first);
      this.#float(second);
      this.#float(third);
    } else {
      this.double(first);
      this.double(second);
      this.double(third);
    }
  }

  /** Any text, lone surrogates too: one byte per character if it is ASCII, else two. */
  text(value: string): void {
    let isAscii = true;
    for (let index = 0; index < value.length; index += 1) {
      isAscii &&= value.charCodeAt(index) < 0x80;
    }
    this.varint(value.length * 2 + (isAscii ? 0 : 1));
    this.#reserve(value.length * 2);
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (!isAscii) this.#bytes[this.#length++] = unit >>> 8;
      this.#bytes[this.#length++] = unit & 0xff;
    }
  }

  /** Bytes with their length. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** All that was written, in bytes that nobody else has. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #float(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
