/**
 * The authority's truth against a model of it: an independent reference of what a world of the
 * shipped game must make of the calls on the tape. In: a run, the game's numbers. Out: a finding
 * for the first wrong verdict of each peer, the first wrong frame of each connection, and each
 * world that ticks wrongly or fails.
 */
import type { PlayerId } from '../../protocol/ids.ts';
import type { RunResult } from '../run-result.ts';
import { createStreams, unitsOf } from '../seeded-streams.ts';
import { checkFrames } from './authority-model/check-frames.ts';
import { checkPasses } from './authority-model/check-passes.ts';
import { checkVerdicts } from './authority-model/check-verdicts.ts';
import type { GameRules } from './authority-model/game-rules.ts';
import { ModelWorld } from './authority-model/model-world.ts';
import type { OracleFinding } from './oracle-finding.ts';

export function checkAuthority(run: RunResult, rules: GameRules): OracleFinding[] {
  const findings: OracleFinding[] = [];
  const report = (peer: string | undefined, at: number, text: string): void => {
    const where = `${peer ?? 'a world'} in '${run.name}' (seed ${run.seed}) at ${at} ms`;
    findings.push({ oracle: 'authority', peer, at, text: `${where}: ${text}` });
  };
  const worlds = modelWorlds(run, rules);
  for (const world of worlds) {
    const { catchUpTicksMax } = rules;
    const problem = world.problem ?? checkPasses(world, { run, catchUpTicksMax });
    if (problem !== undefined) report(undefined, problem.at, nameOf(world, problem.text));
  }
  for (const { peer, at, text } of checkVerdicts(run.peers, worlds)) report(peer, at, text);
  for (const { peer, at, text } of checkFrames(run.peers, worlds)) report(peer, at, text);
  return findings;
}

function nameOf({ tape }: ModelWorld, text: string): string {
  return `${tape.worldId} (since ${tape.openedAt} ms): ${text}`;
}

/** Every life of every world, lived once more. */
function modelWorlds({ tape, seed, tickRateHz }: RunResult, rules: GameRules): ModelWorld[] {
  const streams = rules.streams ?? createStreams(seed);
  return Array.from(tape, (life) => {
    const random = (playerId: PlayerId): (() => number) =>
      unitsOf(streams, `world:${life.worldId}/player:${playerId}`);
    const world = new ModelWorld({ tape: life, rules, tickRateHz, random });
    world.live();
    return world;
  });
}
