import { describe, expect, test } from 'vitest';
import { SUSPICION_KINDS, validateSuspicionLimits } from './suspicion-limits.ts';
import { SuspicionMeter } from './suspicion-meter.ts';

const LIMITS = validateSuspicionLimits(
  { windowMs: 10_000, stale: { raiseAtPerSecond: 2, clearAtPerSecond: 1 } },
  { tickRateHz: 20 },
);

/** So many offences at once; answers how many of them raised. */
function offend(meter: SuspicionMeter, count: number, now: number): number {
  let raised = 0;
  for (let left = count; left > 0; left -= 1) if (meter.note('stale', now)) raised += 1;
  return raised;
}

describe('SuspicionMeter', () => {
  test('raises at the offence that reaches the threshold, and once', () => {
    const meter = new SuspicionMeter(LIMITS);
    expect(offend(meter, 19, 0)).toBe(0);
    expect(meter.raised).toEqual([]);
    expect(offend(meter, 1, 0)).toBe(1);
    expect(meter.raised).toEqual(['stale']);
    expect(offend(meter, 100, 0)).toBe(0);
  });

  test('forgets by e with each window', () => {
    const meter = new SuspicionMeter(LIMITS);
    offend(meter, 10, 5_000);
    expect(meter.perSecond('stale', 5_000)).toBeCloseTo(1, 9);
    expect(meter.perSecond('stale', 15_000)).toBeCloseTo(1 / Math.E, 9);
  });

  test('a steady rate is measured as what it is', () => {
    const meter = new SuspicionMeter(LIMITS);
    for (let now = 0; now < 100_000; now += 250) meter.note('duplicate', now);
    expect(meter.perSecond('duplicate', 100_000)).toBeCloseTo(4, 1);
  });

  test('between the two thresholds nothing is cleared and nothing raised again', () => {
    const meter = new SuspicionMeter(LIMITS);
    offend(meter, 20, 0);
    // 2 per second fades to 1 within window × ln 2.
    const edge = 10_000 * Math.LN2;
    let crossings = 0;
    for (let now = 0; now < edge; now += 100) crossings += meter.takeCleared(now).length;
    expect(crossings).toBe(0);
    expect(offend(meter, 20, edge - 1)).toBe(0);
    expect(meter.raised).toEqual(['stale']);
  });

  test('is cleared below the lower threshold, once, and can be raised again', () => {
    const meter = new SuspicionMeter(LIMITS);
    offend(meter, 20, 0);
    const edge = 10_000 * Math.LN2;
    expect(meter.takeCleared(edge - 1)).toEqual([]);
    expect(meter.takeCleared(edge + 1)).toEqual(['stale']);
    expect(meter.takeCleared(edge + 1)).toEqual([]);
    expect(meter.isRaised).toBe(false);
    expect(offend(meter, 20, edge + 1)).toBe(1);
  });

  test.each(SUSPICION_KINDS)('%s is measured apart from all other kinds', (kind) => {
    const meter = new SuspicionMeter(LIMITS);
    for (let left = 1_000; left > 0; left -= 1) meter.note(kind, 0);
    const measured = SUSPICION_KINDS.filter((each) => meter.perSecond(each, 0) > 0);
    expect(measured).toEqual([kind]);
    expect(meter.raised).toEqual(kind === 'clamped' ? [] : [kind]);
  });

  test('two meters share nothing', () => {
    const [one, other] = [new SuspicionMeter(LIMITS), new SuspicionMeter(LIMITS)];
    offend(one, 100, 0);
    expect(other.raised).toEqual([]);
    expect(other.perSecond('stale', 0)).toBe(0);
  });
});
