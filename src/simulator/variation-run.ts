/**
 * A scenario once more, changed in what must change nothing for those who play by the rules: the
 * hostile are dead from the start (O2; their part in the world comes from the tape), and the wall
 * clock jumps (O6). In: a scenario and its joint run. Out: findings. Each costs about a joint run,
 * so a campaign asks for it now and then.
 */
import { checkSubstitution } from './oracles/check-substitution.ts';
import { checkWallClock } from './oracles/check-wall-clock.ts';
import type { OracleFinding } from './oracles/oracle-finding.ts';
import type { RunResult } from './run-result.ts';
import type { Scenario, ScenarioAct } from './scenario.ts';
import { runScenario } from './scenario-run.ts';

/** Forward by an hour, back by a day, and to beyond what 32 bits of seconds hold. */
const WALL_STEPS_MS = [3_600_000, -86_400_000, 2 ** 31 * 1_000];

export async function runVariations(
  scenario: Scenario,
  joint: RunResult,
): Promise<OracleFinding[]> {
  return [
    ...(await runWithoutHostile(scenario, joint)),
    ...(await runWithWallSteps(scenario, joint)),
  ];
}

async function runWithoutHostile(scenario: Scenario, joint: RunResult): Promise<OracleFinding[]> {
  const namesOf = (role: string): string[] =>
    scenario.peers.filter((peer) => peer.role === role).map(({ name }) => name);
  const live = new Set(namesOf('honest'));
  const { result } = await runScenario({ scenario, name: 'hostile dead', live, joint });
  return checkSubstitution(joint, result, new Set(namesOf('hostile')));
}

async function runWithWallSteps(scenario: Scenario, joint: RunResult): Promise<OracleFinding[]> {
  const begin = scenario.safetyMs / 4;
  const steps = WALL_STEPS_MS.map((stepMs, index): ScenarioAct => ({
    kind: 'wall-step',
    atMs: begin * (index + 1),
    stepMs,
  }));
  const others = scenario.acts.filter(({ kind }) => kind !== 'wall-step');
  const acts = [...others, ...steps].toSorted((one, other) => one.atMs - other.atMs);
  const stepped = { ...scenario, acts };
  const { result } = await runScenario({ scenario: stepped, name: 'other wall-clock steps' });
  return checkWallClock(joint, result);
}
