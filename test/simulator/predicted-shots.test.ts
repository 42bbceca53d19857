/** Shots shown at once, over a line that breaks: each has one end, and the server agrees. */
import { expect, test } from 'vitest';

import type { ShotEvent } from '../../src/client/shot-book.ts';
import { createSimulation } from '../../src/simulator/simulation.ts';
import type { Simulation } from '../../src/simulator/simulation.ts';

test('each predicted shot has exactly one end, and the one that the server gave it', async () => {
  const events: ShotEvent[] = [];
  const judged = new Map<number, string>();
  const simulation: Simulation = await createSimulation({
    seed: 11,
    faults: { delayMs: 60, jitterMs: 30, lossRate: 0.02 },
    peers: [
      {
        name: 'ada',
        behaviour: ({ client, random }) => {
          client.sendMove({ directionX: 0, directionY: 0, yaw: 0 });
          if (random() < 0.2) client.shoot({ directionX: 1, directionY: 0 });
        },
      },
      'bob',
    ],
    onJoined: ({ name, client }) => {
      if (name === 'ada') client?.on('shot', (event) => events.push(event));
    },
    onVerdict: ({ playerId }, input, { outcome, ...rest }) => {
      if (playerId !== 'ada' || input.kind !== 'shoot-input') return;
      judged.set(input.tick, 'code' in rest ? rest.code : outcome);
    },
  });
  for (let drop = 0; drop < 20; drop += 1) {
    await simulation.advanceMs(2_900);
    simulation.dropConnection('ada');
  }
  await simulation.waitUntil(() => simulation.peer('ada').isLoggedIn);
  await simulation.stop();
  simulation.expectNoLeaks();
  const ends = events.filter(({ outcome }) => outcome !== 'predicted');
  const predicted = events.filter(({ outcome }) => outcome === 'predicted');
  expect(predicted.length).toBeGreaterThan(80);
  expect(ends.map(({ tick }) => tick).toSorted((one, other) => one - other)).toEqual(
    predicted.map(({ tick }) => tick),
  );
  for (const { tick, outcome, code } of ends) {
    if (code === 'no-answer') continue;
    expect(`${tick} ${outcome === 'confirmed' ? 'accepted' : code}`).toBe(
      `${tick} ${judged.get(tick)}`,
    );
  }
  expect(ends.filter(({ outcome }) => outcome === 'confirmed').length).toBeGreaterThan(30);
  expect(ends.filter(({ code }) => code === 'no-answer').length).toBeLessThan(30);
});
