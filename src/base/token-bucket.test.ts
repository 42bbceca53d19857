import { describe, expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

function takeAll(bucket: TokenBucket, now: number, triesMax = 1000): number {
  let taken = 0;
  while (taken < triesMax && bucket.tryTake(now)) taken += 1;
  return taken;
}

describe('TokenBucket', () => {
  test('gives exactly its capacity in one instant', () => {
    const bucket = new TokenBucket(5, 10, 0);
    expect(takeAll(bucket, 0)).toBe(5);
    expect(bucket.tryTake(0)).toBe(false);
  });

  test('gains a token when its interval has passed, not one millisecond earlier', () => {
    const bucket = new TokenBucket(1, 10, 0);
    expect(bucket.tryTake(0)).toBe(true);
    expect(bucket.tryTake(99)).toBe(false);
    expect(bucket.tryTake(100)).toBe(true);
  });

  test('never holds more than its capacity', () => {
    const bucket = new TokenBucket(3, 1000, 0);
    takeAll(bucket, 0);
    expect(takeAll(bucket, 3_600_000)).toBe(3);
  });

  test('passes the declared rate over a long time', () => {
    const bucket = new TokenBucket(10, 50, 0);
    let taken = 0;
    for (let now = 0; now <= 10_000; now += 1) if (bucket.tryTake(now)) taken += 1;
    expect(taken).toBeGreaterThanOrEqual(509);
    expect(taken).toBeLessThanOrEqual(510);
  });

  test('ignores a clock that stands still or falls', () => {
    const bucket = new TokenBucket(1, 1000, 100);
    expect(bucket.tryTake(100)).toBe(true);
    expect(bucket.tryTake(50)).toBe(false);
  });
});
