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

test('a player without a network tries nothing until its platform has it again', async () => {
  const simulation = await createSimulation({
    seed: 1,
    peers: ['ada', 'bob'],
    policy: { livenessTimeoutMs: 4_000 },
  });
  const ada = simulation.peer('ada');
  await simulation.waitUntil(() => ada.isLoggedIn);
  ada.goOffline();
  await simulation.waitUntil(() => ada.state === 'reconnecting');
  const before = ada.line.connections;
  await simulation.advanceMs(8_000);
  expect([ada.state, ada.line.connections]).toEqual(['reconnecting', before]);
  expect(simulation.peer('bob').isLoggedIn).toBe(true);
  ada.goOnline();
  await simulation.advanceMs(50);
  expect([ada.isLoggedIn, ada.line.connections]).toEqual([true, before + 1]);
  await simulation.stop();
  simulation.expectNoLeaks();
});

test('healing brings the network of a player back, waking up shortens its wait', async () => {
  const simulation = await createSimulation({ seed: 1, peers: ['ada'] });
  const ada = simulation.peer('ada');
  await simulation.waitUntil(() => ada.isLoggedIn);
  ada.goOffline();
  ada.dropConnection();
  await simulation.advanceMs(9_000);
  const before = ada.line.connections;
  simulation.heal();
  await simulation.advanceMs(50);
  expect([ada.isLoggedIn, ada.line.connections]).toEqual([true, before + 1]);
  ada.line.partition('both');
  ada.dropConnection();
  await simulation.advanceMs(12_000);
  ada.line.heal();
  ada.wakeUp();
  await simulation.advanceMs(2_100);
  expect(ada.isLoggedIn).toBe(true);
  await simulation.stop();
  simulation.expectNoLeaks();
});
