import { describe, expect, test } from 'vitest';
import type { ClientStats } from 'holdfast/client';
import { readNetcode } from './netcode-readings.ts';

/** Only what is read; the rest of the statistics does not matter here. */
const CALM = {
  roundTripTimeMs: 150.4,
  jitterMs: 12,
  interpolationDelayMs: 125,
  inputLeadTicks: 3,
  inputMarginTicks: 1.25,
  predictedTicks: 8,
  corrections: 2,
  correctionMetres: 0.125,
};

function read(stats: Partial<typeof CALM> = {}) {
  const readings = readNetcode({ ...CALM, ...stats } as ClientStats);
  return new Map(readings.map((reading) => [reading.label, reading]));
}

describe('the netcode in numbers', () => {
  test('has a unit for each value, and a bar by its size', () => {
    const readings = read();
    expect(readings.get('round trip')).toMatchObject({ text: '150 ms', isBad: false });
    expect(readings.get('jitter')?.text).toBe('12 ms');
    expect(readings.get('interpolation')).toMatchObject({ text: '125 ms', part: 0.5 });
    expect(readings.get('input lead')).toMatchObject({ text: '3.0 ticks', part: 0.25 });
    expect(readings.get('input margin')?.text).toBe('1.3 ticks');
    expect(readings.get('predicted')).toMatchObject({ text: '8 ticks', part: 0.5 });
    expect(readings.get('corrected 2 ×')).toMatchObject({ text: '13 cm', part: 0.25 });
  });

  test('says nothing where nothing is known yet', () => {
    const stats = { ...CALM, roundTripTimeMs: undefined, inputMarginTicks: undefined };
    const readings = new Map(readNetcode(stats as ClientStats).map((row) => [row.label, row]));
    expect(readings.get('round trip')).toMatchObject({ text: '–', part: 0, isBad: false });
    expect(readings.get('input margin')).toMatchObject({ text: '–', part: 0, isBad: false });
  });

  test('has no length of a correction before the first', () => {
    expect(read({ corrections: 0 }).get('corrected 0 ×')).toMatchObject({ text: '–', part: 0 });
  });

  test('calls an input that comes too late bad, and one that is just in time not', () => {
    expect(read({ inputMarginTicks: -0.1 }).get('input margin')).toMatchObject({
      isBad: true,
      part: 0,
    });
    expect(read({ inputMarginTicks: 0 }).get('input margin')?.isBad).toBe(false);
  });

  test('fills no bar beyond its end', () => {
    expect(read({ roundTripTimeMs: 5_000 }).get('round trip')).toMatchObject({
      part: 1,
      text: '5000 ms',
    });
  });
});
