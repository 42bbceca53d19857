/** How a wrong guess fades. */
import { describe, expect, test } from 'vitest';

import type { PlayerId } from '../protocol/ids.ts';
import { FadingGuesses } from './fading-guesses.ts';

const ANNA = 'anna' as PlayerId;
const START = { tick: 100, nowTicks: 5_000 };

/** A metre along x, of who makes 0.3 m per tick. */
function createGuesses({ x = 1, metresPerTick = 0.3 } = {}): FadingGuesses {
  const guesses = new FadingGuesses();
  guesses.set(1, { playerId: ANNA, offset: { x, y: 0 }, metresPerTick }, START);
  return guesses;
}

/** What is left after so many ticks of time in which the playhead went so far. */
function leftAfter(guesses: FadingGuesses, nowTicks: number, ticks: number): number {
  const instant = { tick: START.tick + ticks, nowTicks: START.nowTicks + nowTicks };
  return guesses.at(1, instant)?.offset.x ?? 0;
}

describe('a wrong guess', () => {
  test.each([
    ['at rest', 0, 1 - 1.45 * 0.3],
    ['at the speed of time', 1, 1 - 0.45 * 0.3],
    ['catching up', 1.4, 1 - 0.05 * 0.3],
  ])('fades with what the playhead leaves of 1.45 times the speed: %s', (_, ticks, left) => {
    expect(leftAfter(createGuesses(), 1, ticks)).toBeCloseTo(left, 9);
  });

  test('is over when less than a millimetre is left, and is forgotten then', () => {
    const guesses = createGuesses();
    const ticks = (1 - 0.0011) / (0.45 * 0.3);
    expect(leftAfter(guesses, ticks, ticks)).toBeCloseTo(0.0011, 9);
    expect(leftAfter(guesses, ticks + 0.001, ticks + 0.001)).toBe(0);
    guesses.forgetFaded({ tick: 107, nowTicks: 5_007 });
    expect([...guesses.entities]).toEqual([1]);
    guesses.forgetFaded({ tick: 108, nowTicks: 5_008 });
    expect(guesses.isEmpty).toBe(true);
  });

  test('is nothing from the tick on at which it ends, and the earliest counts', () => {
    const guesses = createGuesses();
    guesses.endAt(1, 102);
    guesses.endAt(1, 103);
    guesses.endAt(2, 101);
    expect(leftAfter(guesses, 1.9, 1.9)).toBeGreaterThan(0);
    expect(leftAfter(guesses, 2, 2)).toBe(0);
  });

  test('is nothing after a jump of the playhead', () => {
    expect(leftAfter(createGuesses(), 0, 0.9)).toBe(1);
    expect(leftAfter(createGuesses(), 1, 21)).toBe(0);
  });

  test.each([
    ['of less than a millimetre', { x: 0.0009 }],
    ['of who has no speed', { metresPerTick: 0 }],
  ])('%s is none, and ends what was left', (_, guess) => {
    expect(createGuesses(guess).isEmpty).toBe(true);
    const guesses = createGuesses();
    const { x = 1, metresPerTick = 0.3 } = guess as { x?: number; metresPerTick?: number };
    guesses.set(1, { playerId: ANNA, offset: { x, y: 0 }, metresPerTick }, START);
    expect(guesses.isEmpty).toBe(true);
  });
});
