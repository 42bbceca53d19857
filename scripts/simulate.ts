/**
 * `npm run simulate -- …`: campaigns of simulated runs on the built package (docs/CAMPAIGN.md).
 * Progress goes to stderr; with --json the last line on stdout is one JSON object. Exit code 1: a
 * mismatch, a crash, or a planted bug that was not found; 2: a wrong call.
 */
import { resolve } from 'node:path';

import { runCampaign } from './simulate/campaign.ts';
import { runCanary } from './simulate/canary.ts';
import { parseCommand, USAGE, type Command } from './simulate/command-line.ts';
import {
  describeMismatches,
  describeScenario,
  replayCommand,
  shrinkSeed,
} from './simulate/failure-report.ts';
import { runMutants } from './simulate/mutant-run.ts';
import { ProgressLine } from './simulate/progress-line.ts';
import { parseScenario, replayScenario } from './simulate/replay.ts';
import { loadSimulator } from './simulate/simulator-build.ts';
import type { Discarded, Tally } from './simulate/tally.ts';
import type { SeedWord } from './simulate/worker-pool.ts';

const FAILURES_SHOWN = 3;
const DISCARDED_SHOWN = 3;

type CampaignCommand = Extract<Command, { mode: 'campaign' }>;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(result: Readonly<Record<string, unknown>>, isJson: boolean): void {
  if (isJson) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
    return;
  }
  for (const [key, value] of Object.entries(result)) {
    console.log(`${key}: ${JSON.stringify(value)}`);
  }
}

async function runCampaignCommand(command: CampaignCommand): Promise<boolean> {
  const { build: directory, firstSeed, seeds, minutes, workers, hasCanary } = command;
  const { OPEN_LIMITS } = await loadSimulator(directory);
  const limits = Object.entries(OPEN_LIMITS).map(([name, value]) => `${name} ${value}`);
  say(`limits of all peers together, so wide that none binds: ${limits.join(', ')}`);
  const progress = new ProgressLine('simulate');
  const { tally, wallMs } = await runCampaign({
    directory,
    firstSeed,
    ...(seeds === undefined ? {} : { seedsMin: seeds }),
    ...(minutes === undefined ? {} : { wallMsMax: minutes * 60_000 }),
    ...(workers === undefined ? {} : { workers }),
    onWord: (word, sum) => {
      sayMismatches(word);
      progress.update(sum);
    },
  });
  progress.end(tally);
  await reportFailures(tally, directory);
  reportDiscarded('crashed outside of any oracle', tally.crashes);
  reportDiscarded('does not count', tally.shortcomings);
  for (const remark of tally.remarks) say(remark);
  // Null: nobody asked.
  const canaryMismatches = hasCanary
    ? await runCanary({ directory: resolve(directory), firstSeed, workers })
    : null;
  print({ ...tally.summary(wallMs), canaryMismatches }, command.isJson);
  const hasEnough = seeds === undefined || tally.seeds >= seeds;
  if (!hasEnough) say(`only ${tally.seeds} of ${seeds} seeds count`);
  return tally.isClean && hasEnough && canaryMismatches !== 0;
}

/** At once: a campaign may be ended before it is done. */
function sayMismatches(word: SeedWord): void {
  if (word.kind === 'crashed' || word.report.mismatches.length === 0) return;
  const { seed, mismatches } = word.report;
  const [first] = describeMismatches({ seed, mismatches: mismatches.slice(0, 1) });
  say(`\n${first}`);
  if (mismatches.length > 1) say(`seed ${seed}: and ${mismatches.length - 1} more`);
}

/** Shrinks the first ones and says how to replay them. */
async function reportFailures({ failures }: Tally, directory: string): Promise<void> {
  if (failures.length === 0) return;
  const build = await loadSimulator(directory);
  for (const { seed } of failures.slice(0, FAILURES_SHOWN)) {
    const scenario = build.drawScenario(seed);
    // A replay mismatch shows in a replayed run alone.
    const report = await build.runSeed(scenario, { isReplayed: true });
    for (const text of describeMismatches(report)) say(text);
    say(`seed ${seed}: all options: ${describeScenario(scenario)}`);
    say(`seed ${seed}: replay with: ${replayCommand(seed, directory)}`);
    if (report.mismatches.length === 0) {
      say(
        `seed ${seed}: passes when it runs on its own: the runs of a process are not independent`,
      );
      continue;
    }
    say(`seed ${seed}: shrunk to: ${describeScenario(await shrinkSeed(build, report))}`);
  }
  const left = failures.slice(FAILURES_SHOWN).map(({ seed }) => seed);
  if (left.length > 0) say(`also failed: seeds ${left.join(', ')}`);
}

function reportDiscarded(what: string, discarded: readonly Discarded[]): void {
  for (const { seed, reason } of discarded.slice(0, DISCARDED_SHOWN)) {
    say(`seed ${seed} ${what}: ${reason}`);
  }
  const left = discarded.length - DISCARDED_SHOWN;
  if (left > 0) say(`… and ${left} more`);
}

async function runMutantsCommand(command: Extract<Command, { mode: 'mutants' }>): Promise<boolean> {
  const summary = await runMutants({
    directory: command.build,
    firstSeed: command.firstSeed,
    workers: command.workers,
    ...(command.only === undefined ? {} : { only: command.only }),
    ...(command.seeds === undefined ? {} : { seedsMax: command.seeds }),
    onOutcome: ({ name, seedsToKill, reason }) => {
      const fate = seedsToKill === undefined ? 'survived' : `killed by seed ${seedsToKill}`;
      say(`${name}: ${fate}: ${reason}`);
    },
  });
  print({ ...summary }, command.isJson);
  return summary.killed / summary.total >= 0.95;
}

async function runReplayCommand(
  command: Extract<Command, { mode: 'seed' | 'scenario' }>,
): Promise<boolean> {
  const build = await loadSimulator(command.build);
  const { trace } = command;
  const scenario =
    command.mode === 'seed' ? build.drawScenario(command.seed) : parseScenario(command.json);
  const { report, lines } = await replayScenario(build, scenario, trace);
  for (const line of lines) console.log(line);
  for (const text of describeMismatches(report)) say(text);
  say(`all options: ${describeScenario(scenario)}`);
  if (report.mismatches.length > 0 && command.mode === 'seed') {
    say(`shrunk to: ${describeScenario(await shrinkSeed(build, report))}`);
  }
  const { mismatches, ...rest } = report;
  print({ ...rest, mismatches: mismatches.length }, command.isJson);
  return mismatches.length === 0;
}

async function run(command: Command): Promise<boolean> {
  switch (command.mode) {
    case 'campaign':
      return runCampaignCommand(command);
    case 'mutants':
      return runMutantsCommand(command);
    case 'seed':
    case 'scenario':
      return runReplayCommand(command);
  }
}

function commandOrUsage(): Command | undefined {
  try {
    return parseCommand(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}

const command = commandOrUsage();
if (command === undefined) process.exitCode = 2;
else process.exitCode = (await run(command)) ? 0 : 1;
