/**
 * Makes hostile inputs of valid ones, in one buffer that is used again: bits, bytes, chunks and
 * splices for everything; fields, lengths, varints and floats for frames. In: a pool of inputs and
 * chance. Out: the length of what stands in `bytes`. Allocates nothing per input.
 */
import { FrameFields, varintEnd } from './frame-fields.ts';
import type { FuzzRandom } from './fuzz-random.ts';
import type { InputShape } from './fuzz-target.ts';

/** Varints at the edges of every width, one too long, one that never ends within 64 bits. */
const VARINTS: readonly Uint8Array[] = [
  [0],
  [1],
  [0x7f],
  [0x80, 0x01],
  [0x80, 0x00],
  [0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0x07],
  [0x80, 0x80, 0x80, 0x80, 0x08],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x10],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
].map((bytes) => Uint8Array.from(bytes));

/** NaN, −NaN, ±infinity, −0, the largest, the smallest; little-endian. */
const FLOATS: readonly Uint8Array[] = [
  [0, 0, 0xc0, 0x7f],
  [1, 0, 0xc0, 0xff],
  [0, 0, 0x80, 0x7f],
  [0, 0, 0x80, 0xff],
  [0, 0, 0, 0x80],
  [0xff, 0xff, 0x7f, 0x7f],
  [1, 0, 0, 0],
].map((bytes) => Uint8Array.from(bytes));

/** Bytes that mean something in UTF-8, JSON or Protobuf. */
const BYTES = Uint8Array.from([
  0, 1, 0x7f, 0x80, 0xff, 0xfe, 0xef, 0xbb, 0xbf, 0xc0, 0xed, 0xa0, 0xf4, 0x90, 0x22, 0x5c, 0x7b,
  0x7d, 0x5b, 0x5d, 0x2c, 0x3a, 0x0a, 0x12, 0x15, 0x1d, 0x25, 0x08, 0x0b, 0x0c, 0x41, 0x21,
]);

const WORDS: readonly Uint8Array[] = [
  '__proto__',
  'constructor',
  '\\ud800',
  '\\u0000',
  'null',
  '1e999',
  '-0',
  '[[[[[[[[',
  '{"a":',
  '"playerId"',
  '"worldId"',
  '\uFEFF',
].map((word) => new TextEncoder().encode(word));

const GENERAL_OPERATIONS = 9;
const FRAME_OPERATIONS = 8;
const CHUNK_MAX = 64;
const NOISE_MAX = 96;

export interface MutatorOptions {
  readonly random: FuzzRandom;
  readonly shape: InputShape;
  readonly bytesMax: number;
}

export class Mutator {
  /** The input under construction. */
  readonly bytes: Uint8Array;
  readonly #random: FuzzRandom;
  readonly #shape: InputShape;
  readonly #max: number;
  readonly #fields = new FrameFields();
  readonly #chunk = new Uint8Array(CHUNK_MAX * 8);
  #length = 0;

  constructor({ random, shape, bytesMax }: MutatorOptions) {
    this.#random = random;
    this.#shape = shape;
    this.#max = bytesMax;
    this.bytes = new Uint8Array(bytesMax + 16);
  }

  /** The next input: a damaged one of the pool, now and then one as it is, or noise. */
  next(pool: readonly Uint8Array[]): number {
    const random = this.#random;
    if (pool.length === 0 || random.oneIn(16)) return this.#noise();
    this.#load(this.#pickShort(pool));
    if (random.oneIn(32)) return this.#length;
    const rounds = 1 + random.small(5);
    for (let round = 0; round < rounds; round += 1) {
      if (this.#shape === 'frame' && !random.oneIn(3)) this.#mutateFrame();
      else this.#mutateBytes(pool);
    }
    return this.#length;
  }

  #noise(): number {
    const random = this.#random;
    // Scripts have to be long to come far.
    const isLong = this.#shape === 'script' ? random.oneIn(2) : random.oneIn(256);
    this.#length = isLong ? random.below(this.#max + 1) : random.below(NOISE_MAX);
    this.#length = Math.min(this.#length, this.#max);
    for (let index = 0; index < this.#length; index += 1) this.bytes[index] = random.byte();
    return this.#length;
  }

  /** Long inputs cost most of the time and find least. */
  #pickShort(pool: readonly Uint8Array[]): Uint8Array {
    const random = this.#random;
    const one = pool[random.below(pool.length)] as Uint8Array;
    if (one.length <= 128 || random.oneIn(48)) return one;
    for (let tries = 0; tries < 8; tries += 1) {
      const other = pool[random.below(pool.length)] as Uint8Array;
      if (other.length <= 128) return other;
    }
    return one;
  }

  #load(input: Uint8Array): void {
    this.#length = Math.min(input.length, this.#max);
    // A loop: `set` with `subarray` allocates, and most inputs are short.
    if (this.#length > 256) this.bytes.set(input.subarray(0, this.#length));
    else for (let i = 0; i < this.#length; i += 1) this.bytes[i] = input[i] as number;
  }

  #mutateBytes(pool: readonly Uint8Array[]): void {
    const random = this.#random;
    const { bytes } = this;
    const at = random.below(this.#length + 1);
    switch (random.below(GENERAL_OPERATIONS)) {
      case 0:
        if (at < this.#length) bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        return;
      case 1:
        if (at < this.#length) bytes[at] = random.byte();
        return;
      case 2:
        if (at < this.#length) bytes[at] = BYTES[random.below(BYTES.length)] as number;
        return;
      case 3:
        this.#length = at;
        return;
      case 4:
        this.#remove(at, 1 + random.small(CHUNK_MAX));
        return;
      case 5:
        this.#repeat(at, 1 + random.small(CHUNK_MAX));
        return;
      case 6:
        this.#insertNoise(at, 1 + random.small(16));
        return;
      case 7:
        this.#splice(at, random.pick(pool));
        return;
      default:
        this.#insert(at, this.#shape === 'frame' ? random.pick(VARINTS) : random.pick(WORDS));
    }
  }

  #mutateFrame(): void {
    const random = this.#random;
    const { bytes } = this;
    this.#fields.read(bytes, 1, this.#length);
    const { count, starts } = this.#fields;
    if (count === 0) {
      this.#insert(Math.min(1, this.#length), random.pick(VARINTS));
      return;
    }
    const field = random.below(count);
    const start = starts[field] as number;
    const size = (starts[field + 1] as number) - start;
    const value = varintEnd(bytes, start, this.#length);
    switch (random.below(FRAME_OPERATIONS)) {
      case 0:
        this.#remove(start, size);
        return;
      case 1:
        this.#repeat(start, size);
        return;
      case 2:
        this.#move(start, size, starts[random.below(count + 1)] as number);
        return;
      case 3:
        // Another field number, or another wire type.
        bytes[start] = random.oneIn(2)
          ? ((bytes[start] as number) & ~7) | random.below(6)
          : ((bytes[start] as number) & 7) | (random.below(16) << 3);
        return;
      case 4:
        this.#replaceVarint(value, random.pick(VARINTS));
        return;
      case 5:
        this.#lie(value);
        return;
      case 6:
        this.#overwrite(value, random.pick(FLOATS));
        return;
      default:
        this.#mutateInside(start, size);
    }
  }

  /** The same damage one level further down. */
  #mutateInside(start: number, size: number): void {
    const random = this.#random;
    if (size < 3) return;
    const at = start + 1 + random.below(size - 1);
    if (random.oneIn(2)) this.#replaceVarint(at, random.pick(VARINTS));
    else this.bytes[at] = (this.bytes[at] as number) ^ (1 << random.below(8));
  }

  /** A length, or any other number, that is a little or far off. */
  #lie(at: number): void {
    if (at >= this.#length) return;
    const before = this.bytes[at] as number;
    const off = this.#random.pick(LIES);
    this.bytes[at] = (before & 0x80) | ((before + off) & 0x7f);
  }

  #replaceVarint(at: number, varint: Uint8Array): void {
    if (at >= this.#length) return;
    const end = varintEnd(this.bytes, at, this.#length);
    if (end !== 0) this.#remove(at, end - at);
    this.#insert(at, varint);
  }

  #overwrite(at: number, part: Uint8Array): void {
    for (let index = 0; index < part.length && at + index < this.#length; index += 1) {
      this.bytes[at + index] = part[index] as number;
    }
  }

  #remove(at: number, size: number): void {
    const end = Math.min(this.#length, at + size);
    this.bytes.copyWithin(at, end, this.#length);
    this.#length -= end - at;
  }

  /** Opens a gap; returns its size, which is smaller when the input would grow too long. */
  #open(at: number, size: number): number {
    const room = Math.min(size, this.#max - this.#length);
    if (room <= 0) return 0;
    this.bytes.copyWithin(at + room, at, this.#length);
    this.#length += room;
    return room;
  }

  #insert(at: number, part: Uint8Array): void {
    const room = this.#open(at, part.length);
    for (let index = 0; index < room; index += 1) this.bytes[at + index] = part[index] as number;
  }

  #insertNoise(at: number, size: number): void {
    const room = this.#open(at, size);
    for (let index = 0; index < room; index += 1) this.bytes[at + index] = this.#random.byte();
  }

  #repeat(at: number, size: number): void {
    const times = 1 + this.#random.small(4);
    for (let time = 0; time < times; time += 1) {
      const end = Math.min(this.#length, at + size);
      const room = this.#open(end, end - at);
      this.bytes.copyWithin(end, at, at + room);
    }
  }

  /** Puts the chunk somewhere else. */
  #move(start: number, size: number, target: number): void {
    const taken = Math.min(size, this.#chunk.length);
    for (let i = 0; i < taken; i += 1) this.#chunk[i] = this.bytes[start + i] as number;
    this.#remove(start, taken);
    const at = Math.min(target > start ? target - taken : target, this.#length);
    const room = this.#open(Math.max(0, at), taken);
    for (let i = 0; i < room; i += 1) this.bytes[at + i] = this.#chunk[i] as number;
  }

  /** The head of this one, the tail of the other. */
  #splice(at: number, other: Uint8Array): void {
    const from = this.#random.below(other.length + 1);
    const size = Math.min(other.length - from, this.#max - at, 512);
    for (let index = 0; index < size; index += 1) {
      this.bytes[at + index] = other[from + index] as number;
    }
    this.#length = at + size;
  }
}

const LIES: readonly number[] = [-1, 1, -2, 2, 64, 127];
