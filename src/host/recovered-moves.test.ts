import { describe, expect, test } from 'vitest';

import { RecoveredMoves } from './recovered-moves.ts';

describe('recovered moves', () => {
  test('are known once each', () => {
    const moves = new RecoveredMoves();
    moves.note(100);
    expect([moves.take(101), moves.take(100), moves.take(100)]).toEqual([false, true, false]);
  });

  test('are known for 32 ticks, and not beyond', () => {
    const moves = new RecoveredMoves();
    moves.note(100);
    moves.note(131);
    expect(moves.take(100)).toBe(true);
    moves.note(100);
    moves.note(132);
    expect([moves.take(100), moves.take(131), moves.take(132)]).toEqual([false, true, true]);
  });

  test.each([0, 0.5, -1, Number.NaN, Number.MAX_SAFE_INTEGER])(
    'tick %d is none of them',
    (tick) => {
      expect(new RecoveredMoves().take(tick)).toBe(false);
    },
  );
});
