/** An honest player who goes away, whoever tells it to and whatever its line is like. */
import { expect, test } from 'vitest';

import { createSimulation } from '../../src/simulator/simulation.ts';

test('a player whose goodbye nobody hears comes back all the same', async () => {
  const simulation = await createSimulation({ seed: 1, peers: ['ada'] });
  const ada = simulation.peer('ada');
  await simulation.waitUntil(() => ada.isLoggedIn);
  ada.line.partition('both');
  ada.leave({ returnAfterMs: 100 });
  await simulation.advanceMs(1_500);
  expect(ada.isLoggedIn).toBe(false);
  ada.line.heal();
  await simulation.waitUntil(() => ada.isLoggedIn);
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
