/** Players who look for a fight: what a brawl has that other fights have seldom. */
import { describe, expect, test } from 'vitest';

import type { CombatEvent } from '../../src/protocol/messages.ts';
import { createBrawler } from '../../src/simulator/brawler.ts';
import { createSimulation } from '../../src/simulator/simulation.ts';

type Hit = Extract<CombatEvent, { event: 'hit' }>;

const NAMES = ['ada', 'bob', 'cleo', 'dan', 'eve'];

function hitsOf(events: readonly CombatEvent[]): Hit[] {
  return events.filter((event) => event.event === 'hit');
}

/** All that happened in half a minute. */
async function brawl() {
  const events: CombatEvent[] = [];
  const outcomes = new Set<string>();
  const simulation = await createSimulation({
    seed: 3,
    peers: NAMES,
    behaviour: () => createBrawler(),
    onVerdict: (_, input, { outcome }) => outcomes.add(`${input.kind} ${outcome}`),
    onJoined: ({ name, client }) => {
      if (name === 'ada') client?.on('combat', (event) => void events.push(event));
    },
  });
  await simulation.advanceMs(30_000);
  await simulation.stop();
  simulation.expectNoLeaks();
  return { events, outcomes };
}

describe('a brawl', () => {
  test('has several shoot at the same one in the same tick, who shoots back', async () => {
    const { events, outcomes } = await brawl();
    const hits = hitsOf(events);
    const bySame = hits.map((hit) =>
      hits.filter(({ tick, targetId }) => tick === hit.tick && targetId === hit.targetId),
    );
    expect(Math.max(...bySame.map(({ length }) => length))).toBeGreaterThanOrEqual(3);
    const isMutual = hits.some((hit) =>
      hits.some(
        ({ tick, shooterId, targetId }) =>
          tick === hit.tick && shooterId === hit.targetId && targetId === hit.shooterId,
      ),
    );
    expect(isMutual).toBe(true);
    expect(outcomes).toContain('move-input clamped');
  });

  test('kills those who shoot in the tick of their death', async () => {
    const { events } = await brawl();
    const deaths = events.filter((event) => event.event === 'death');
    const shoots = deaths.filter((death) =>
      hitsOf(events).some(
        ({ tick, shooterId }) => tick === death.tick && shooterId === death.targetId,
      ),
    );
    expect(deaths.length).toBeGreaterThan(2);
    expect(shoots.length).toBeGreaterThan(0);
  });
});
