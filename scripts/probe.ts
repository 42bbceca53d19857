/**
 * `npm run probe -- NAME [--json] [--seconds N]`: what the documents claim, measured on the built
 * package. Progress goes to stderr; with --json the last line on stdout is one JSON object. Exit
 * code 1: a goal was missed, or the probe has measured nothing; 2: a wrong call.
 */
import { parseArgs } from 'node:util';

import { probeFairPlay } from './probe/fairplay.ts';
import { probePrediction } from './probe/prediction.ts';
import type { Probe } from './probe/probe.ts';
import { probeRewind } from './probe/rewind.ts';

const PROBES: ReadonlyMap<string, Probe> = new Map([
  ['fairplay', probeFairPlay],
  ['prediction', probePrediction],
  ['rewind', probeRewind],
]);
const USAGE = `usage: npm run probe -- ${[...PROBES.keys()].join(' | ')} [--json] [--seconds N]`;

interface Command {
  readonly probe: Probe;
  readonly isJson: boolean;
  /** Undefined: as long as the goals ask for. */
  readonly seconds: number | undefined;
}

/** Throws an Error that says what is wrong. */
function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, seconds: { type: 'string' } },
  });
  const [name = '', ...rest] = positionals;
  const probe = PROBES.get(name);
  if (probe === undefined || rest.length > 0) throw new Error(USAGE);
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0 && seconds <= 3_600)) {
    throw new Error('--seconds is a number above 0, and at most 3600');
  }
  return { probe, isJson: values.json, seconds };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function run({ probe, isJson, seconds }: Command): Promise<number> {
  const { result, problems } = await probe({ seconds, say });
  if (isJson) process.stdout.write(`${JSON.stringify(result)}\n`);
  else console.log(JSON.stringify(result, undefined, 2));
  for (const problem of problems) say(problem);
  return problems.length === 0 ? 0 : 1;
}

let command: Command | undefined;
try {
  command = parseCommand(process.argv.slice(2));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
if (command !== undefined) process.exitCode = await run(command);
