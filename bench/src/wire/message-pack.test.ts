import { describe, expect, test } from 'vitest';

import { packMessage } from './message-pack.ts';
import type { Packable } from './message-pack.ts';

describe('packMessage', () => {
  test.each<[string, Packable, string]>([
    ['a small number', 5, '05'],
    ['a small negative number', -1, 'ff'],
    ['a fraction', 0.5, 'cb3fe0000000000000'],
    ['a number that is not small', 128, 'cb4060000000000000'],
    ['a text', 'input', 'a5696e707574'],
    ['a list', [1, 'a'], '9201a161'],
    ['an object', { type: 2 }, '81a47479706502'],
  ])('%s has its shortest form', (_name, value, hex) => {
    expect(packMessage(value).toString('hex')).toBe(hex);
  });

  test('what is too long for its short form is refused', () => {
    expect(() => packMessage('x'.repeat(32))).toThrow(RangeError);
    expect(() => packMessage(Array.from({ length: 16 }, () => 1))).toThrow(RangeError);
  });
});
