/**
 * O3: everybody joins in one instant, once in this order and once in the other. What may depend on
 * the order is taken out of both runs: where bodies appear (one spawn point), who is hit first
 * (nobody shoots), how long a line is busy with what another hears later. In: a scenario. Out:
 * findings.
 */
import { createArenaGeometry } from '../../authority/arena-geometry.ts';
import { MovementAuthority } from '../../authority/movement-authority.ts';
import type { CreateAuthorities } from '../../authority/authority.ts';
import type { LinkConditions } from '../../transport/link-conditions.ts';
import { checkErrors } from '../oracles/check-errors.ts';
import { checkRenaming } from '../oracles/check-renaming.ts';
import type { Scenario } from '../scenario.ts';
import { runScenario, type ScenarioRun } from '../scenario-run.ts';
import { comparedTraces } from './compared-traces.ts';
import type { VariationOutcome } from './variation.ts';

const JOIN_AT_MS = 100;
const GEOMETRY = createArenaGeometry({
  bounds: { minX: 0, minY: 0, maxX: 40, maxY: 24 },
  spawnPoints: [{ x: 20, y: 12 }],
});

export async function reorderJoins(scenario: Scenario): Promise<VariationOutcome> {
  const peers = scenario.peers.map((peer) => ({
    ...peer,
    joinsAtMs: JOIN_AT_MS,
    conditions: {
      up: withoutLimit(peer.conditions.up),
      down: withoutLimit(peer.conditions.down),
    },
  }));
  const run = (order: typeof peers, name: string): Promise<ScenarioRun> =>
    runScenario({ scenario: { ...scenario, peers: order }, name, authorities: walkOnly });
  const one = await run(peers, 'joining in order');
  const other = await run(peers.toReversed(), 'joining in the other order');
  const check = { original: one.result, renamed: other.result, isReordered: true };
  return {
    findings: [...checkRenaming(check), ...checkErrors(one.result), ...checkErrors(other.result)],
    runs: [one, other],
    ...comparedTraces(one.result),
  };
}

const walkOnly: CreateAuthorities = (context) => [
  new MovementAuthority(context, { geometry: GEOMETRY }),
];

function withoutLimit({
  bandwidthBytesPerSecond: _limit,
  pieceBytesMax: _pieces,
  ...conditions
}: Partial<LinkConditions>): Partial<LinkConditions> {
  return conditions;
}
