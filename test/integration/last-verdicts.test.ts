import { createDefaultAuthorities, type CreateAuthorities } from 'holdfast/authority';
import { expect, test } from 'vitest';
import { openMemory } from '../support/open-setting.ts';
import { moveInput } from '../support/world-fixture.ts';

/** Its movement throws at the first input that runs. */
const createAuthorities: CreateAuthorities = (context) => {
  const [movement, ...others] = createDefaultAuthorities()(context);
  if (movement === undefined) return others;
  movement.handleInput = () => {
    throw new Error('a bug of the game');
  };
  return [movement, ...others];
};

test('what waited when a fault ended the last player of a world has its verdict', async () => {
  const verdicts: unknown[] = [];
  const setting = await openMemory({
    createAuthorities,
    onError: () => undefined,
    onVerdict: (_session, { kind }, verdict) => verdicts.push([kind, verdict]),
  });
  const bob = await setting.loginRaw('bob');
  await setting.waitFor('ticks', () => bob.serverTick > 2);
  bob.send(moveInput({ tick: bob.serverTick + 2 }));
  bob.send(moveInput({ tick: bob.serverTick + 6 }));

  await setting.waitFor('the end', () => setting.runtime.host.worldCount === 0);

  expect(verdicts).toEqual([
    ['move-input', { outcome: 'rejected', code: 'internal-error' }],
    ['move-input', { outcome: 'rejected', code: 'not-logged-in' }],
  ]);
});
