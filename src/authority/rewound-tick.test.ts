import { describe, expect, it } from 'vitest';
import { rewoundTick } from './rewound-tick.ts';

const RULES = { rewindMsMax: 200, interpolationDelayMsMax: 100, tickRateHz: 20 };

function viewOf(viewTick: number, roundTripMs = 0): number {
  return rewoundTick({ tick: 100, viewTick, roundTripMs }, RULES);
}

describe('rewoundTick', () => {
  it('is what the shooter says to have seen, to 1/16 tick', () => {
    expect(viewOf(98.4375)).toBe(98.4375);
    expect(viewOf(100)).toBe(100);
  });

  it('is at most the interpolation delay and one tick back on a line without delay', () => {
    expect(viewOf(97)).toBe(97);
    expect(viewOf(97 - 1 / 16)).toBe(97);
    expect(viewOf(0)).toBe(97);
  });

  it('goes back by the measured round trip as well, rounded down to 1/16 tick', () => {
    expect(viewOf(0, 25)).toBe(96.5);
    // 24 ms are 7.68 sixteenths of a tick of 50 ms.
    expect(viewOf(0, 24)).toBe(97 - 7 / 16);
  });

  it('is never further back than 200 ms, whatever was measured', () => {
    expect(viewOf(0, 50)).toBe(96);
    expect(viewOf(0, 51)).toBe(96);
    expect(viewOf(0, 60_000)).toBe(96);
    expect(viewOf(0, Infinity)).toBe(96);
  });

  it.each([100.0625, 2 ** 49, 2 ** 53, Infinity, Number.NaN])('is now for a view of %d', (view) => {
    expect(viewOf(view)).toBe(100);
  });

  it.each([-1, -(2 ** 53), -Infinity])('is bounded for a view of %d', (view) => {
    expect(viewOf(view)).toBe(97);
  });

  it('takes a round trip that is none for 0', () => {
    expect(viewOf(0, Number.NaN)).toBe(97);
    expect(viewOf(0, -500)).toBe(97);
  });

  it('is always now with a rewind of 0 ms', () => {
    const rules = { ...RULES, rewindMsMax: 0 };
    expect(rewoundTick({ tick: 100, viewTick: 90, roundTripMs: 100 }, rules)).toBe(100);
  });
});
