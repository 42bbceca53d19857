import { describe, expect, test } from 'vitest';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';

function written(write: (writer: BitWriter) => void): Uint8Array {
  const writer = new BitWriter(64);
  writer.start(0xaa);
  write(writer);
  return writer.finish();
}

const NUMBERS = [0, 1, 2, 3, 62, 63, 64, 2 ** 16, 2 ** 24, 2 ** 30 - 1, 2 ** 30, 2 ** 31];

describe('BitWriter', () => {
  test('fills bytes from the most significant bit, and the last one with zeros', () => {
    const frame = written((writer) => {
      writer.bits(0b1, 1);
      writer.bits(0b0110, 4);
      writer.bits(0b1_0000_0001, 9);
    });
    expect([...frame]).toEqual([0xaa, 0b1011_0100, 0b0000_0100]);
  });

  test.each([0, 1, 5, 24])('a Golomb code of order %d comes back', (order) => {
    const numbers = [...NUMBERS, 2 ** 32 - 1];
    const writer = new BitWriter(512);
    writer.start(0);
    for (const number of numbers) writer.golomb(number, order);
    const reader = new BitReader(writer.finish(), 1);
    expect(numbers.map(() => reader.golomb(order))).toEqual(numbers);
    reader.expectEnd();
    expect(reader.failure).toBeUndefined();
  });

  test('Golomb codes of order 0 and 1 are those of the document', () => {
    const bitsOf = (value: number, order: number): string => {
      const [, byte = 0] = written((writer) => writer.golomb(value, order));
      return byte.toString(2).padStart(8, '0');
    };
    expect([0, 1, 2, 3].map((value) => bitsOf(value, 0))).toEqual([
      '00000000',
      '10000000',
      '10100000',
      '11000000',
    ]);
    expect([0, 1, 2].map((value) => bitsOf(value, 1))).toEqual([
      '00000000',
      '01000000',
      '10000000',
    ]);
  });

  test.each([0, 127, 128, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'the varint of %d comes back',
    (value) => {
      const reader = new BitReader(
        written((writer) => writer.varint(value)),
        1,
      );
      expect(reader.varint()).toBe(value);
    },
  );

  test('bytes that were handed out do not change with the next frame', () => {
    const writer = new BitWriter(8);
    writer.start(1);
    writer.bits(0xff, 8);
    const first = writer.finish();
    writer.start(2);
    writer.bits(0, 8);
    writer.finish();
    expect([...first]).toEqual([1, 0xff]);
  });

  test('a frame over the capacity is our own bug', () => {
    const writer = new BitWriter(3);
    writer.start(0);
    writer.bits(0, 16);
    expect(writer.finish()).toHaveLength(3);
    writer.start(0);
    writer.bits(0, 17);
    expect(() => writer.finish()).toThrow('larger than its kind');
  });
});

describe('BitReader', () => {
  test('what is not there reads as 0 and is malformed', () => {
    const reader = new BitReader(Uint8Array.of(0, 0xff), 1);
    expect(reader.bits(8)).toBe(0xff);
    expect(reader.failure).toBeUndefined();
    expect(reader.bit()).toBe(0);
    expect(reader.failure).toBe('malformed');
  });

  test('a Golomb code of more than 32 bits is out of range', () => {
    const reader = new BitReader(new Uint8Array(16).fill(0xff), 0);
    expect(reader.golomb(0)).toBe(0);
    expect(reader.failure).toBe('out-of-range');
  });

  test('a Golomb code of 2^32 is out of range', () => {
    // 32 ones, a zero, and 32 bits that say 1: 1 + 2^32 − 1.
    const bytes = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0x80);
    const reader = new BitReader(bytes, 0);
    expect(reader.golomb(0)).toBe(0);
    expect(reader.failure).toBe('out-of-range');
  });

  test('a varint beyond 2^53 − 1 is out of range', () => {
    const reader = new BitReader(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10), 0);
    expect(reader.varint()).toBe(0);
    expect(reader.failure).toBe('out-of-range');
  });

  test('a filling of ones, or of a byte, is malformed', () => {
    const filled = (byte: number, bits: number): BitReader => {
      const reader = new BitReader(Uint8Array.of(byte), 0);
      reader.bits(bits);
      reader.expectEnd();
      return reader;
    };
    expect(filled(0b1000_0000, 1).failure).toBeUndefined();
    expect(filled(0b1000_0001, 1).failure).toBe('malformed');
    expect(filled(0, 0).failure).toBe('malformed');
  });
});
