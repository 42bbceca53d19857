/**
 * Makes a failing scenario smaller while it keeps failing: fewer peers, fewer acts, fewer faults of
 * lines, later less time. In: a scenario that fails, and the question whether another one fails in
 * the same way. Out: the smallest one found within the budget, never one that passes.
 * After A. Zeller and R. Hildebrandt, "Simplifying and isolating failure-inducing input" (IEEE TSE
 * 28, 2002), greedily and by kind. Must not know: how a scenario is run.
 */
import type { LinkConditions, LinkDirection } from '../transport/link-conditions.ts';
import type { Scenario, ScenarioPeer } from './scenario.ts';

export interface ShrinkOptions {
  readonly stillFails: (candidate: Scenario) => Promise<boolean>;
  /** Runs of a candidate, at most. */
  readonly runsMax: number;
}

export interface ShrinkOutcome {
  readonly scenario: Scenario;
  readonly runs: number;
}

const DIRECTIONS: readonly LinkDirection[] = ['up', 'down'];

/** Repeats all removals until none of them helps or the budget is spent. */
export async function shrinkScenario(
  failing: Scenario,
  { stillFails, runsMax }: ShrinkOptions,
): Promise<ShrinkOutcome> {
  let scenario = failing;
  let runs = 0;
  let hasShrunk = true;
  while (hasShrunk) {
    hasShrunk = false;
    for (const listSmaller of SMALLER) {
      // Candidates are made from the scenario as it was before this kind of removal began: each
      // names what it leaves out, and applies to whatever is left by then.
      for (const remove of listSmaller(scenario)) {
        const candidate = remove(scenario);
        if (candidate === undefined) continue;
        if (runs >= runsMax) return { scenario, runs };
        runs += 1;
        if (!(await stillFails(candidate))) continue;
        scenario = candidate;
        hasShrunk = true;
      }
    }
  }
  return { scenario, runs };
}

/** Makes a scenario smaller; undefined when it is not there to be removed any more. */
type Removal = (scenario: Scenario) => Scenario | undefined;

const SMALLER: readonly ((scenario: Scenario) => readonly Removal[])[] = [
  removeHalfOfPeers,
  (scenario) => scenario.peers.map(({ name }) => removePeers(new Set([name]))),
  (scenario) => scenario.acts.map((act) => (from) => removeActs(from, (each) => each !== act)),
  (scenario) => scenario.peers.map(({ name }) => calmLine(name)),
  (scenario) => scenario.peers.flatMap(listFaultRemovals),
  shortenSafety,
];

function removeHalfOfPeers({ peers }: Scenario): readonly Removal[] {
  const names = peers.map(({ name }) => name);
  const middle = Math.floor(names.length / 2);
  return [names.slice(0, middle), names.slice(middle)].map((half) => removePeers(new Set(half)));
}

/** One is left at least. */
function removePeers(names: ReadonlySet<string>): Removal {
  return (scenario) => {
    const peers = scenario.peers.filter(({ name }) => !names.has(name));
    if (peers.length === 0 || peers.length === scenario.peers.length) return undefined;
    const acts = scenario.acts.filter((act) => !('peer' in act) || !names.has(act.peer));
    return { ...scenario, peers, acts };
  };
}

function removeActs(
  scenario: Scenario,
  isKept: (act: Scenario['acts'][number]) => boolean,
): Scenario | undefined {
  const acts = scenario.acts.filter(isKept);
  return acts.length === scenario.acts.length ? undefined : { ...scenario, acts };
}

function calmLine(name: string): Removal {
  return (scenario) =>
    changePeer(scenario, name, (peer) => {
      const isCalm = DIRECTIONS.every((each) => Object.keys(peer.conditions[each]).length === 0);
      return isCalm ? undefined : { ...peer, conditions: { up: {}, down: {} } };
    });
}

function listFaultRemovals({ name, conditions }: ScenarioPeer): readonly Removal[] {
  return DIRECTIONS.flatMap((direction) =>
    Object.keys(conditions[direction]).map(
      (fault): Removal =>
        (scenario) =>
          changePeer(scenario, name, (peer) => removeFault(peer, direction, fault)),
    ),
  );
}

function removeFault(
  peer: ScenarioPeer,
  direction: LinkDirection,
  fault: string,
): ScenarioPeer | undefined {
  if (!Object.hasOwn(peer.conditions[direction], fault)) return undefined;
  const left = Object.entries(peer.conditions[direction]).filter(([name]) => name !== fault);
  const conditions = Object.fromEntries(left) as Partial<LinkConditions>;
  return { ...peer, conditions: { ...peer.conditions, [direction]: conditions } };
}

function changePeer(
  scenario: Scenario,
  name: string,
  change: (peer: ScenarioPeer) => ScenarioPeer | undefined,
): Scenario | undefined {
  const index = scenario.peers.findIndex((peer) => peer.name === name);
  const peer = scenario.peers[index];
  const changed = peer === undefined ? undefined : change(peer);
  return changed && { ...scenario, peers: scenario.peers.with(index, changed) };
}

/** To just after the last act, then by halves. */
function shortenSafety({ safetyMs }: Scenario): readonly Removal[] {
  return [0.5, 0.75].map((part): Removal => (scenario) => {
    const shorter = Math.ceil(safetyMs * part);
    const acts = scenario.acts.filter(({ atMs }) => atMs < shorter);
    return shorter >= scenario.safetyMs ? undefined : { ...scenario, safetyMs: shorter, acts };
  });
}
