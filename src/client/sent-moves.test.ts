import { describe, expect, test } from 'vitest';

import type { MoveInput } from '../protocol/messages.ts';
import { SentMoves } from './sent-moves.ts';

function moveAt(tick: number): MoveInput {
  return { kind: 'move-input', tick, directionX: tick / 100, directionY: 0, yaw: 1 };
}

function repeated(moves: SentMoves, tick: number): number[] {
  return moves.withEarlier(moveAt(tick)).earlier?.map((copy) => copy.tick) ?? [];
}

describe('sent moves', () => {
  test('are repeated with the next, the oldest first, and no more of them than asked for', () => {
    const moves = new SentMoves({ repeatsMax: 3, aheadTicksMax: 8 });
    const seen: number[][] = [];
    for (let tick = 10; tick < 16; tick += 1) {
      seen.push(repeated(moves, tick));
      moves.note(moveAt(tick));
    }
    expect(seen).toEqual([[], [10], [10, 11], [10, 11, 12], [11, 12, 13], [12, 13, 14]]);
  });

  test('are repeated as they were', () => {
    const moves = new SentMoves({ repeatsMax: 1, aheadTicksMax: 8 });
    moves.note(moveAt(10));
    expect(moves.withEarlier(moveAt(11)).earlier).toEqual([
      { tick: 10, directionX: 0.1, directionY: 0, yaw: 1 },
    ]);
  });

  test('that must have run are not repeated', () => {
    const moves = new SentMoves({ repeatsMax: 3, aheadTicksMax: 8 });
    for (const tick of [10, 11, 12]) moves.note(moveAt(tick));
    expect(repeated(moves, 18)).toEqual([11, 12]);
    expect(repeated(moves, 20)).toEqual([]);
    expect(moves.withEarlier(moveAt(20))).toEqual(moveAt(20));
  });

  test('are not repeated where none shall be', () => {
    const moves = new SentMoves({ repeatsMax: 0, aheadTicksMax: 8 });
    moves.note(moveAt(10));
    expect(repeated(moves, 11)).toEqual([]);
  });
});
