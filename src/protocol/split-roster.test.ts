import { describe, expect, test } from 'vitest';
import type { PlayerId } from './ids.ts';
import type { Roster } from './messages.ts';
import { decodeServerMessage, encodeServerMessage } from './server-codec.ts';
import { splitRoster } from './split-roster.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const SIZE = WIRE_LIMITS.rosterEntriesMax;

function roster(entered: number, left: number): Roster {
  const entity = (_: unknown, index: number): number => index;
  return {
    kind: 'roster',
    isComplete: true,
    entered: Array.from({ length: entered }, entity).map((index) => ({
      entity: index,
      playerId: `player-${index}` as PlayerId,
    })),
    left: Array.from({ length: left }, entity),
  };
}

describe('splitRoster', () => {
  test.each([0, SIZE - 1, SIZE])('a roster of %d players stays whole', (count) => {
    const whole = roster(count, count);
    expect(splitRoster(whole)).toEqual([whole]);
  });

  test('one player more needs a second frame, which adds to the first', () => {
    const [first, second, ...rest] = splitRoster(roster(SIZE + 1, 0));
    expect(first).toMatchObject({ isComplete: true, left: [] });
    expect(first?.entered).toHaveLength(SIZE);
    expect(second).toEqual({
      kind: 'roster',
      isComplete: false,
      entered: [{ entity: SIZE, playerId: `player-${SIZE}` }],
      left: [],
    });
    expect(rest).toEqual([]);
  });

  test('nobody is lost, and every part fits the wire', () => {
    const whole = roster(2 * SIZE + 1, 3 * SIZE);
    const parts = splitRoster(whole);
    expect(parts.flatMap(({ entered }) => entered)).toEqual(whole.entered);
    expect(parts.flatMap(({ left }) => left)).toEqual(whole.left);
    for (const part of parts) {
      expect(decodeServerMessage(encodeServerMessage(part))).toEqual(part);
    }
  });
});
