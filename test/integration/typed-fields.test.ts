/** A game's own numbers in snapshots: declared once, filled by a rule, read typed by a client. */
import { describe, expect, expectTypeOf, test } from 'vitest';

import type { connect } from '../../src/client/index.ts';
import { createDefaultAuthorities, type Authority } from '../../src/authority/index.ts';
import { defineSnapshotFields } from '../../src/protocol/define-snapshot-fields.ts';
import { openMemory } from '../support/open-setting.ts';

const FIELDS = defineSnapshotFields({
  stamina: { precision: 0.01, interpolation: 'linear' },
});

/** Loses a tenth and a little in each tick. */
function createTiring(): Authority {
  let stamina = 100;
  return {
    name: 'tiring',
    inputKinds: [],
    snapshotFields: FIELDS.list,
    addPlayer: () => undefined,
    removePlayer: () => undefined,
    suspendPlayer: () => undefined,
    resumePlayer: () => undefined,
    handleInput: () => ({ outcome: 'accepted' }),
    step: () => {
      stamina -= 0.1003;
      return [];
    },
    readSnapshot: (_, target) => void target.push(FIELDS.toSteps('stamina', stamina)),
  };
}

const createAuthorities = createDefaultAuthorities({ rules: () => [createTiring()] });

describe('the fields that connect is given', () => {
  test('are typed, and what the rule says within half a step', async () => {
    const setting = await openMemory({ createAuthorities });
    const client = await setting.connectPlayer('ada', {
      connectOptions: { snapshotFields: FIELDS },
    });
    await setting.waitFor('a view', () => client.selfConfirmed !== undefined);
    const { selfConfirmed } = client;
    const tick = setting.runtime.host.counters.ticks;
    expect(selfConfirmed?.fields['stamina']).toBeCloseTo(100 - tick * 0.1003, 1);
    const steps = (selfConfirmed?.fields['stamina'] ?? 0) / 0.01;
    expect(steps).toBeCloseTo(Math.round(steps), 6);
  });

  test.each([
    ['nothing of the kind', 'stamina', 0.01, 'linear', /does not have it/],
    [
      'another precision',
      'x',
      0.01,
      'linear',
      /has the snapshot field 'x' \(linear, precision 0.001/,
    ],
    ['another interpolation', 'x', 0.001, 'step', /\(step, precision 0.001\), and the server has/],
  ] as const)(
    'that the server has %s of refuse it',
    async (_, name, precision, interpolation, said) => {
      const setting = await openMemory();
      const snapshotFields = defineSnapshotFields({ [name]: { precision, interpolation } });
      const attempt = setting.connectPlayer('ada', { connectOptions: { snapshotFields } });
      await expect(attempt).rejects.toMatchObject({
        code: 'login-refused',
        reason: 'fields-mismatch',
        retryable: false,
        message: expect.stringMatching(said),
      });
    },
  );
});

test('the client of connect has them by name', () => {
  const connectTo = undefined as unknown as typeof connect;
  const open = () => connectTo({ url: '', credentials: {}, snapshotFields: FIELDS });
  type View = NonNullable<Awaited<ReturnType<typeof open>>['self']>;
  expectTypeOf<View['fields']['stamina']>().toEqualTypeOf<number>();
  // What else there is may be missing.
  expectTypeOf<View['fields'][string]>().toEqualTypeOf<number>();
});
