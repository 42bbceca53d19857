/** The tick that is shown. */
import { describe, expect, test } from 'vitest';

import { Playhead } from './playhead.ts';

/** 20 Hz. */
const TICKS_PER_MS = 0.02;

function createPlayhead(aheadTicksMax = 0): Playhead {
  return new Playhead({ ticksPerMs: TICKS_PER_MS, aheadTicksMax });
}

describe('playhead', () => {
  test('is where it is wanted while that is known', () => {
    const playhead = createPlayhead();
    expect(playhead.moveTo(100, 102, 5_000)).toBe(100);
    expect(playhead.moveTo(100.5, 102, 5_025)).toBe(100.5);
    expect(playhead.moveTo(100.5, 102, 5_025)).toBe(100.5);
  });

  test('waits at the last that is known, and never goes back', () => {
    const playhead = createPlayhead();
    playhead.moveTo(100, 101, 5_000);
    expect(playhead.moveTo(102, 101, 5_100)).toBe(101);
    expect(playhead.moveTo(100.2, 101, 5_110)).toBe(101);
  });

  test('catches up at 1.4 times the speed of time, at any frame rate', () => {
    const seldom = createPlayhead();
    const often = createPlayhead();
    for (const playhead of [seldom, often]) playhead.moveTo(100, 100, 5_000);
    for (let now = 5_000; now <= 5_100; now += 10) often.moveTo(110, 120, now);
    expect(seldom.moveTo(110, 120, 5_100)).toBeCloseTo(102.8, 9);
    expect(often.moveTo(110, 120, 5_100)).toBeCloseTo(102.8, 9);
    expect(seldom.moveTo(103, 120, 5_200)).toBe(103);
  });

  test('a second behind it catches up, further behind it jumps', () => {
    const near = createPlayhead();
    const far = createPlayhead();
    for (const playhead of [near, far]) playhead.moveTo(100, 100, 5_000);
    expect(near.moveTo(120, 130, 5_000)).toBe(100);
    expect(far.moveTo(120.1, 130, 5_000)).toBe(120.1);
    expect(far.moveTo(100, 130, 5_000)).toBe(100);
  });

  test('goes past what is known as far as it may, and waits there', () => {
    const playhead = createPlayhead(2);
    playhead.moveTo(100, 101, 5_000);
    expect(playhead.moveTo(101.5, 101, 5_075)).toBe(101.5);
    expect(playhead.moveTo(103, 101, 5_150)).toBe(103);
    expect(playhead.moveTo(103.02, 101, 5_151)).toBe(103);
    expect(playhead.moveTo(110, 101, 5_500)).toBe(103);
  });

  test('counts how often and how long it was past what is known, waiting included', () => {
    const playhead = createPlayhead(2);
    playhead.moveTo(100, 101, 5_000);
    playhead.moveTo(101, 101, 5_050);
    expect(playhead.timesAhead).toBe(0);
    // Half of this move was known.
    playhead.moveTo(102, 101.5, 5_100);
    expect(playhead.timesAhead).toBe(1);
    expect(playhead.aheadMs).toBeCloseTo(25, 9);
    playhead.moveTo(110, 101.5, 5_500);
    expect(playhead.timesAhead).toBe(1);
    expect(playhead.aheadMs).toBeCloseTo(425, 9);
    playhead.moveTo(110, 120, 5_600);
    playhead.moveTo(114, 113, 6_000);
    expect(playhead.timesAhead).toBe(2);
    expect(playhead.aheadMs).toBeCloseTo(475, 9);
  });

  test('counts nothing where it may not go past what is known', () => {
    const playhead = createPlayhead(0);
    playhead.moveTo(100, 101, 5_000);
    playhead.moveTo(110, 101, 5_500);
    expect([playhead.timesAhead, playhead.aheadMs]).toEqual([0, 0]);
  });
});
