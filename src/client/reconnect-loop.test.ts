import { describe, expect, test } from 'vitest';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { SILENT_NETWORK } from './network-status.ts';
import { ReconnectLoop } from './reconnect-loop.ts';

/** The largest draw, so that each delay is the whole of its bound. */
const MOST = { fillBytes: (target: Uint8Array) => target.fill(0xff) };

/** A server that accepts each attempt at once and drops the connection `heldMs` later. */
async function countAttempts(heldMs: number, durationMs: number): Promise<number> {
  const time = new VirtualTime();
  let attempts = 0;
  const loop = new ReconnectLoop({
    clock: time,
    scheduler: time,
    random: MOST,
    network: SILENT_NETWORK,
    startAttempt: () => {
      attempts += 1;
      loop.stop();
      time.setTimer(heldMs, () => loop.start());
    },
    abandonAttempt: () => undefined,
  });
  loop.start();
  await time.advanceMs(durationMs);
  return attempts;
}

describe('ReconnectLoop', () => {
  test('a server that accepts and drops at once is asked ever more seldom', async () => {
    // 100, 200, 400, 800 ms, then each second, and after 10 s every 5 s.
    expect(await countAttempts(0, 60_000)).toBeLessThanOrEqual(4 + 9 + 10);
  });

  test('a change of the network that is heard after the end starts nothing', async () => {
    const time = new VirtualTime();
    let attempts = 0;
    let hear: ((change: 'online') => void) | undefined;
    const loop = new ReconnectLoop({
      clock: time,
      scheduler: time,
      random: MOST,
      network: {
        isOnline: true,
        subscribe: (listener) => {
          hear = listener;
          return () => undefined;
        },
      },
      startAttempt: () => {
        attempts += 1;
      },
      abandonAttempt: () => undefined,
    });
    loop.start();
    loop.stop();
    hear?.('online');
    await time.advanceMs(10_000);
    expect(attempts).toBe(0);
  });

  test('an attempt has 2 s to open its connection, and 2 s more for the answer over it', async () => {
    const time = new VirtualTime();
    const begun: number[] = [];
    const abandoned: number[] = [];
    const loop = new ReconnectLoop({
      clock: time,
      scheduler: time,
      random: { fillBytes: (target: Uint8Array) => target.fill(0) },
      network: SILENT_NETWORK,
      startAttempt: () => {
        begun.push(time.now());
        if (begun.length === 1) time.setTimer(1_999, () => loop.handleConnected());
      },
      abandonAttempt: () => abandoned.push(time.now() - (begun.at(-1) ?? 0)),
    });
    loop.start();
    await time.advanceMs(7_000);
    expect(abandoned.slice(0, 2)).toEqual([3_999, 2_000]);
    // What opens after the end of the series arms nothing.
    loop.stop();
    const count = abandoned.length;
    loop.handleConnected();
    await time.advanceMs(5_000);
    expect(abandoned).toHaveLength(count);
  });

  test('a login that lasted ends the series: the next loss begins anew', async () => {
    // Cut short, each series goes on: the waits grow to 5 s. Long enough, each wait is 100 ms.
    expect(await countAttempts(4_900, 100_000)).toBeLessThanOrEqual(12);
    expect(await countAttempts(5_000, 102_000)).toBe(20);
  });
});
