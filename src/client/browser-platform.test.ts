/** The real seams, as far as Node has the browser's globals. */
import { describe, expect, test } from 'vitest';

import { browserPlatform } from './browser-platform.ts';

const { clock, scheduler, random } = browserPlatform;

function fired(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    scheduler.setTimer(delayMs, resolve);
  });
}

function deferred(): Promise<void> {
  return new Promise((resolve) => scheduler.defer(resolve));
}

describe('browser platform', () => {
  test('what is deferred runs in order, after every microtask', async () => {
    const order: string[] = [];
    scheduler.defer(() => order.push('first'));
    scheduler.defer(() => {
      order.push('second');
      scheduler.defer(() => order.push('from the second'));
    });
    await Promise.resolve().then(() => order.push('microtask'));
    await deferred();
    await deferred();
    expect(order).toEqual(['microtask', 'first', 'second', 'from the second']);
  });

  test('no timer fires before its time, fractions included', async () => {
    const early = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const delayMs = index * 0.13;
        const startedAt = clock.now();
        await fired(delayMs);
        return clock.now() - startedAt < delayMs;
      }),
    );
    expect(early).not.toContain(true);
  });

  test('a cancelled timer does not fire', async () => {
    let hasFired = false;
    const timer = scheduler.setTimer(1, () => (hasFired = true));
    timer.cancel();
    timer.cancel();
    await fired(5);
    expect(hasFired).toBe(false);
  });

  test('random bytes fill the whole array', () => {
    const bytes = new Uint8Array(256);
    random.fillBytes(bytes);
    // 64 zeros in a row would be chance once in 2^512.
    expect(bytes.subarray(0, 64).some((byte) => byte !== 0)).toBe(true);
    expect(bytes.subarray(192).some((byte) => byte !== 0)).toBe(true);
  });
});
