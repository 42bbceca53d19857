/** The server's tick from heartbeats and snapshots. */
import { describe, expect, test } from 'vitest';

import type { Heartbeat } from '../protocol/messages.ts';
import { ServerClock } from './server-clock.ts';

const PERIOD_MS = 50;

function heartbeat(sentAt: number, roundTripTimeMs: number): Heartbeat {
  const tick = sentAt / PERIOD_MS;
  const serverTick = Math.floor(tick);
  return {
    kind: 'heartbeat',
    nonce: 'n',
    serverTick,
    tickFraction: tick - serverTick,
    roundTripTimeMs,
    reliableReceived: 0,
  };
}

describe('server clock', () => {
  test('takes the handshake for the round trip until one has been measured', () => {
    const clock = new ServerClock({ tickRateHz: 20, handshakeMs: 170 });
    clock.observeHeartbeat(heartbeat(1_000, 0), 1_085);
    expect(clock.tickAt(1_085)).toBeCloseTo(1_085 / PERIOD_MS, 9);
    expect(clock.uplinkTicks).toBeCloseTo(1.7, 9);
    expect(clock.roundTripTimeMs).toBeUndefined();
    clock.observeHeartbeat(heartbeat(1_250, 80), 1_290);
    expect(clock.uplinkTicks).toBeCloseTo(0.8, 9);
  });

  test('knows the tick of the server when the ways there and back take the same time', () => {
    const clock = new ServerClock({ tickRateHz: 20 });
    for (let sentAt = 0; sentAt <= 4_000; sentAt += 250) {
      clock.observeHeartbeat(heartbeat(sentAt, sentAt === 0 ? 0 : 80), sentAt + 40);
    }
    expect(clock.tickAt(4_100)).toBeCloseTo(4_100 / PERIOD_MS, 3);
    expect(clock.roundTripTimeMs).toBe(80);
    expect(clock.uplinkTicks).toBeCloseTo(0.8, 9);
  });

  test('the smallest of the last round trips counts, not a single slow one', () => {
    const clock = new ServerClock({ tickRateHz: 20 });
    clock.observeHeartbeat(heartbeat(1_000, 40), 1_020);
    clock.observeHeartbeat(heartbeat(1_250, 400), 1_270);
    expect(clock.uplinkTicks).toBeCloseTo(0.4, 9);
    expect(clock.roundTripTimeMs).toBe(400);
  });

  test('an absurd round trip moves the estimate by five seconds at most', () => {
    const clock = new ServerClock({ tickRateHz: 20 });
    clock.observeHeartbeat(heartbeat(1_000, 1e12), 1_000);
    expect(clock.uplinkTicks).toBe(100);
  });

  test('is trusted for half a second after the last message', () => {
    const clock = new ServerClock({ tickRateHz: 20 });
    expect(clock.isTrusted(0)).toBe(false);
    clock.observeSnapshot(20, 1_000);
    expect(clock.isTrusted(1_500)).toBe(true);
    expect(clock.isTrusted(1_501)).toBe(false);
  });

  test('is trusted for five ticks where ticks are long', () => {
    const clock = new ServerClock({ tickRateHz: 2 });
    clock.observeSnapshot(20, 1_000);
    expect(clock.isTrusted(3_500)).toBe(true);
    expect(clock.isTrusted(3_501)).toBe(false);
  });
});
