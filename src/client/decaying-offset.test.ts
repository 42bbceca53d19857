/** Corrections that fade. */
import { describe, expect, test } from 'vitest';

import { DecayingOffset } from './decaying-offset.ts';

describe('decaying offset', () => {
  test('is nothing before it is set and after it is cleared', () => {
    const offset = new DecayingOffset();
    expect(offset.at(1_000)).toEqual({ x: 0, y: 0 });
    offset.set({ x: 1, y: -1 }, 1_000);
    offset.clear();
    expect(offset.at(1_000)).toEqual({ x: 0, y: 0 });
  });

  test('fades alike whether it is looked at and set again often or not at all', () => {
    const seldom = new DecayingOffset();
    const often = new DecayingOffset();
    seldom.set({ x: 1, y: 2 }, 0);
    often.set({ x: 1, y: 2 }, 0);
    for (let now = 0; now <= 100; now += 7) often.set(often.at(now), now);
    expect(often.at(100).x).toBeCloseTo(seldom.at(100).x, 9);
    expect(often.at(100).y).toBeCloseTo(seldom.at(100).y, 9);
    expect(seldom.at(55).x).toBeCloseTo(0.5, 2);
  });

  test('ends: a metre is nothing after 553 ms', () => {
    const offset = new DecayingOffset();
    offset.set({ x: 1, y: 0 }, 0);
    expect(offset.at(552).x).toBeGreaterThan(0);
    expect(offset.at(553).x).toBe(0);
  });
});
