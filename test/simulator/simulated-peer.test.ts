/** An honest player who goes away while it still logs in, at the word of a script. */
import { expect, test } from 'vitest';

import { createSimulation } from '../../src/simulator/simulation.ts';

test('a player who breaks its login off comes back when it said', async () => {
  const simulation = await createSimulation({ seed: 1, peers: ['ada'] });
  const ada = simulation.peer('ada');
  ada.line.partition('both');
  simulation.schedule(50, () => ada.leave({ returnAfterMs: 100 }));
  simulation.schedule(120, () => ada.line.heal());
  const wasIn: boolean[] = [];
  simulation.schedule(149, () => wasIn.push(ada.isLoggedIn));
  await simulation.advanceMs(200);
  expect(wasIn).toEqual([false]);
  expect(ada.isLoggedIn).toBe(true);
  await simulation.stop();
  simulation.expectNoLeaks();
});

test('a login that its player breaks off is over in the same instant', async () => {
  const simulation = await createSimulation({ seed: 1, peers: ['ada'] });
  const ada = simulation.peer('ada');
  ada.line.partition('both');
  const wasOut: boolean[] = [];
  simulation.schedule(50, () => ada.leave());
  simulation.schedule(50, () => wasOut.push(ada.isOut));
  await simulation.advanceMs(100);
  expect(wasOut).toEqual([true]);
  await simulation.stop();
  simulation.expectNoLeaks();
});
