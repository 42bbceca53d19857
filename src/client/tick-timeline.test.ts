/** The estimate of the other side's tick: filter, slew, re-anchoring. */
import { describe, expect, test } from 'vitest';

import { SeededRandom } from '../../test/support/seeded-random.ts';
import { TickTimeline } from './tick-timeline.ts';

const RATE_HZ = 20;
const PERIOD_MS = 50;

/** Samples of a server whose tick is `ms / 50`, each `delayMs()` late. */
function feed(
  timeline: TickTimeline,
  options: { fromMs: number; toMs: number; delayMs: () => number; ticksAhead?: number },
): void {
  for (let sentAt = options.fromMs; sentAt < options.toMs; sentAt += PERIOD_MS) {
    const tick = sentAt / PERIOD_MS + (options.ticksAhead ?? 0);
    timeline.observe(tick, sentAt + options.delayMs());
  }
}

describe('tick timeline', () => {
  test('knows nothing before the first sample', () => {
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    expect(timeline.tickAt(0)).toBeUndefined();
    expect(timeline.observedAt).toBe(-Infinity);
  });

  test('goes on at the tick rate after one sample', () => {
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    timeline.observe(100, 5_000);
    expect(timeline.tickAt(5_000)).toBeCloseTo(100, 9);
    expect(timeline.tickAt(5_075)).toBeCloseTo(101.5, 9);
  });

  test('follows the least delayed samples under jitter', () => {
    const random = new SeededRandom(7);
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    feed(timeline, { fromMs: 0, toMs: 5_000, delayMs: () => 30 + random.unit() * 40 });
    // 30 ms is 0.6 tick: the floor of the delay, which no sample can show.
    const error = 5_000 / PERIOD_MS - (timeline.tickAt(5_000) ?? 0);
    expect(error).toBeGreaterThan(0.59);
    expect(error).toBeLessThan(0.7);
  });

  test('never runs backwards while it corrects itself', () => {
    const random = new SeededRandom(11);
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    let last = -Infinity;
    for (let sentAt = 0; sentAt < 60_000; sentAt += PERIOD_MS) {
      const drift = sentAt < 30_000 ? 0 : 80;
      timeline.observe(sentAt / PERIOD_MS, sentAt + drift + random.unit() * 45);
      const tick = timeline.tickAt(sentAt + 130) ?? 0;
      expect(tick).toBeGreaterThan(last);
      last = tick;
    }
    expect(60_000 / PERIOD_MS - (timeline.tickAt(60_000) ?? 0)).toBeCloseTo(1.6, 0);
  });

  test('one late sample changes nothing', () => {
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    feed(timeline, { fromMs: 0, toMs: 2_000, delayMs: () => 20 });
    const before = timeline.tickAt(3_000);
    timeline.observe(2_000 / PERIOD_MS, 2_120);
    expect(timeline.tickAt(3_000)).toBe(before);
  });

  test('a burst after a stalled line changes nothing', () => {
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    feed(timeline, { fromMs: 0, toMs: 2_000, delayMs: () => 20 });
    // Everything of one second arrives at once, the last of it on time.
    for (let sentAt = 2_000; sentAt <= 3_000; sentAt += PERIOD_MS) {
      timeline.observe(sentAt / PERIOD_MS, 3_020);
    }
    expect(timeline.tickAt(3_020)).toBeCloseTo(60, 6);
  });

  test('is right again within 1.5 s after the server has dropped two seconds', () => {
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    feed(timeline, { fromMs: 0, toMs: 4_000, delayMs: () => 20 });
    feed(timeline, { fromMs: 6_000, toMs: 7_500, delayMs: () => 20, ticksAhead: -40 });
    expect(timeline.tickAt(7_500)).toBeCloseTo(7_480 / PERIOD_MS - 40, 6);
  });

  test('is right at once after our own clock stood still', () => {
    const timeline = new TickTimeline({ tickRateHz: RATE_HZ });
    feed(timeline, { fromMs: 0, toMs: 2_000, delayMs: () => 20 });
    timeline.observe(100_000, 2_050);
    expect(timeline.tickAt(2_050)).toBeCloseTo(100_000, 6);
  });
});
