/** The call per input tick. */
import { describe, expect, test } from 'vitest';

import { VirtualTime } from '../../test/support/virtual-time.ts';
import { InputPacer } from './input-pacer.ts';
import { InputTicker } from './input-ticker.ts';
import { ServerClock } from './server-clock.ts';

/** A server at tick 20 at 1 000 ms, heard every tick. */
function createTicker() {
  const time = new VirtualTime(1_000);
  const serverClock = new ServerClock({ tickRateHz: 20 });
  const pacer = new InputPacer({ serverClock, tickRateHz: 20, inputAheadTicksMax: 8 });
  const ticks: { readonly tick: number; readonly at: number }[] = [];
  const ticker = new InputTicker({
    clock: time,
    scheduler: time,
    pacer,
    tickRateHz: 20,
    onTick: (tick) => ticks.push({ tick, at: time.now() }),
  });
  const hear = (tick: number): void => {
    serverClock.observeSnapshot(tick, time.now());
    time.setTimer(50, () => hear(tick + 1));
  };
  hear(20);
  ticker.start();
  return { time, ticker, ticks, pacer };
}

describe('input ticker', () => {
  test('calls once per input tick, at its begin', async () => {
    const { time, ticks } = createTicker();
    await time.advanceMs(1_000);
    expect(ticks).toHaveLength(20);
    for (const [index, { tick, at }] of ticks.entries()) {
      expect(tick).toBe(24 + index);
      expect(at).toBeCloseTo(1_050 + index * 50, 0);
    }
  });

  test('skips what a throttled tab has missed', async () => {
    const { time, ticks } = createTicker();
    await time.advanceMs(100);
    const before = ticks.length;
    time.stallMs(400);
    await time.advanceMs(0);
    expect(ticks).toHaveLength(before + 1);
    expect(ticks.at(-1)?.tick).toBe(33);
  });

  test('a tick that was called is not called again when inputs are stamped later', async () => {
    const { time, ticks, pacer } = createTicker();
    await time.advanceMs(500);
    pacer.takeMoveTick(time.now());
    const entry = { input: 'move-input', inputTick: 99, outcome: 'rejected' } as const;
    pacer.observeVerdicts({
      kind: 'verdict-report',
      tick: 30,
      entries: [{ ...entry, code: 'too-far-ahead' }],
      omitted: 0,
    });
    await time.advanceMs(500);
    const called = ticks.map(({ tick }) => tick);
    expect(called).toHaveLength(19);
    for (const [index, tick] of called.entries()) expect(tick).toBe(24 + index);
  });

  test('a stopped ticker calls no more and leaves no timer', async () => {
    const { time, ticker, ticks } = createTicker();
    await time.advanceMs(100);
    const { pendingTimers } = time;
    ticker.stop();
    ticker.stop();
    expect(time.pendingTimers).toBe(pendingTimers - 1);
    const before = ticks.length;
    await time.advanceMs(500);
    expect(ticks).toHaveLength(before);
  });

  test('a second start is no second ticker', async () => {
    const { time, ticker, ticks } = createTicker();
    ticker.start();
    await time.advanceMs(500);
    expect(new Set(ticks.map(({ tick }) => tick)).size).toBe(ticks.length);
  });
});
