import { expect, test } from 'vitest';

import { LazyWheel } from './lazy-wheel.ts';

test('what is active does not expire, what is silent does once', () => {
  const wheel = new LazyWheel(2, 1_000);
  for (let now = 0; now <= 5_000; now += 50) {
    wheel.touch(0, now);
    wheel.evaluate(now);
  }
  expect(wheel.expired).toBe(1);
});
