import { describe, expect, test } from 'vitest';
import { NAME_LENGTH_MAX, cleanPlayerName } from './player-name.ts';

describe('a player name', () => {
  test('keeps what was typed, letters of any script included', () => {
    expect(cleanPlayerName('Zoë 李')).toBe('Zoë 李');
  });

  test('loses surrounding and repeated white space', () => {
    expect(cleanPlayerName('  a \n\t b ')).toBe('a b');
  });

  test('loses control, zero-width and direction-changing characters', () => {
    expect(cleanPlayerName('a\u0000b\u202Ec\u200Bd')).toBe('abcd');
  });

  test('has at most NAME_LENGTH_MAX code points and never half an emoji', () => {
    expect(cleanPlayerName('x'.repeat(NAME_LENGTH_MAX))).toHaveLength(NAME_LENGTH_MAX);
    expect(cleanPlayerName('x'.repeat(NAME_LENGTH_MAX + 1))).toHaveLength(NAME_LENGTH_MAX);
    expect(Array.from(cleanPlayerName('🙂'.repeat(40)))).toHaveLength(NAME_LENGTH_MAX);
  });

  test('is "Guest" when nothing printable was typed', () => {
    for (const nothing of ['', '   ', '\u0007', undefined, 42, {}]) {
      expect(cleanPlayerName(nothing)).toBe('Guest');
    }
  });
});
