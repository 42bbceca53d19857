import { describe, expect, test } from 'vitest';
import { utf8Length } from './utf8-length.ts';

describe('utf8Length', () => {
  test.each([
    '',
    '\u007F\u0080\u07FF\u0800\uFFFF',
    'a',
    'é',
    '€',
    '💥',
    'a💥b',
    '\uD800',
    '\uDC00',
    '\uD800a',
    '\uDC00\uD800',
    'x\uD83D',
  ])('counts %j as the encoder does', (text) => {
    expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
  });
});
