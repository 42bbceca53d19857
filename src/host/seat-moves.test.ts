import { describe, expect, test } from 'vitest';
import type { PlayerId } from '../protocol/ids.ts';
import { SeatMoves } from './seat-moves.ts';

const ANNA = 'anna' as PlayerId;
const BOB = 'bob' as PlayerId;
const LIMITS = { seatMovesPerMinute: 60, seatMoveBurst: 20 };

/** How many of so many moves at one instant may be. */
function movesAt(moves: SeatMoves, now: number, tries: number): number {
  let moved = 0;
  for (let index = 0; index < tries; index += 1) {
    if (moves.waitMs(ANNA, now) === 0) moved += 1;
  }
  return moved;
}

describe('SeatMoves', () => {
  test('a seat moves as often at once as the burst says, not once more', () => {
    const moves = new SeatMoves(LIMITS);
    expect(movesAt(moves, 0, 19)).toBe(19);
    expect(movesAt(moves, 0, 2)).toBe(1);
  });

  test('who waits as long as told may move', () => {
    const moves = new SeatMoves(LIMITS);
    movesAt(moves, 0, 20);
    const waitMs = moves.waitMs(ANNA, 0);
    expect(waitMs).toBe(1_000);
    expect(movesAt(moves, waitMs - 1, 1)).toBe(0);
    expect(movesAt(moves, waitMs, 2)).toBe(1);
  });

  test.each([
    [1, 60_000],
    [7, 8_572],
    [60_000, 1],
  ])('at %i a minute it is told to wait %i ms', (seatMovesPerMinute, waitMs) => {
    const moves = new SeatMoves({ seatMovesPerMinute, seatMoveBurst: 1 });
    expect(moves.waitMs(ANNA, 0)).toBe(0);
    expect(moves.waitMs(ANNA, 0)).toBe(waitMs);
    expect(moves.waitMs(ANNA, waitMs)).toBe(0);
  });

  test('one player’s moves are nobody else’s', () => {
    const moves = new SeatMoves(LIMITS);
    movesAt(moves, 0, 30);
    expect(moves.waitMs(BOB, 0)).toBe(0);
  });

  test('nothing is kept of a player who has no seat', () => {
    const moves = new SeatMoves(LIMITS);
    movesAt(moves, 0, 30);
    expect(moves.size).toBe(1);
    moves.forget(ANNA);
    expect(moves.size).toBe(0);
    expect(moves.waitMs(ANNA, 0)).toBe(0);
  });
});
