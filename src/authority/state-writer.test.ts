import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateReader } from './state-reader.ts';
import { StateWriter } from './state-writer.ts';

const WHAT = 'the state of a test';

function readerOf(write: (writer: StateWriter) => void): StateReader {
  const writer = new StateWriter();
  write(writer);
  return new StateReader(writer.finish(), WHAT);
}

const corrupt = (problem: string) =>
  expect.objectContaining({ code: 'world-state-corrupt', message: `${WHAT} ${problem}` });

describe('a state writer and its reader', () => {
  it('give every value back as it was', () => {
    const value = fc.oneof(
      fc.tuple(fc.constant('varint' as const), fc.maxSafeNat()),
      fc.tuple(fc.constant('byte' as const), fc.nat(255)),
      fc.tuple(fc.constant('word' as const), fc.nat(2 ** 32 - 1)),
      fc.tuple(fc.constant('double' as const), fc.double()),
      fc.tuple(fc.constant('boolean' as const), fc.boolean()),
      fc.tuple(fc.constant('text' as const), fc.string({ unit: 'binary' })),
      fc.tuple(fc.constant('bytes' as const), fc.uint8Array()),
    );
    const property = fc.property(fc.array(value), (values) => {
      const reader = readerOf((writer) => {
        for (const [kind, each] of values) (writer[kind] as (value: unknown) => void)(each);
      });
      for (const [kind, each] of values) expect(reader[kind]()).toEqual(each);
      reader.end();
    });
    fc.assert(property);
  });

  it.each([
    ['', 1],
    ['__proto__', 10],
    ['🜁', 5],
    ['\ud800', 3],
    ['\ufeffa', 5],
  ])('give the text %j back in %i bytes', (text, bytes) => {
    const writer = new StateWriter();
    writer.text(text);
    expect(writer.length).toBe(bytes);
    expect(new StateReader(writer.finish(), WHAT).text()).toBe(text);
  });

  it.each([
    [[1, -0, 0.5], 13],
    [[1, 0.1, 0], 25],
    [[1e300, 0, 0], 25],
  ])('write the vector %j in %i bytes', (vector, bytes) => {
    const [first = 0, second = 0, third = 0] = vector;
    const writer = new StateWriter();
    writer.vector(first, second, third);
    expect(writer.length).toBe(bytes);
    expect(new StateReader(writer.finish(), WHAT).vector()).toStrictEqual(vector);
  });

  it('begin anew after clear, and hand out bytes that nobody else has', () => {
    const writer = new StateWriter();
    writer.text('first');
    const first = writer.finish();
    writer.clear();
    writer.text('other');
    expect(new StateReader(first, WHAT).text()).toBe('first');
    expect(new StateReader(writer.finish(), WHAT).text()).toBe('other');
  });

  it.each([256, -1, 0.5])('refuse %d as a byte', (value) => {
    expect(() => new StateWriter().byte(value)).toThrow('a byte is');
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuse %d as a varint', (value) => {
    expect(() => new StateWriter().varint(value)).toThrow('a varint is');
  });
});

describe('a state reader refuses', () => {
  it.each([
    ['byte', []],
    ['word', [1, 2, 3]],
    ['double', [1, 2, 3, 4, 5, 6, 7]],
    ['varint', [0x80]],
    ['text', [10, 1]],
    ['bytes', [2, 1]],
    ['vector', [0, 1, 2]],
  ] as const)('a %s that is cut short', (kind, bytes) => {
    const reader = new StateReader(Uint8Array.from(bytes), WHAT);
    expect(() => reader[kind]()).toThrow(corrupt('ends too early'));
  });

  it('a varint that is too long or too great', () => {
    const endless = new StateReader(new Uint8Array(20).fill(0xff), WHAT);
    expect(() => endless.varint()).toThrow(corrupt('has a number without an end'));
    const great = Uint8Array.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);
    expect(() => new StateReader(great, WHAT).varint()).toThrow(
      corrupt('has a number beyond 2^53'),
    );
  });

  it('a count that the bytes do not bear out, at +1', () => {
    const bytes = Uint8Array.from([2, 0, 0, 0, 0]);
    expect(new StateReader(bytes, WHAT).count(2)).toBe(2);
    bytes[0] = 3;
    expect(() => new StateReader(bytes, WHAT).count(2)).toThrow(corrupt('counts more than it has'));
  });

  it('numbers that are not finite, and booleans that are neither', () => {
    const reader = readerOf((writer) => {
      writer.double(Infinity);
      writer.vector(0, Number.NaN, 0);
      writer.vector(0, 0, Infinity);
      writer.byte(2);
    });
    expect(() => reader.finite()).toThrow(corrupt('has a number that is not finite'));
    expect(() => reader.vector()).toThrow('not finite');
    const infinite = readerOf((writer) => writer.vector(0, 0, Infinity));
    expect(() => infinite.vector()).toThrow('not finite');
    expect(() => readerOf((writer) => writer.byte(2)).boolean()).toThrow('a boolean that is none');
  });

  it('bytes that are left over', () => {
    const reader = new StateReader(Uint8Array.from([1, 2]), WHAT);
    reader.byte();
    expect(() => reader.end()).toThrow(corrupt('goes on where it should end'));
  });
});
