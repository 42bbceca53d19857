import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { SUSPICION_KINDS, validateSuspicionLimits } from './suspicion-limits.ts';

function refusalOf(given: object): string {
  try {
    validateSuspicionLimits(given, { tickRateHz: 20 });
  } catch (error) {
    if (error instanceof HoldfastError) return `${error.code}: ${error.message}`;
  }
  return 'taken';
}

describe('suspicion limits', () => {
  test('follow the tick rate, and clear at a quarter of what raises', () => {
    const { stale, invalid } = validateSuspicionLimits({}, { tickRateHz: 20 });
    expect(stale).toEqual({ raiseAtPerSecond: 8, clearAtPerSecond: 2 });
    expect(invalid).toEqual({ raiseAtPerSecond: 1, clearAtPerSecond: 0.25 });
    const faster = validateSuspicionLimits({}, { tickRateHz: 60 });
    expect(faster.stale.raiseAtPerSecond).toBe(24);
  });

  test('are two offences in a window at the least, at any tick rate and window', () => {
    for (const tickRateHz of [1, 20, 128]) {
      for (const windowMs of [1_000, 10_000, 600_000]) {
        const limits = validateSuspicionLimits({ windowMs }, { tickRateHz });
        const least = Math.min(...SUSPICION_KINDS.map((kind) => limits[kind].raiseAtPerSecond));
        expect((least * windowMs) / 1_000).toBeGreaterThanOrEqual(2);
      }
    }
  });

  test('clear at a quarter of a threshold that is given alone', () => {
    const given = { stale: { raiseAtPerSecond: 4 } };
    const { stale } = validateSuspicionLimits(given, { tickRateHz: 20 });
    expect(stale).toEqual({ raiseAtPerSecond: 4, clearAtPerSecond: 1 });
  });

  test.each(SUSPICION_KINDS)('of %s clear below what raises, and never at it', (kind) => {
    const of = (clearAtPerSecond: number) => ({
      [kind]: { raiseAtPerSecond: 3, clearAtPerSecond },
    });
    expect(refusalOf(of(2.999))).toBe('taken');
    for (const wrong of [3, 4, 0, -1, Number.NaN, '1' as unknown as number]) {
      expect(refusalOf(of(wrong))).toContain(`suspicion.${kind}.clearAtPerSecond`);
    }
  });

  test.each(SUSPICION_KINDS)('of %s may be switched off', (kind) => {
    expect(refusalOf({ [kind]: { raiseAtPerSecond: Infinity } })).toBe('taken');
  });

  test('raise at one offence in a window at the least', () => {
    const of = (raiseAtPerSecond: number) => ({ windowMs: 2_000, flood: { raiseAtPerSecond } });
    expect(refusalOf(of(0.5))).toBe('taken');
    for (const wrong of [0.499, 0, -1, Number.NaN, '5', null]) {
      expect(refusalOf(of(wrong as number))).toContain('suspicion.flood.raiseAtPerSecond');
    }
  });

  test.each([
    ['windowMs', 1_000, 600_000],
    ['graceMs', 0, 60_000],
  ])('%s is from %i to %i', (name, min, max) => {
    for (const right of [min, max]) expect(refusalOf({ [name]: right })).toBe('taken');
    for (const wrong of [min - 1, max + 1, Number.NaN, Infinity, '5000']) {
      expect(refusalOf({ [name]: wrong })).toContain(`invalid-configuration: suspicion.${name}`);
    }
  });

  test.each([
    [{ rude: {} }, 'suspicion.rude is not an option'],
    [{ stale: { raiseAt: 5 } }, 'suspicion.stale.raiseAt is not an option'],
    [{ stale: null }, 'suspicion.stale must be an object'],
    [{ stale: 5 }, 'suspicion.stale must be an object'],
  ])('%j are refused by name', (given, problem) => {
    expect(refusalOf(given)).toContain(problem);
  });
});
