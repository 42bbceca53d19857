import { describe, expect, test } from 'vitest';
import { AssertionFailure } from './assert.ts';
import { RingBuffer } from './ring-buffer.ts';

describe('RingBuffer', () => {
  test('an empty buffer yields nothing', () => {
    const buffer = new RingBuffer<number>(3);
    expect(buffer.size).toBe(0);
    expect([...buffer]).toEqual([]);
  });

  test('items come out in the order in which they went in', () => {
    const buffer = new RingBuffer<string>(3);
    buffer.push('a');
    buffer.push('b');
    expect([...buffer]).toEqual(['a', 'b']);
  });

  test.each([
    { pushed: 2, kept: [0, 1] },
    { pushed: 3, kept: [0, 1, 2] },
    { pushed: 4, kept: [1, 2, 3] },
    { pushed: 10, kept: [7, 8, 9] },
  ])('a buffer of three keeps the newest three of $pushed', ({ pushed, kept }) => {
    const buffer = new RingBuffer<number>(3);
    for (let item = 0; item < pushed; item += 1) buffer.push(item);
    expect([...buffer]).toEqual(kept);
    expect(buffer.size).toBe(kept.length);
  });

  test('an iteration skips what is pushed out under it and sees what is new', () => {
    const buffer = new RingBuffer<number>(3);
    for (let item = 0; item < 3; item += 1) buffer.push(item);
    const seen: number[] = [];
    for (const item of buffer) {
      seen.push(item);
      if (item === 0) for (const added of [3, 4]) buffer.push(added);
    }
    expect(seen).toEqual([0, 2, 3, 4]);
  });

  test.each([0, -1, 1.5, Number.NaN, Infinity])('a capacity of %s is our bug', (capacity) => {
    expect(() => new RingBuffer(capacity)).toThrow(AssertionFailure);
  });
});
