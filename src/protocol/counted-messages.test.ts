import { describe, expect, test } from 'vitest';
import { COUNTED_KINDS, isCountedFrame } from './counted-messages.ts';
import { MESSAGE_LANES } from './lanes.ts';
import { MESSAGE_KIND_BYTES, peekMessageKind } from './message-kinds.ts';

const COUNTED: readonly string[] = COUNTED_KINDS;

describe('counted messages', () => {
  test('are what a session is owed, not a connection', () => {
    expect(COUNTED.toSorted()).toEqual([
      'combat-event',
      'roster',
      'shoot-input',
      'user-message',
      'verdict-report',
    ]);
  });

  test('travel in order and whole: nothing of the sync lane is counted', () => {
    for (const kind of COUNTED_KINDS) expect(MESSAGE_LANES[kind]).toBe('reliable');
  });

  test('are told by the first byte alone', () => {
    for (let byte = 0; byte < 256; byte += 1) {
      const kind = peekMessageKind(Uint8Array.of(byte));
      expect(isCountedFrame(Uint8Array.of(byte, 0xff))).toBe(COUNTED.includes(kind ?? ''));
    }
    expect(isCountedFrame(new Uint8Array(0))).toBe(false);
    expect(isCountedFrame(Uint8Array.of(MESSAGE_KIND_BYTES['user-update']))).toBe(false);
  });
});
