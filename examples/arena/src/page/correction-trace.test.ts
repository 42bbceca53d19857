import { describe, expect, test } from 'vitest';
import { CorrectionTrace } from './correction-trace.ts';

describe('the trace of corrections', () => {
  test('shows nothing before the first', () => {
    expect(new CorrectionTrace().shownAt(0)).toBeUndefined();
  });

  test('shows the last one, fading, and then nothing', () => {
    const trace = new CorrectionTrace();
    trace.handle({ x: 9, y: 9 }, 1_000);
    trace.handle({ x: 0.3, y: -0.4 }, 2_000);
    expect(trace.shownAt(2_000)).toEqual({ x: 0.3, y: -0.4, age: 0 });
    expect(trace.shownAt(2_600)?.age).toBeCloseTo(0.5);
    expect(trace.shownAt(3_199)).toBeDefined();
    expect(trace.shownAt(3_200)).toBeUndefined();
  });

  test('keeps showing one when another moved nothing', () => {
    const trace = new CorrectionTrace();
    trace.handle({ x: 0.3, y: -0.4 }, 2_000);
    trace.handle({ x: 1e-9, y: 0 }, 2_500);
    expect(trace.shownAt(2_600)?.x).toBe(0.3);
  });
});
