import { describe, expect, test } from 'vitest';

import { goalLines } from './goal-lines.ts';
import { atMost, within } from './goal.ts';
import { roundNumbers } from './round-numbers.ts';

describe('goals', () => {
  test('a bar is met at its bound and missed above it', () => {
    expect(atMost('a', 0.7, 0.7).met).toBe(true);
    expect(atMost('a', 0.701, 0.7).met).toBe(false);
  });

  test('a range is met at both ends and missed beyond', () => {
    const range = { from: 19.95, to: 20.05 };
    const verdicts = [19.94, 19.95, 20.05, 20.06].map((value) => within('a', value, range).met);
    expect(verdicts).toEqual([false, true, true, false]);
  });

  test('what was not measured is neither', () => {
    expect(atMost('a', Number.NaN, 1).met).toBeNull();
    expect(within('a', Number.NaN, { from: 0, to: 1 }).met).toBeNull();
    expect(goalLines([atMost('a', Number.NaN, 1)])).toContain('not measured');
  });
});

describe('roundNumbers', () => {
  test('keeps four digits that count, whole numbers as they are', () => {
    const value = { a: 0.123456, b: 123456, c: 1234.56, d: 'x', e: [2.00001] };
    expect(roundNumbers(value)).toEqual({ a: 0.1235, b: 123456, c: 1235, d: 'x', e: [2] });
  });

  test('makes null of what is no number, as JSON has it', () => {
    expect(roundNumbers({ a: Number.NaN, b: Infinity })).toEqual({ a: null, b: null });
  });
});
