/** What campaigns have found in Holdfast itself, as named scenarios: docs/BUGS-FOUND.md. */
import { expect, it } from 'vitest';

import { createSimulation } from '../../src/simulator/simulation.ts';
import { createWalker } from '../../src/simulator/walker.ts';

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

it('plays on over a line without delay on which one answer came late', async () => {
  const verdicts: string[] = [];
  const suspicions: string[] = [];
  const simulation = await createSimulation({
    seed: 3,
    peers: ['ada'],
    // So seldom that one answer alone is late.
    policy: { heartbeatIntervalMs: 3_000, livenessTimeoutMs: 12_000 },
    behaviour: () => createWalker(),
    onVerdict: (_session, input, { outcome }) => {
      if (input.kind === 'move-input') verdicts.push(outcome);
    },
    onSuspicion: (_session, { kind }) => suspicions.push(kind),
  });
  await simulation.advanceMs(7_000);
  simulation.network.line('ada').partition('up');
  await simulation.advanceMs(2_500);
  simulation.network.line('ada').heal();
  await simulation.advanceMs(5_000);
  verdicts.length = 0;
  await simulation.advanceMs(10_000);
  expect(verdicts.length).toBeGreaterThanOrEqual(199);
  expect(new Set(verdicts)).toEqual(new Set(['accepted']));
  expect(suspicions).toEqual([]);
  await simulation.stop();
});
