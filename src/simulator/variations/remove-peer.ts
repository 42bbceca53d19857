/**
 * O4: a drawn peer is removed at a drawn moment, also from inside callbacks. In: a scenario and its
 * joint run. Out: findings: of those who differ before, of strangers who differ at all, of the
 * removed one who lives on, of what can be said of the run itself, and of one player (the removed
 * one, where the moment was its own) who lives otherwise alone than in that run.
 */
import { pick } from '../actors/draws.ts';
import { SHIPPED_GAME_RULES } from '../oracles/authority-model/game-rules.ts';
import { checkProjection } from '../oracles/check-projection.ts';
import { checkRemoval } from '../oracles/check-removal.ts';
import { checkRun } from '../oracles/check-run.ts';
import type { RunResult } from '../run-result.ts';
import type { Scenario } from '../scenario.ts';
import { runScenario, type ScenarioRun } from '../scenario-run.ts';
import { createUnits } from '../seeded-streams.ts';
import { comparedTraces } from './compared-traces.ts';
import { PeerRemoval, REMOVAL_MOMENTS, type PeerRemovalOptions } from './peer-removal.ts';
import type { VariationOutcome } from './variation.ts';

const REASON = 'removed-by-the-operator';

export async function removePeer(scenario: Scenario, joint: RunResult): Promise<VariationOutcome> {
  const random = createUnits(scenario.seed, 'variation:removal');
  const plan: PeerRemovalOptions = {
    peer: pick(random, scenario.peers).name,
    fromMs: Math.floor(random() * scenario.safetyMs),
    moment: pick(random, REMOVAL_MOMENTS),
    reason: REASON,
  };
  const removal = new PeerRemoval(plan);
  const name = `${plan.peer} removed ${plan.moment} from ${plan.fromMs} ms on`;
  const run = await runScenario({ scenario, name, intervention: removal });
  const removed = run.result;
  const at = removal.doneAt;
  if (at === undefined) return { findings: [], runs: [run], pairsCompared: 0, bytesCompared: 0 };
  const strangers = strangersTo(plan.peer, scenario);
  const { peer: removedPeer, reason } = plan;
  const { limits } = scenario;
  const isOwn = !plan.moment.includes('another');
  const player = drawPlayer(scenario, { removedPeer, isOwn, random });
  const solos = await runSolos(player, { scenario, plan, removed });
  return {
    findings: [
      ...checkRun(removed, {
        game: SHIPPED_GAME_RULES,
        sessions: { limits },
        wire: { limits },
        reliable: { limits },
      }),
      ...checkRemoval({ baseline: joint, removed, removedPeer, at, reason, strangers }),
      ...solos.flatMap(({ result }) => checkProjection(removed, result)),
    ],
    runs: [run, ...solos],
    ...comparedTraces(joint),
  };
}

interface Removed {
  readonly scenario: Scenario;
  readonly plan: PeerRemovalOptions;
  readonly removed: RunResult;
}

/** One, or none where nobody is left who plays by the rules. */
async function runSolos(
  player: string | undefined,
  { scenario, plan, removed }: Removed,
): Promise<ScenarioRun[]> {
  if (player === undefined) return [];
  const intervention = player === plan.peer ? { intervention: new PeerRemoval(plan) } : {};
  const name = `solo ${player}, ${removed.name}`;
  const live = new Set([player]);
  return [await runScenario({ scenario, name, live, joint: removed, ...intervention })];
}

/** Who has no world in common with the peer, nor with anybody who has, and so on. */
function strangersTo(peer: string, { peers }: Scenario): ReadonlySet<string> {
  const worlds = new Set(peers.find(({ name }) => name === peer)?.worldIds);
  const left = new Set(peers);
  let hasGrown = true;
  while (hasGrown) {
    hasGrown = false;
    for (const each of left) {
      if (!each.worldIds.some((world) => worlds.has(world))) continue;
      left.delete(each);
      hasGrown = true;
      for (const world of each.worldIds) worlds.add(world);
    }
  }
  return new Set(Array.from(left, ({ name }) => name).filter((name) => name !== peer));
}

interface PlayerDraw {
  readonly removedPeer: string;
  /** The moment was one of the removed peer's own life, so it comes again in a solo run. */
  readonly isOwn: boolean;
  readonly random: () => number;
}

function drawPlayer(
  { peers }: Scenario,
  { removedPeer, isOwn, random }: PlayerDraw,
): string | undefined {
  const honest = peers.filter(({ role }) => role === 'honest').map(({ name }) => name);
  if (isOwn && honest.includes(removedPeer) && random() < 0.5) return removedPeer;
  const others = honest.filter((name) => name !== removedPeer);
  return others.length > 0 ? pick(random, others) : undefined;
}
