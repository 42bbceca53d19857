import { expect, test } from 'vitest';

import { shiftLeft } from './shift-left.ts';

test.each([
  [0b101, 0, 0b101],
  [0b101, 1, 0b1010],
  [1, 31, -(2 ** 31)],
  [1, 32, 0],
  [-1, 33, 0],
])('%i moved up by %i is %i', (mask, places, moved) => {
  expect(shiftLeft(mask, places)).toBe(moved);
});
