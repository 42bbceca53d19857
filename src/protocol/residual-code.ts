/**
 * A column of differences to bits and back: how it is written is chosen for each column, so that
 * one that is as predicted costs two bits however many entities there are. In: zigzag integers.
 * Must not know: what they are differences of. Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import type { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';

/** Every difference is 0. */
const ALL_ZERO = 0;
/** Most are 0: a bit says which are not. */
const SPARSE = 1;
/** Most are 0 or one step off, which is what rounding does to motion. */
const NOISY = 2;
/** None of that. */
const DENSE = 3;

/** 0, and one step to either side: what rounding leaves of motion. */
const SMALL = 3;
const SMALL_CODES = Uint8Array.of(0b0, 0b100, 0b101);
const SMALL_CODE_BITS = Uint8Array.of(1, 3, 3);
const UINT32_MAX = 0xffff_ffff;
const GOLOMB_ORDER_MAX = 24;
const RESIDUAL_MODE_BITS = 2;
const GOLOMB_ORDER_BITS = 5;

/** Writes a column of differences all of which are 0. */
export function writeNoResiduals(writer: BitWriter): void {
  writer.bits(ALL_ZERO, RESIDUAL_MODE_BITS);
}

/**
 * Writes the first `count` of `residuals`, at least one of them not 0: zigzag, as the bits of
 * unsigned 32-bit integers.
 */
export function writeResiduals(writer: BitWriter, residuals: Int32Array, count: number): void {
  let zeros = 0;
  let small = 0;
  let largeBits = 0;
  // Deliberate: no branches, for what rounding leaves is as good as dice.
  for (let index = 0; index < count; index += 1) {
    const residual = residuals[index] as number;
    const isSmall = ((residual - SMALL) & ~residual) >>> 31;
    zeros += ((residual | -residual) >>> 31) ^ 1;
    small += isSmall;
    largeBits += (32 - Math.clz32(residual)) & (isSmall - 1);
  }
  const ones = small - zeros;
  const others = count - zeros;
  const large = count - small;
  const sparseOrder = orderFor(largeBits + ones, others);
  const noisyOrder = orderFor(largeBits, large);
  const denseOrder = orderFor(largeBits + ones, count);
  const sparseBits = count + golombBits(largeBits, large, sparseOrder) + ones * (sparseOrder + 1);
  const noisyBits = zeros + 3 * ones + 2 * large + golombBits(largeBits, large, noisyOrder);
  const denseBits = golombBits(largeBits, large, denseOrder) + (count - large) * (denseOrder + 1);
  if (noisyBits <= sparseBits && noisyBits <= denseBits) {
    writeCode(writer, NOISY, noisyOrder);
    writeNoisy(writer, residuals, { count, order: noisyOrder });
  } else if (sparseBits <= denseBits) {
    writeCode(writer, SPARSE, sparseOrder);
    writeSparse(writer, residuals, { count, order: sparseOrder });
  } else {
    writeCode(writer, DENSE, denseOrder);
    for (let index = 0; index < count; index += 1) {
      writer.golomb((residuals[index] as number) >>> 0, denseOrder);
    }
  }
}

function writeCode(writer: BitWriter, mode: number, order: number): void {
  writer.bits((mode << GOLOMB_ORDER_BITS) | order, RESIDUAL_MODE_BITS + GOLOMB_ORDER_BITS);
}

/** The order under which numbers of that mean length are short. */
function orderFor(bits: number, count: number): number {
  if (count === 0) return 0;
  const order = Math.floor(bits / count) - 1;
  return order < 0 ? 0 : Math.min(order, GOLOMB_ORDER_MAX);
}

/** About how many bits `count` numbers take that have so many bits together. */
function golombBits(bits: number, count: number, order: number): number {
  return Math.max(2 * bits - count * (order - 1), count * (order + 1));
}

interface ColumnCode {
  readonly count: number;
  readonly order: number;
}

function writeNoisy(writer: BitWriter, residuals: Int32Array, { count, order }: ColumnCode): void {
  for (let index = 0; index < count; index += 1) {
    const residual = residuals[index] as number;
    if (residual >>> 0 < SMALL) {
      writer.bits(SMALL_CODES[residual] as number, SMALL_CODE_BITS[residual] as number);
    } else {
      writer.bits(0b11, 2);
      writer.golomb((residual >>> 0) - SMALL, order);
    }
  }
}

function writeSparse(writer: BitWriter, residuals: Int32Array, { count, order }: ColumnCode): void {
  for (let index = 0; index < count; index += 1) {
    const residual = residuals[index] as number;
    if (residual === 0) writer.bits(0, 1);
    else {
      writer.bits(1, 1);
      writer.golomb((residual >>> 0) - 1, order);
    }
  }
}

/** Reads what `writeResiduals` wrote. What is wrong, the reader keeps. */
export function readResiduals(reader: BitReader, residuals: Int32Array, count: number): void {
  const mode = reader.bits(RESIDUAL_MODE_BITS);
  if (mode === ALL_ZERO) {
    residuals.fill(0, 0, count);
    return;
  }
  const order = reader.bits(GOLOMB_ORDER_BITS);
  if (order > GOLOMB_ORDER_MAX) reader.fail('out-of-range');
  if (mode === NOISY) readNoisy(reader, residuals, { count, order });
  else if (mode === SPARSE) readSparse(reader, residuals, { count, order });
  else for (let index = 0; index < count; index += 1) residuals[index] = reader.golomb(order);
}

/** After a failure all is 0, so it need not be asked for each number. */
function readNoisy(reader: BitReader, residuals: Int32Array, { count, order }: ColumnCode): void {
  for (let index = 0; index < count; index += 1) {
    const ahead = reader.peek();
    if (ahead >= 0) {
      residuals[index] = 0;
      reader.skip(1);
    } else if (ahead << 1 >= 0) {
      residuals[index] = 1 + ((ahead >>> 29) & 1);
      reader.skip(3);
    } else {
      reader.skip(2);
      residuals[index] = readLarge(reader, order, SMALL);
    }
  }
}

function readSparse(reader: BitReader, residuals: Int32Array, { count, order }: ColumnCode): void {
  for (let index = 0; index < count; index += 1) {
    residuals[index] = reader.bit() === 0 ? 0 : readLarge(reader, order, 1);
  }
}

function readLarge(reader: BitReader, order: number, least: number): number {
  const residual = reader.golomb(order) + least;
  return residual > UINT32_MAX ? reader.fail('out-of-range') : residual;
}
