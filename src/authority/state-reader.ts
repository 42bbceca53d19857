/**
 * Reads what a StateWriter wrote, from bytes that may be damaged, of something else or made by
 * hand. In: bytes. Out: values, or HoldfastError `world-state-corrupt` at the first that can't be;
 * nothing is allocated on the word of a length that the bytes don't bear out.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';

/** 2^49 is the weight of the eighth group of 7 bits; the ninth would be beyond 2^53. */
const VARINT_BYTES_MAX = 8;

export class StateReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #position = 0;

  /** `what` begins the messages of errors: `the checkpoint of the world 'main'`. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  byte(): number {
    return this.#bytes[this.#take(1)] as number;
  }

  boolean(): boolean {
    const value = this.byte();
    this.check(value <= 1, 'has a boolean that is none');
    return value === 1;
  }

  /** A whole number from 0 to 2^53 − 1. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < VARINT_BYTES_MAX; count += 1) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.check(Number.isSafeInteger(value), 'has a number beyond 2^53');
        return value;
      }
      scale *= 128;
    }
    return this.fail('has a number without an end');
  }

  /** A varint that counts what follows, each at least `bytesMin` ≥ 1 bytes long. */
  count(bytesMin: number): number {
    const count = this.varint();
    const left = this.#bytes.length - this.#position;
    this.check(count <= left / bytesMin, 'counts more than it has');
    return count;
  }

  /** A whole number from 0 to 2^32 − 1. */
  word(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Any number, NaN and infinities too. */
  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Any number but NaN and infinities. */
  finite(): number {
    const value = this.double();
    this.check(Number.isFinite(value), 'has a number that is not finite');
    return value;
  }

  /** Three finite numbers. */
  vector(): readonly [number, number, number] {
    if (this.boolean()) return [this.finite(), this.finite(), this.finite()];
    const begin = this.#take(12);
    const read = (offset: number): number => {
      const value = this.#view.getFloat32(begin + offset, true);
      this.check(Number.isFinite(value), 'has a number that is not finite');
      return value;
    };
    return [read(0), read(4), read(8)];
  }

  text(): string {
    const header = this.varint();
    const bytesPerUnit = (header % 2) + 1;
    const units = Math.floor(header / 2);
    const begin = this.#take(units * bytesPerUnit);
    let text = '';
    for (let index = 0; index < units; index += 1) {
      const unit =
        bytesPerUnit === 1
          ? this.#view.getUint8(begin + index)
          : this.#view.getUint16(begin + index * 2);
      text += String.fromCharCode(unit);
    }
    return text;
  }

  /** A view of bytes that were written with their length. */
  bytes(): Uint8Array {
    const length = this.varint();
    const begin = this.#take(length);
    return this.#bytes.subarray(begin, begin + length);
  }

  /** Everything was read. */
  end(): void {
    this.check(this.#position === this.#bytes.length, 'goes on where it should end');
  }

  /** Throws when something that was read can't be: `has two bodies of one player`. */
  check(condition: boolean, problem: string): void {
    if (!condition) this.fail(problem);
  }

  fail(problem: string): never {
    throw new HoldfastError('world-state-corrupt', `${this.#what} ${problem}`);
  }

  /** Where the next `count` bytes begin. */
  #take(count: number): number {
    const begin = this.#position;
    this.check(count <= this.#bytes.length - begin, 'ends too early');
    this.#position = begin + count;
    return begin;
  }
}
