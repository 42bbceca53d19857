import { describe, expect, test } from 'vitest';
import { WireReader } from './wire-reader.ts';
import { unzigzag } from './zigzag.ts';

function reader(...bytes: number[]): WireReader {
  return new WireReader(Uint8Array.from(bytes), 0);
}

describe('varints', () => {
  test.each([
    [[0x00], 0],
    [[0x7f], 127],
    [[0x80, 0x01], 128],
    [[0x80, 0x00], 0],
    [[0xff, 0xff, 0xff, 0xff, 0x0f], 2 ** 32 - 1],
    [[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f], Number.MAX_SAFE_INTEGER],
  ])('%j is %d', (bytes, value) => {
    const source = reader(...bytes);
    expect(source.safeInteger()).toBe(value);
    expect(source.failure).toBeUndefined();
    expect(source.hasMore).toBe(false);
  });

  test('2^53 is out of range, not truncated', () => {
    const source = reader(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10);
    expect(source.safeInteger()).toBe(0);
    expect(source.failure).toBe('out-of-range');
  });

  test('2^32 is out of range for 32 bits', () => {
    const source = reader(0x80, 0x80, 0x80, 0x80, 0x10);
    source.uint32();
    expect(source.failure).toBe('out-of-range');
  });

  test('the largest 64-bit varint has ten bytes, the tenth at most 1', () => {
    const nine = Array.from({ length: 9 }, () => 0xff);
    const largest = reader(...nine, 0x01);
    largest.varint();
    expect(largest.failure).toBeUndefined();
    const larger = reader(...nine, 0x02);
    larger.varint();
    expect(larger.failure).toBe('malformed');
  });

  test('a varint that ends with the bytes is malformed', () => {
    const source = reader(0x80);
    source.varint();
    expect(source.failure).toBe('malformed');
  });

  test.each([
    [0, 0],
    [1, -1],
    [2, 1],
    [0xff, -128, 0x01],
  ])('zigzag of byte %d is %d', (first, value, ...rest) => {
    expect(unzigzag(reader(first, ...rest).uint32())).toBe(value);
  });
});

describe('nested messages', () => {
  test('a message that is read to its end widens the reader again', () => {
    const source = reader(2, 7, 8, 9);
    const outer = source.enter();
    source.advance(2);
    expect(source.hasMore).toBe(false);
    source.leave(outer);
    expect(source.varint()).toBe(9);
    expect(source.failure).toBeUndefined();
  });

  test('a message that is left early is malformed', () => {
    const source = reader(2, 7, 8);
    const outer = source.enter();
    source.advance(1);
    source.leave(outer);
    expect(source.failure).toBe('malformed');
  });

  test('a length of exactly what is left is read, one more is malformed', () => {
    const exact = reader(1, 9);
    exact.enter();
    expect(exact.failure).toBeUndefined();
    const beyond = reader(2, 9);
    beyond.enter();
    expect(beyond.failure).toBe('malformed');
  });
});

describe('failures', () => {
  test('the first failure stays, and every later read answers 0', () => {
    const source = reader(0x08, 0x01);
    source.fail('out-of-range');
    source.fail('malformed');
    expect(source.failure).toBe('out-of-range');
    expect(source.tag()).toBe(0);
    expect(source.uint32()).toBe(0);
    expect(source.failure).toBe('out-of-range');
  });

  test('a string that begins with a byte order mark is malformed', () => {
    const marked = reader(4, 0xef, 0xbb, 0xbf, 0x61);
    marked.skipText();
    expect(marked.failure).toBe('malformed');
    const plain = reader(2, 0xef, 0xbb);
    plain.skipText();
    expect(plain.failure).toBeUndefined();
  });
});

describe('text', () => {
  test('that is no UTF-8 is malformed, after everything else that is wrong', () => {
    const broken = reader(1, 0xff, 0x07);
    expect(broken.text()).toBe('');
    expect(broken.varint()).toBe(7);
    expect(broken.failure).toBe('malformed');
    const worse = reader(1, 0xff, 0x80, 0x80, 0x80, 0x80, 0x10);
    worse.text();
    worse.uint32();
    expect(worse.failure).toBe('out-of-range');
  });

  test('that begins with a byte order mark, or ends beyond its message, is malformed', () => {
    for (const bytes of [
      [3, 0xef, 0xbb, 0xbf],
      [2, 0x61],
    ]) {
      const source = reader(...bytes);
      expect(source.text()).toBe('');
      expect(source.failure).toBe('malformed');
    }
  });
});
