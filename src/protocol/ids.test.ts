import { describe, expect, test } from 'vitest';
import { ID_LENGTH_MAX, isId, toPlayerId } from './ids.ts';

describe('isId', () => {
  test.each(['a', 'a'.repeat(ID_LENGTH_MAX - 1), '€'.repeat(ID_LENGTH_MAX), '💥', 'a\uFEFF'])(
    '%s is an id',
    (text) => {
      expect(isId(text)).toBe(true);
    },
  );

  test.each([
    ['the empty text', ''],
    ['one character too many', 'a'.repeat(ID_LENGTH_MAX + 1)],
    ['a lone surrogate', 'a\uD800'],
    ['a byte order mark at the beginning', '\uFEFFa'],
  ])('%s is none', (_, text) => {
    expect(isId(text)).toBe(false);
  });
});

describe('toPlayerId', () => {
  test('takes an id as it is', () => {
    const id = 'a'.repeat(ID_LENGTH_MAX);
    expect(toPlayerId(id)).toBe(id);
  });

  test.each(['', 'a'.repeat(ID_LENGTH_MAX + 1), 7 as never])('refuses %j', (text) => {
    expect(() => toPlayerId(text)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
