/**
 * O3: everybody has another name. New names have the order of the old ones, and as many bytes: ties
 * go to the lower name, and a line with a limit is busy for longer with more bytes. In: a scenario
 * and its joint run. Out: findings.
 */
import { checkErrors } from '../oracles/check-errors.ts';
import { checkRenaming } from '../oracles/check-renaming.ts';
import { renameStreams } from '../oracles/rename-streams.ts';
import type { RunResult } from '../run-result.ts';
import type { Scenario, ScenarioAct } from '../scenario.ts';
import { runScenario } from '../scenario-run.ts';
import { createStreams } from '../seeded-streams.ts';
import { comparedTraces } from './compared-traces.ts';
import type { VariationOutcome } from './variation.ts';

const ENCODER = new TextEncoder();
/** No purpose of a stream is spelt like this. */
const FIRST_LETTER = 'A'.charCodeAt(0);

export async function renamePeers(scenario: Scenario, joint: RunResult): Promise<VariationOutcome> {
  const newByOld = newNames(scenario.peers.map(({ name }) => name));
  const originalByName = new Map([...newByOld].map(([old, renamed]) => [renamed, old]));
  const run = await runScenario({
    scenario: renameScenario(scenario, newByOld),
    name: 'other names',
    streams: renameStreams(createStreams(scenario.seed), originalByName),
  });
  const check = { original: joint, renamed: run.result, originalByName };
  return {
    findings: [...checkRenaming(check), ...checkErrors(run.result)],
    runs: [run],
    ...comparedTraces(joint),
  };
}

/** `A`, `BBB`, …: from 26 names on there would be no letter left. */
function newNames(names: readonly string[]): Map<string, string> {
  const inOrder = names.toSorted((one, other) => (one < other ? -1 : 1));
  return new Map(
    inOrder.map((name, index) => {
      const letter = String.fromCharCode(FIRST_LETTER + index);
      return [name, letter.repeat(ENCODER.encode(name).length)];
    }),
  );
}

function renameScenario(scenario: Scenario, newByOld: ReadonlyMap<string, string>): Scenario {
  const rename = (name: string): string => newByOld.get(name) ?? name;
  return {
    ...scenario,
    peers: scenario.peers.map((peer) => ({
      ...peer,
      name: rename(peer.name),
      playerId: rename(peer.playerId),
    })),
    acts: scenario.acts.map((act): ScenarioAct =>
      'peer' in act ? { ...act, peer: rename(act.peer) } : act,
    ),
  };
}
