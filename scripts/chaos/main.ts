/**
 * `npm run chaos -- …`: a real server that is killed under load, and contenders for one seat
 * (docs/CHAOS.md). Progress goes to stderr; with --json the last line on stdout is one JSON object.
 * Exit code 1: something was lost, doubled or wrong; 2: a wrong call.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Campaign } from './campaign.ts';
import { parseCommand, USAGE } from './command-line.ts';
import type { Command } from './command-line.ts';
import { judgeRun } from './judge/judge-run.ts';
import type { Judgement } from './judge/judge-run.ts';
import { readLog } from './read-log.ts';
import { runTakeovers } from './takeovers.ts';

/** On the disk of the repository: a directory in memory would flush for nothing. */
const HOME = fileURLToPath(new URL('../../../.holdfast/', import.meta.url));

type Summary = Readonly<Record<string, number>>;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(summary: Summary, isJson: boolean): void {
  if (isJson) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else for (const [key, value] of Object.entries(summary)) console.log(`${key}: ${value}`);
}

/** Whoever runs is ended with this process, in whatever way it ends. */
function endWithUs(destroy: () => void): void {
  process.once('exit', destroy);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => process.exit(130));
  }
}

async function runCycles(
  command: Extract<Command, { mode: 'cycles' }>,
  directory: string,
): Promise<boolean> {
  const logPath = join(directory, 'clients.log');
  const campaign = new Campaign({ ...command, data: join(directory, 'store'), logPath, say });
  endWithUs(() => campaign.destroy());
  const { cycles, killsIn, stragglers } = await campaign.run();
  await campaign.close();
  const judgement = judgeRun(await readLog(logPath));
  explain(judgement, stragglers);
  const { absenceP99Ms: _, ...times } = judgement.times;
  const summary = {
    cycles,
    killsInLogin: killsIn.login,
    killsInResume: killsIn.resume,
    killsInCheckpoint: killsIn.checkpoint,
    ...judgement.counts,
    ...times,
  };
  print(summary, command.isJson);
  // A journal that lags behind promises nothing about the last ticks.
  const excused = command.journal === 'behind' ? ['reliableOutcomesLost'] : [];
  const isClean = Object.entries(judgement.counts).every(
    ([fault, count]) => count === 0 || excused.includes(fault),
  );
  const hasJudged = Object.values(judgement.judged).every((count) => count > 0);
  if (!hasJudged) say('there was too little to judge');
  return isClean && hasJudged && stragglers === 0;
}

function explain({ words, judged, times, tokensDropped }: Judgement, stragglers: number): void {
  for (const line of words) say(line);
  const { players, returns, states, outcomesDue, answers, shots } = judged;
  say(
    `judged: ${players} players, ${returns} returns after a kill, ${states} states, ` +
      `${outcomesDue} outcomes that were due, ${answers} answers to tokens, ${shots} shots`,
  );
  say(
    `p99 from the kill that threw a client out, further kills included: ${times.absenceP99Ms} ms`,
  );
  say(`tokens that were dropped together with the connection that brought them: ${tokensDropped}`);
  if (stragglers > 0) say(`not everybody was back in time: ${stragglers} times`);
}

async function runContests(
  command: Extract<Command, { mode: 'takeovers' }>,
  directory: string,
): Promise<boolean> {
  const summary = await runTakeovers({
    ...command,
    data: join(directory, 'store'),
    say,
    onStarted: endWithUs,
  });
  print({ ...summary }, command.isJson);
  return summary.moreThanOneWinner === 0 && summary.noWinner === 0;
}

function commandOrUsage(): Command | undefined {
  try {
    return parseCommand(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return undefined;
  }
}

async function run(command: Command): Promise<number> {
  mkdirSync(HOME, { recursive: true });
  const directory = mkdtempSync(join(HOME, 'chaos-'));
  let isGood = false;
  try {
    isGood =
      command.mode === 'cycles'
        ? await runCycles(command, directory)
        : await runContests(command, directory);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
  if (isGood && !command.isKept) rmSync(directory, { recursive: true, force: true });
  else say(`everything is in ${directory}`);
  return isGood ? 0 : 1;
}

const command = commandOrUsage();
process.exit(command === undefined ? 2 : await run(command));
