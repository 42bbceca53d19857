/** Whom `onSuspicion` names on real lines: cheats, and never an honest player. */
import { describe, expect, test } from 'vitest';

import { createSimulation } from '../../src/simulator/simulation.ts';

const NAMES = ['ada', 'bob', 'cleo'];
const SEEDS = [1, 2, 3, 4];
/** 100 ± 30 ms one way, a packet in twenty lost. */
const BAD_LINE = { delayMs: 70, jitterMs: 60, lossRate: 0.05 };

/** An honest minute, in which everybody loses the connection twice. */
async function honestMinute(seed: number, hasSyncLane: boolean) {
  const suspicions: string[] = [];
  const simulation = await createSimulation({
    seed,
    peers: NAMES,
    hasSyncLane,
    faults: BAD_LINE,
    onSuspicion: ({ playerId }, { kind, change }) => {
      suspicions.push(`${playerId}: ${kind} ${change}`);
    },
  });
  for (let third = 0; third < 3; third += 1) {
    await simulation.advanceMs(20_000);
    if (third < 2) for (const peer of simulation.peers.values()) peer.dropConnection();
  }
  const { verdicts } = simulation.server.host.counters;
  const reconnects = [...simulation.peers.values()].map(({ client }) => client?.stats.reconnects);
  await simulation.stop();
  return { suspicions, verdicts, reconnects };
}

describe.each([
  ['one ordered stream', false],
  ['a sync lane', true],
])('over %s', (_name, hasSyncLane) => {
  test.each(SEEDS)(
    'an honest player at 100 ± 30 ms and 5 percent of loss is suspected of nothing (seed %i)',
    async (seed) => {
      const { suspicions, verdicts, reconnects } = await honestMinute(seed, hasSyncLane);
      expect(suspicions).toEqual([]);
      expect(reconnects).toEqual([2, 2, 2]);
      expect(verdicts.accepted).toBeGreaterThan(2_000);
    },
  );
});
