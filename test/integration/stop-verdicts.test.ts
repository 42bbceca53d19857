import { expect, test } from 'vitest';
import { openMemory } from '../support/open-setting.ts';
import { moveInput, shootInput } from '../support/world-fixture.ts';

test('what waited when the host stopped has its verdict when stop has settled', async () => {
  const verdicts: unknown[] = [];
  const setting = await openMemory({
    onVerdict: (_session, input, verdict) => verdicts.push([input.kind, verdict]),
  });
  const { runtime } = setting;
  const bob = await setting.loginRaw('bob');
  await setting.waitFor('ticks', () => bob.serverTick > 2);
  bob.send(moveInput({ tick: bob.serverTick + 6 }));
  bob.send(shootInput({ tick: bob.serverTick + 6 }));
  await setting.passMs(1);

  await setting.until(runtime.stop());

  const notLoggedIn = { outcome: 'rejected', code: 'not-logged-in' };
  expect(verdicts).toEqual([
    ['move-input', notLoggedIn],
    ['shoot-input', notLoggedIn],
  ]);
  expect(runtime.host.worldCount).toBe(0);
});
