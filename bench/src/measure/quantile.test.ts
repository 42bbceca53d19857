import { describe, expect, test } from 'vitest';

import { quantile } from './quantile.ts';
import { spreadOf } from './spread.ts';

describe('quantile', () => {
  test('of one value is that value at every part', () => {
    expect([0, 0.5, 0.99, 1].map((part) => quantile([7], part))).toEqual([7, 7, 7, 7]);
  });

  test('lies between neighbours by straight line, in whatever order the values come', () => {
    expect(quantile([40, 10, 30, 20], 0.5)).toBe(25);
    expect(quantile([40, 10, 30, 20], 0.25)).toBe(17.5);
  });

  test('is the smallest at 0 and the largest at 1, and stays there beyond', () => {
    const values = [3, 1, 2];
    expect([-1, 0, 1, 2].map((part) => quantile(values, part))).toEqual([1, 1, 3, 3]);
  });

  test('of nothing is no number', () => {
    expect(quantile([], 0.5)).toBeNaN();
  });

  test('leaves the values as they were', () => {
    const values = [3, 1, 2];
    quantile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('spreadOf', () => {
  test('is the middle one with the range', () => {
    expect(spreadOf([5, 1, 9])).toEqual({ median: 5, min: 1, max: 9 });
  });

  test('passes by what is no number', () => {
    expect(spreadOf([Number.NaN, 2, 4])).toEqual({ median: 3, min: 2, max: 4 });
    expect(spreadOf([Number.NaN]).median).toBeNaN();
  });
});
