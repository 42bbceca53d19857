/** What the server does at each tick, as far as the client knows. */
import { describe, expect, test } from 'vitest';

import { MoveHistory } from './move-history.ts';

const EAST = { directionX: 1, directionY: 0, yaw: 0 };
const NORTH = { directionX: 0, directionY: 1, yaw: 0 };

function createHistory(movesMax = 16) {
  return new MoveHistory({ movesMax, holdTicksMax: 2 });
}

describe('move history', () => {
  test('a missing move is the last one for two ticks, then none', () => {
    const history = createHistory();
    history.add(10, EAST);
    expect([9, 10, 11, 12, 13].map((tick) => history.intentAt(tick))).toEqual([
      undefined,
      EAST,
      EAST,
      EAST,
      undefined,
    ]);
  });

  test('a move that never ran leaves the one before it to be repeated', () => {
    const history = createHistory();
    history.add(10, EAST);
    history.add(11, NORTH);
    expect(history.intentAt(12)).toBe(NORTH);
    expect(history.remove(11)).toBe(true);
    expect(history.remove(11)).toBe(false);
    expect(history.intentAt(12)).toBe(EAST);
  });

  test('a confirmed move is kept as long as it may be repeated', () => {
    const history = createHistory();
    for (let tick = 1; tick <= 5; tick += 1) history.add(tick, EAST);
    history.confirm(4);
    expect(history.intentAt(5)).toBe(EAST);
    expect(history.countAfter(4)).toBe(1);
    history.remove(5);
    expect(history.intentAt(6)).toBe(EAST);
    history.remove(4);
    history.remove(3);
    expect(history.intentAt(4)).toBeUndefined();
  });

  test('a stop ends what came before it', () => {
    const history = createHistory();
    history.add(10, EAST);
    history.stopAt(10);
    expect(history.intentAt(11)).toBeUndefined();
  });

  test('takes as many as it may hold, not one more', () => {
    const history = createHistory(3);
    expect([1, 2, 3, 4].map((tick) => history.add(tick, EAST))).toEqual([true, true, true, false]);
    history.confirm(3);
    expect(history.add(4, EAST)).toBe(true);
  });
});
