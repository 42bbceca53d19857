import { expect, test } from 'vitest';

import { interleave } from './interleave.ts';

test('everybody has a turn before anybody has a second one', () => {
  expect(interleave(['a', 'b', 'c'], 2)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});

test('no rounds are no turns', () => {
  expect(interleave(['a'], 0)).toEqual([]);
});
