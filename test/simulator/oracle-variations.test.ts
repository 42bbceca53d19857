/** Drawn scenarios, changed in what must change nothing. */
import { expect, test } from 'vitest';
import { runScenario } from '../../src/simulator/scenario-run.ts';
import { drawScenario } from '../../src/simulator/swarm.ts';
import { runVariations } from '../../src/simulator/variation-run.ts';

test.each([3, 21])(
  'dead attackers and steps of the wall clock change nothing, seed %i',
  async (seed) => {
    const scenario = drawScenario(seed);
    const joint = await runScenario({ scenario, name: 'joint' });
    const findings = await runVariations(scenario, joint.result);
    expect(findings.map(({ oracle, text }) => `${oracle} ${text}`).join('\n')).toBe('');
    const other = await runScenario({ scenario: drawScenario(seed + 1), name: 'another' });
    expect(await runVariations(scenario, other.result)).not.toEqual([]);
  },
  60_000,
);
