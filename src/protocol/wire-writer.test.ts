import { describe, expect, test } from 'vitest';
import { WireReader } from './wire-reader.ts';
import { varintBytes, WireWriter } from './wire-writer.ts';
import { zigzag } from './zigzag.ts';

const EDGES = [
  0,
  1,
  127,
  128,
  16_383,
  16_384,
  2 ** 21 - 1,
  2 ** 21,
  2 ** 28 - 1,
  2 ** 28,
  2 ** 31,
  2 ** 32 - 1,
];

describe('WireWriter', () => {
  test.each([...EDGES, 2 ** 32, 2 ** 35, Number.MAX_SAFE_INTEGER])('%d is read back', (value) => {
    const writer = new WireWriter(16);
    writer.start(1);
    writer.varint(value);
    const reader = new WireReader(writer.finish(), 1);
    expect(reader.safeInteger()).toBe(value);
    expect(reader.hasMore).toBe(false);
  });

  test('a frame of exactly the capacity is finished, one more byte is our own bug', () => {
    const writer = new WireWriter(3);
    writer.start(1);
    writer.byte(2);
    writer.byte(3);
    expect(writer.finish()).toEqual(Uint8Array.of(1, 2, 3));
    writer.byte(4);
    expect(() => writer.finish()).toThrow('larger than its kind may be');
  });

  test('a float that does not fit is our own bug, not an exception of the platform', () => {
    const writer = new WireWriter(4);
    writer.start(1);
    writer.float(1);
    expect(() => writer.finish()).toThrow('larger than its kind may be');
  });

  test('a frame that was finished does not change with the next', () => {
    const writer = new WireWriter(4);
    writer.start(1);
    const first = writer.finish();
    writer.start(2);
    expect(first).toEqual(Uint8Array.of(1));
  });
});

test.each(EDGES)('%d is written alike as a varint of 32 and of 64 bits', (value) => {
  const writer = new WireWriter(16);
  writer.start(1);
  writer.varint32(value);
  const short = writer.finish();
  writer.start(1);
  writer.varint(value);
  expect(writer.finish()).toEqual(short);
});

describe('varintBytes', () => {
  test.each(EDGES)('says how many bytes %d takes', (value) => {
    const writer = new WireWriter(16);
    writer.start(0);
    writer.varint(value);
    expect(varintBytes(value)).toBe(writer.finish().length - 1);
  });
});

describe('zigzag', () => {
  test.each([
    [0, 0],
    [-1, 1],
    [1, 2],
    [2 ** 31 - 1, 2 ** 32 - 2],
    [-(2 ** 31), 2 ** 32 - 1],
  ])('%d becomes %d', (value, folded) => {
    expect(zigzag(value)).toBe(folded);
  });
});

describe('fields with a length', () => {
  test.each([0, 1, 40, 41, 126, 127, 128, 129, 16_383, 16_384])(
    'a text of %d characters is read back, and what follows it',
    (length) => {
      const writer = new WireWriter(20_000);
      writer.start(1);
      writer.optionalTextField(0x0a, 'x'.repeat(length));
      writer.varintField(0x10, 7);
      const reader = new WireReader(writer.finish(), 2);
      expect(reader.text()).toBe('x'.repeat(length));
      expect(reader.tag()).toBe(0x10);
      expect(reader.varint()).toBe(7);
      expect(reader.failure).toBeUndefined();
    },
  );

  test.each(['é', 'a€', '𝒳 and more', 'x'.repeat(45) + 'é'])('%s is read back', (text) => {
    const writer = new WireWriter(64);
    writer.start(1);
    writer.textField(0x0a, text);
    expect(new WireReader(writer.finish(), 2).text()).toBe(text);
  });

  test('an empty text is left out, unless it is optional', () => {
    const writer = new WireWriter(8);
    writer.start(1);
    writer.textField(0x0a, '');
    writer.optionalTextField(0x12, '');
    expect(writer.finish()).toEqual(Uint8Array.of(1, 0x12, 0));
  });

  test('a text that does not fit is our own bug', () => {
    for (const text of ['xxxx', '€€']) {
      const writer = new WireWriter(5);
      writer.start(1);
      writer.textField(0x0a, text);
      expect(() => writer.finish()).toThrow('larger than its kind may be');
    }
  });
});
