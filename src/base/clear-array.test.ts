import { expect, test } from 'vitest';
import { clearArray } from './clear-array.ts';

test.each([[[]], [[1]], [[undefined, 'two', { three: 3 }]]])(
  'an array of any length is empty afterwards, and the same array',
  (...[array]: [unknown[]]) => {
    const before = array;
    clearArray(array);
    expect(array).toEqual([]);
    array.push(4);
    expect(before).toEqual([4]);
  },
);
