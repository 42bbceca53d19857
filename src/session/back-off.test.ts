import { describe, expect, test } from 'vitest';
import { AssertionFailure } from '../base/assert.ts';
import { backOffMs } from './back-off.ts';

const ALMOST_ONE = 1 - 2 ** -32;

/** The upper end of the wait. */
function ceilingMs(attempt: number, elapsedMs: number): number {
  return Math.round(backOffMs({ attempt, elapsedMs, randomUnit: ALMOST_ONE }));
}

describe('backOffMs (C5)', () => {
  test('the ceiling doubles from 100 ms up to 1 s', () => {
    expect([0, 1, 2, 3, 4, 50].map((attempt) => ceilingMs(attempt, 0))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ]);
  });

  test.each([
    { elapsedMs: 9_999, capMs: 1_000 },
    { elapsedMs: 10_000, capMs: 5_000 },
    { elapsedMs: 10_001, capMs: 5_000 },
  ])('after $elapsedMs ms the cap is $capMs ms', ({ elapsedMs, capMs }) => {
    expect(ceilingMs(20, elapsedMs)).toBe(capMs);
  });

  test('the jitter is full: any wait from 0 on is possible', () => {
    const wait = (randomUnit: number) => backOffMs({ attempt: 2, elapsedMs: 0, randomUnit });
    expect([0, 0.25, 0.5].map(wait)).toEqual([0, 100, 200]);
  });

  test('attempts without number still wait within the cap', () => {
    expect(ceilingMs(5_000, 60_000)).toBe(5_000);
  });

  test.each([
    { attempt: -1, elapsedMs: 0, randomUnit: 0 },
    { attempt: Number.NaN, elapsedMs: 0, randomUnit: 0 },
    { attempt: 0, elapsedMs: -1, randomUnit: 0 },
    { attempt: 0, elapsedMs: 0, randomUnit: 1 },
    { attempt: 0, elapsedMs: 0, randomUnit: -0.1 },
  ])('%j is our bug', (options) => {
    expect(() => backOffMs(options)).toThrow(AssertionFailure);
  });
});
