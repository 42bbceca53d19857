/** What campaigns have found in Holdfast itself, as named scenarios: docs/BUGS-FOUND.md. */
import { expect, it } from 'vitest';

import { createSimulation } from '../../src/simulator/simulation.ts';

it('asks no hook about a login whose session was removed as it began', async () => {
  let asked = 0;
  const simulation = await createSimulation({
    seed: 2,
    peers: ['ada'],
    authenticate: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
    onHostCreated: ({ sessions }) => {
      sessions.subscribe(({ session, to }) => {
        if (to === 'login-pending') sessions.remove(session, 'unwanted');
      });
    },
  });
  await simulation.advanceMs(1_000);
  expect(asked).toBe(0);
  await simulation.stop();
  simulation.expectNoLeaks();
});
