/**
 * O2: all hostile peers and one honest one are replaced by attackers of other kinds, or by nobody.
 * What they were to the world comes from the joint run's tape; the attackers log in to worlds of
 * their own. In: a scenario and its joint run. Out: findings of everybody else.
 */
import { HOSTILE_ACTOR_KINDS } from '../actors/create-hostile-actor.ts';
import { pick } from '../actors/draws.ts';
import { checkErrors } from '../oracles/check-errors.ts';
import { checkSubstitution } from '../oracles/check-substitution.ts';
import type { RunResult } from '../run-result.ts';
import type { Scenario, ScenarioPeer } from '../scenario.ts';
import { runScenario } from '../scenario-run.ts';
import { createUnits } from '../seeded-streams.ts';
import { comparedTraces } from './compared-traces.ts';
import type { VariationOutcome } from './variation.ts';

/** Of the replaced: nobody comes in their place. */
const DEAD_RATE = 0.2;

export async function substitutePeers(
  scenario: Scenario,
  joint: RunResult,
): Promise<VariationOutcome> {
  const replaced = drawReplaced(scenario);
  const peers = scenario.peers.flatMap((peer) =>
    replaced.has(peer.name) ? attackersFor(peer, scenario.seed) : [peer],
  );
  const attackers = peers.filter(({ name }) => replaced.has(name));
  const words = attackers.map(({ name, actor }) => `${name}: ${actor}`).join(', ');
  const run = await runScenario({
    scenario: { ...scenario, peers },
    name: `attackers replaced (${words})`,
    joint,
    guests: replaced,
    // What the rules made of inputs on the tape, they make of them again.
    victimsOfRules: namesOf(scenario.peers.filter(({ role }) => role === 'hostile')),
  });
  const others = scenario.peers.filter(({ name }) => !replaced.has(name));
  return {
    findings: [...checkSubstitution(joint, run.result, replaced), ...checkErrors(run.result)],
    runs: [run],
    ...comparedTraces(
      joint,
      others.map(({ name }) => name),
    ),
  };
}

function namesOf(peers: readonly ScenarioPeer[]): ReadonlySet<string> {
  return new Set(peers.map(({ name }) => name));
}

/** One honest peer is left at least. */
function drawReplaced({ seed, peers }: Scenario): ReadonlySet<string> {
  const replaced = new Set<string>();
  for (const { name, role } of peers) if (role === 'hostile') replaced.add(name);
  const honest = peers.filter(({ role }) => role === 'honest');
  const random = createUnits(seed, 'variation:replaced');
  if (honest.length > 1) replaced.add(pick(random, honest).name);
  return replaced;
}

/** None or one; each draws from a stream of its own, so that who else is there changes nothing. */
function attackersFor(peer: ScenarioPeer, seed: number): ScenarioPeer[] {
  const random = createUnits(seed, `variation:attacker:${peer.name}`);
  if (random() < DEAD_RATE) return [];
  const others = HOSTILE_ACTOR_KINDS.filter((kind) => kind !== peer.actor);
  return [
    {
      ...peer,
      role: 'hostile',
      actor: pick(random, others),
      worldIds: [`apart ${peer.name}`],
    },
  ];
}
