import { expect, test } from 'vitest';

import { latenessOf } from './lateness.ts';

test('what comes in time is not late', () => {
  expect(latenessOf([100, 150, 200], 50)).toEqual([0, 0]);
});

test('one late state counts once, and the next one in time does not make up for it', () => {
  expect(latenessOf([100, 180, 200], 50)).toEqual([30, 0]);
});

test('a single state has nothing to be late against', () => {
  expect(latenessOf([100], 50)).toEqual([]);
});
