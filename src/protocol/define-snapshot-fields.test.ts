import { describe, expect, expectTypeOf, test } from 'vitest';
import { defineSnapshotFields, type SnapshotFieldsOf } from './define-snapshot-fields.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const FIELDS = defineSnapshotFields({
  stamina: { precision: 0.01, interpolation: 'linear' },
  isCrouching: { precision: 1, interpolation: 'step' },
});

describe('defineSnapshotFields', () => {
  test('lists the fields in the order of the table', () => {
    expect(FIELDS.list).toEqual([
      { name: 'stamina', precision: 0.01, interpolation: 'linear' },
      { name: 'isCrouching', precision: 1, interpolation: 'step' },
    ]);
    expect(Object.isFrozen(FIELDS.list)).toBe(true);
  });

  test('names the numbers that a client reads', () => {
    expectTypeOf<SnapshotFieldsOf<typeof FIELDS>>().toEqualTypeOf<{
      readonly stamina: number;
      readonly isCrouching: number;
    }>();
  });

  test('a number comes back within half a step', () => {
    for (const value of [0, 0.004, 0.005, 12.344, -7.77, 99.999]) {
      const steps = FIELDS.toSteps('stamina', value);
      expect(Number.isInteger(steps)).toBe(true);
      expect(Math.abs(steps * 0.01 - value)).toBeLessThanOrEqual(0.005 + 1e-12);
    }
    expect(Object.is(FIELDS.toSteps('stamina', -0), 0)).toBe(true);
  });

  test('a number beyond 32 bits is the last one, and no number is an error', () => {
    expect(FIELDS.toSteps('isCrouching', 1e12)).toBe(2 ** 31 - 1);
    expect(FIELDS.toSteps('isCrouching', Number.NEGATIVE_INFINITY)).toBe(1 - 2 ** 31);
    expect(() => FIELDS.toSteps('stamina', Number.NaN)).toThrow("'stamina' has no value");
    const untyped = FIELDS as unknown as { toSteps(name: string, value: number): number };
    expect(() => untyped.toSteps('mana', 1)).toThrow("'mana' has no value");
  });

  test.each([
    ['', { precision: 1, interpolation: 'step' }, 'needs a name'],
    ['two words', { precision: 1, interpolation: 'step' }, 'needs a name'],
    ['mana', { precision: 0, interpolation: 'step' }, 'must be more than 0'],
    ['mana', { precision: Number.NaN, interpolation: 'step' }, 'must be more than 0'],
    ['mana', { precision: 1, interpolation: 'cubic' as 'step' }, 'must be linear, angle or step'],
  ] as const)('%j as %j is no field', (name, definition, problem) => {
    expect(() => defineSnapshotFields({ [name]: definition })).toThrow(problem);
  });

  test('as many fit as a world may have, one more does not', () => {
    const table = (count: number) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `f${index}`,
          { precision: 1, interpolation: 'step' } as const,
        ]),
      );
    const most = WIRE_LIMITS.snapshotFieldsMax;
    expect(defineSnapshotFields(table(most)).list).toHaveLength(most);
    expect(() => defineSnapshotFields(table(most + 1))).toThrow(`at most ${most}`);
  });
});
