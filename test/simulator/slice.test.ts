/** A slice of the campaign, on the sources: docs/CAMPAIGN.md. Fails with the seed that replays. */
import { describe, expect, test } from 'vitest';

import { drawScenario } from '../../src/simulator/swarm.ts';
import { runSeed } from '../../src/simulator/seed-run.ts';

const SEEDS = [1, 2, 3];

describe('a slice of the campaign', () => {
  test.each(SEEDS)(
    'seed %i: nothing that a peer does reaches another',
    async (seed) => {
      const report = await runSeed(drawScenario(seed), { isReplayed: seed === 1 });
      expect(report.mismatches).toEqual([]);
      expect(report.shortcoming).toBeUndefined();
      expect(report.jointMs).toBeGreaterThanOrEqual(36_000);
      expect(report.pairsCompared).toBeGreaterThanOrEqual(5);
      expect(report.bytesCompared).toBeGreaterThan(100_000);
      expect(report.hits).toBeGreaterThan(0);
    },
    60_000,
  );
});
