import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toPlainJson } from './plain-json.ts';

describe('toPlainJson', () => {
  it('gives a text that parses to the equal value, whatever JSON it is', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(toPlainJson(value) ?? '')).toStrictEqual(plain(value));
    });
    fc.assert(property);
  });

  it.each([
    ['-0', -0],
    ['-0 inside', [{ a: -0 }]],
    ['a lone surrogate', '\ud800'],
    ['a key that is dangerous', JSON.parse('{"__proto__":{"a":1}}')],
    ['a toJSON that is data', { toJSON: 1 }],
  ])('keeps %s', (_, value: unknown) => {
    expect(JSON.parse(toPlainJson(value) ?? '')).toStrictEqual(value);
  });

  it.each([
    ['undefined', undefined],
    ['NaN', [Number.NaN]],
    ['an infinity', Infinity],
    ['a bigint', 1n],
    ['a function', { a: () => 1 }],
    ['a set', new Set()],
    ['a map', new Map()],
    ['bytes', new Uint8Array(1)],
    ['a symbol key', { [Symbol('a')]: 1 }],
    ['a property that is undefined', { a: undefined }],
    ['a hole', [1, , 2]], // oxlint-disable-line no-sparse-arrays
  ])('has no text for %s', (_, value: unknown) => {
    expect(toPlainJson(value)).toBeUndefined();
  });

  it('has no text for a circle, nor for what is deeper than 256 levels', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(toPlainJson(circle)).toBeUndefined();
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(toPlainJson(nested(256))).toBe('['.repeat(256) + ']'.repeat(256));
    expect(toPlainJson(nested(257))).toBeUndefined();
  });

  it('has no text for what throws when it is looked at', () => {
    const value = {
      get a(): number {
        throw new Error('a bug of the game');
      },
    };
    expect(toPlainJson(value)).toBeUndefined();
  });
});

/** The value with ordinary prototypes. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const copy: object = {};
  for (const [key, each] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: plain(each),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}
