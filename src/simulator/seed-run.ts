/**
 * One seed, whole: the joint run, the solo run of each honest peer, and every oracle over them. In:
 * a scenario. Out: a SeedReport. What is found is data; what rejects is a fault of the harness, or
 * of code that threw where no oracle was looking.
 */
import { isGoneBad } from './actors/hostile-hooks.ts';
import { SHIPPED_GAME_RULES } from './oracles/authority-model/game-rules.ts';
import { HOSTILE_ACTOR_KINDS } from './actors/create-hostile-actor.ts';
import { checkProjection } from './oracles/check-projection.ts';
import { checkRepeat } from './oracles/check-repeat.ts';
import { checkRun } from './oracles/check-run.ts';
import type { OracleFinding } from './oracles/oracle-finding.ts';
import { COMPUTER_ACTS, LINE_ACTS, SERVER_ACTS, type Scenario } from './scenario.ts';
import { runScenario, type ScenarioRun } from './scenario-run.ts';
import type { Mismatch, SeedReport } from './seed-report.ts';
import { SimulationError } from './simulation-error.ts';
import { describeTrace } from './trace-difference.ts';
import { runVariation } from './variation-run.ts';

const PEERS_MIN = 8;
const RUN_MS_MIN = 36_000;
const TICK_RATE_HZ = 20;
/**
 * From the healing until everybody honest is in for good: what was sent before may come back late
 * (retransmits double up to 6.4 s), then a liveness time-out, a back-off and a login.
 */
const BACK_WITHIN_MS = 11_000;
/** O8 must have looked at these, in a run in which everybody played. */
const GAUGES = [
  'displacement',
  'queue bytes',
  'recent verdicts',
  'remembered moves',
  'sessions',
  'timers',
  'verdict codes',
  'worlds',
] as const;
/** Kinds that are counted only where they act: a campaign without one shows 0 of it. */
const NO_FAULTS: Readonly<Record<string, number>> = Object.fromEntries(
  [...COMPUTER_ACTS, ...SERVER_ACTS, ...HOSTILE_ACTOR_KINDS.map((kind) => `hostile:${kind}`)].map(
    (kind) => [kind, 0],
  ),
);
/** Ten ticks: nothing delays a snapshot on a healed line. */
const SNAPSHOT_GAP_MS_MAX = 500;

export interface SeedRunOptions {
  /** Make the joint run twice and compare. Default false. */
  readonly isReplayed?: boolean;
  /** Make no further run once there is a mismatch; sums are then of what was run. Default false. */
  readonly stopsAtMismatch?: boolean;
}

export async function runSeed(
  scenario: Scenario,
  options: SeedRunOptions = {},
): Promise<SeedReport> {
  try {
    return await judgeSeed(scenario, options);
  } catch (error) {
    const mismatch = mismatchOf(error);
    if (mismatch === undefined) throw error;
    return { ...emptyReport(scenario), mismatches: [mismatch] };
  }
}

/** What ends a run and is nevertheless a finding, not a crash; undefined = it is a crash. */
function mismatchOf(error: unknown): Mismatch | undefined {
  if (!(error instanceof SimulationError)) return undefined;
  const { message: text, cause } = error;
  if (error.isOfRealTime) return { oracle: 'real time', text };
  // A hook that throws hits its peer alone: here it would have ended the process of all.
  return isGoneBad(cause) ? { oracle: 'errors', text: `nobody caught it: ${text}` } : undefined;
}

async function judgeSeed(
  scenario: Scenario,
  { isReplayed = false, stopsAtMismatch = false }: SeedRunOptions,
): Promise<SeedReport> {
  const joint = await runScenario({ scenario, name: 'joint' });
  const sums = { virtualMs: joint.simulation.nowMs, events: joint.simulation.time.callbacks };
  const compared = { pairs: 0, bytes: 0 };
  const mismatches: Mismatch[] = [...checkJoint(joint, scenario)];
  const isDecided = (): boolean => stopsAtMismatch && mismatches.length > 0;
  const add = (run: ScenarioRun): void => {
    sums.virtualMs += run.simulation.nowMs;
    sums.events += run.simulation.time.callbacks;
  };
  for (const { name, role } of scenario.peers) {
    // One disk for all is one more thing that all share: alone, it would answer at other instants.
    if (role !== 'honest' || scenario.store !== undefined || isDecided()) continue;
    const live = new Set([name]);
    const solo = await runScenario({ scenario, name: `solo ${name}`, live, joint: joint.result });
    add(solo);
    compared.pairs += 1;
    compared.bytes += joint.result.peers.get(name)?.trace.bytesCount ?? 0;
    mismatches.push(...mismatchesOf(checkProjection(joint.result, solo.result)));
  }
  const variation = isDecided() ? undefined : await runVariation(scenario, joint.result);
  if (variation !== undefined) {
    for (const run of variation.runs) add(run);
    compared.pairs += variation.pairsCompared;
    compared.bytes += variation.bytesCompared;
    mismatches.push(...mismatchesOf(variation.findings));
  }
  if (isReplayed && !isDecided()) {
    const again = await runScenario({ scenario, name: 'joint again' });
    add(again);
    const findings = checkRepeat(joint.result, again.result);
    mismatches.push(...findings.map(({ text }) => ({ oracle: 'replay', text })));
  }
  mismatches.push(...(await leaksOf(joint)));
  return {
    seed: scenario.seed,
    shortcoming: shortcomingOf(scenario, joint),
    mismatches,
    jointMs: joint.result.endedAt - joint.result.startedAt,
    ...sums,
    pairsCompared: compared.pairs,
    bytesCompared: compared.bytes,
    faults: faultsOf(joint),
    coverage: joint.watch.coverage,
    acceptedInputs: joint.play.acceptedInputs,
    hits: joint.play.hits,
    timeOuts: joint.play.timeOuts,
    takeovers: joint.play.takeovers,
    isReplayed,
  };
}

/** The trace of one peer in the joint run, an entry a line; undefined = nobody has that name. */
export async function traceSeed(
  scenario: Scenario,
  peer: string,
): Promise<readonly string[] | undefined> {
  const { result } = await runScenario({ scenario, name: 'joint' });
  const trace = result.peers.get(peer)?.trace;
  return trace === undefined ? undefined : describeTrace(trace);
}

/** Of a seed whose joint run has no end. */
function emptyReport({ seed }: Scenario): SeedReport {
  return {
    seed,
    shortcoming: 'did not end',
    mismatches: [],
    jointMs: 0,
    virtualMs: 0,
    events: 0,
    pairsCompared: 0,
    bytesCompared: 0,
    faults: {},
    coverage: {},
    acceptedInputs: 0,
    hits: 0,
    timeOuts: 0,
    takeovers: 0,
    isReplayed: false,
  };
}

/** Those of lines, those of computers and clocks, those of hostile peers and of bad hooks. */
function faultsOf({ simulation, watch, cast, hooks }: ScenarioRun): Record<string, number> {
  const faults: Record<string, number> = { ...NO_FAULTS, ...watch.counts };
  // What a line did is counted by the line.
  for (const kind of [...LINE_ACTS, 'crash']) delete faults[kind];
  for (const [kind, count] of Object.entries(simulation.network.faults))
    faults[kind] = Number(count);
  for (const [kind, count] of Object.entries(cast.acts)) faults[`hostile:${kind}`] = count;
  faults['hostile:hooks'] = [...hooks.counts].reduce((sum, [, count]) => sum + count, 0);
  return faults;
}

function mismatchesOf(findings: readonly OracleFinding[]): Mismatch[] {
  return findings.map(({ oracle, text }) => ({ oracle, text }));
}

/** O7, O8, O9, errors and the models: what can be said of the joint run alone. */
function checkJoint(joint: ScenarioRun, scenario: Scenario): Mismatch[] {
  const liveness = { withinMs: BACK_WITHIN_MS, snapshotGapMsMax: SNAPSHOT_GAP_MS_MAX };
  return mismatchesOf(
    checkRun(joint.result, {
      liveness,
      // Where somebody did not play, some are not read.
      gauges: shortcomingOf(scenario, joint) === undefined ? GAUGES : [],
      game: SHIPPED_GAME_RULES,
      sessions: { limits: scenario.limits, isDurable: scenario.store !== undefined },
      isFairPlayAsked: true,
      wire: { limits: scenario.limits },
      reliable: { limits: scenario.limits },
    }),
  );
}

/** O8: when everybody has left and the server has stopped, nothing is left. */
async function leaksOf({ simulation, stop, disk }: ScenarioRun): Promise<Mismatch[]> {
  await stop();
  try {
    simulation.expectNoLeaks();
    const left = disk?.recordsCount ?? 0;
    return left === 0 ? [] : [{ oracle: 'O8', text: `${left} records are left on the disk` }];
  } catch (error) {
    return [{ oracle: 'O8', text: error instanceof Error ? error.message : String(error) }];
  }
}

function shortcomingOf(scenario: Scenario, { result, play }: ScenarioRun): string | undefined {
  const { peers, tickRateHz } = scenario;
  if (peers.length < PEERS_MIN) return `${peers.length} peers`;
  if (tickRateHz !== TICK_RATE_HZ) return `${tickRateHz} Hz`;
  const ms = result.endedAt - result.startedAt;
  if (ms < RUN_MS_MIN) return `${ms} virtual ms`;
  for (const { name, role, playerId } of peers) {
    const lack = role === 'honest' ? play.lackOf(playerId) : undefined;
    if (lack !== undefined) return `${name} ${lack}`;
  }
  return undefined;
}
