/**
 * The authority's truth against a model of it: an independent reference of what a world of the
 * shipped game must make of the calls on the tape. In: a run, the game's numbers. Out: a finding
 * for the first wrong verdict of each peer, the first wrong frame of each connection, and each
 * world that ticks wrongly or fails.
 */
import type { PlayerId } from '../../protocol/ids.ts';
import type { RunResult } from '../run-result.ts';
import { createStreams, unitsOf } from '../seeded-streams.ts';
import { checkFailures } from './authority-model/check-failures.ts';
import { checkFrames } from './authority-model/check-frames.ts';
import { checkPasses } from './authority-model/check-passes.ts';
import { checkVerdicts } from './authority-model/check-verdicts.ts';
import type { GameRules } from './authority-model/game-rules.ts';
import { ModelWorld, type JudgedInput } from './authority-model/model-world.ts';
import type { OracleFinding } from './oracle-finding.ts';

const THROWN = ' rejected internal-error';
/** The last word on an input that does not run: as it arrives, or as its player goes. */
const NOT_RUN: ReadonlySet<string | undefined> = new Set([
  'duplicate',
  'not-finite',
  'invalid-tick',
  'too-far-ahead',
  'input-queue-full',
  'not-logged-in',
  'world-failed',
]);

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
  for (const { peer, at, text } of checkFailures(run.peers, worlds)) report(peer, at, text);
  for (const { peer, at, text } of checkVerdicts(run, worlds)) report(peer, at, text);
  for (const { peer, at, text } of checkFrames(run, worlds)) report(peer, at, text);
  return findings;
}

function nameOf({ tape }: ModelWorld, text: string): string {
  return `${tape.worldId} (since ${tape.openedAt} ms): ${text}`;
}

/** Every life of every world, lived once more. */
function modelWorlds(run: RunResult, rules: GameRules): ModelWorld[] {
  const { tape, seed, tickRateHz } = run;
  const streams = rules.streams ?? createStreams(seed);
  const victims = victimsOf(run);
  const thrown = new ThrownAt(run);
  const lives = [...tape].filter(({ entries }) => entries.length > 0);
  return lives.map((life) => {
    const random = (playerId: PlayerId): (() => number) =>
      unitsOf(streams, `world:${life.worldId}/player:${playerId}`);
    const world = new ModelWorld({
      tape: life,
      before: tape.historyBefore(life),
      rules,
      tickRateHz,
      random,
      isVictim: (playerId) => victims.has(playerId),
      hasThrown: (input) => thrown.take(input),
    });
    world.live();
    return world;
  });
}

/** Over nobody else may the game's own rules go bad. */
function victimsOf({ peers }: RunResult): ReadonlySet<string | undefined> {
  const hostile = [...peers.values()].filter(({ role }) => role === 'hostile');
  return new Set(hostile.map(({ playerId }) => playerId));
}

/** The inputs at which a rule threw: no model can know that but from their verdicts. */
class ThrownAt {
  readonly #run: RunResult;
  readonly #inputs = new Map<string, ReadonlyMap<string, boolean[]>>();

  constructor(run: RunResult) {
    this.#run = run;
  }

  /** Asked once for each input: several may look alike. */
  take({ at, peer, text }: JudgedInput): boolean {
    let inputs = this.#inputs.get(peer);
    if (inputs === undefined) this.#inputs.set(peer, (inputs = this.#read(peer)));
    return inputs.get(`${at} ${text}`)?.shift() ?? false;
  }

  /** Whether it threw, for each input that looks like one at which it did, in their order. */
  #read(peer: string): ReadonlyMap<string, boolean[]> {
    const entries = [...(this.#run.peers.get(peer)?.trace.entries('verdict') ?? [])];
    const verdicts = entries.filter(({ text = '' }) => hasRun(text));
    const inputs = new Map<string, boolean[]>();
    for (const { at, text = '' } of verdicts) {
      if (text.endsWith(THROWN)) inputs.set(`${at} ${text.slice(0, -THROWN.length)}`, []);
    }
    if (inputs.size === 0) return inputs;
    for (const { at, text = '' } of verdicts) {
      const [kind, tick] = text.split(' ', 2);
      inputs.get(`${at} ${kind} ${tick}`)?.push(text.endsWith(THROWN));
    }
    return inputs;
  }
}

/** A stale move is too late for its tick; a stale shot is judged in its own. */
function hasRun(verdict: string): boolean {
  const [kind, , ...words] = verdict.split(' ');
  const word = words.at(-1);
  return !NOT_RUN.has(word) && !(kind === 'move-input' && word === 'stale');
}
