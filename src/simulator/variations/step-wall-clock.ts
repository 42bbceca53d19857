/**
 * O6: the wall clock jumps, and where it did already, it jumps otherwise. In: a scenario and its
 * joint run. Out: findings.
 */
import { checkWallClock } from '../oracles/check-wall-clock.ts';
import type { RunResult } from '../run-result.ts';
import type { Scenario, ScenarioAct } from '../scenario.ts';
import { runScenario } from '../scenario-run.ts';
import { comparedTraces } from './compared-traces.ts';
import type { VariationOutcome } from './variation.ts';

/** Forward by an hour, back by a day, and to beyond what 32 bits of seconds hold. */
const WALL_STEPS_MS = [3_600_000, -86_400_000, 2 ** 31 * 1_000];

export async function stepWallClock(
  scenario: Scenario,
  joint: RunResult,
): Promise<VariationOutcome> {
  const begin = scenario.safetyMs / 4;
  const steps = WALL_STEPS_MS.map((stepMs, index): ScenarioAct => ({
    kind: 'wall-step',
    atMs: begin * (index + 1),
    stepMs,
  }));
  const others = scenario.acts.filter(({ kind }) => kind !== 'wall-step');
  const acts = [...others, ...steps].toSorted((one, other) => one.atMs - other.atMs);
  const run = await runScenario({
    scenario: { ...scenario, acts },
    name: 'other wall-clock steps',
  });
  return { findings: checkWallClock(joint, run.result), runs: [run], ...comparedTraces(joint) };
}
