#!/usr/bin/env node
/**
 * The command `holdfast`. In: arguments, signals. Out: lines, an exit code. Every problem is one
 * clear line and a code: 2 = wrong call, 1 = it could not be done.
 */
import { readFile } from 'node:fs/promises';
import { startCommand } from './start-command.ts';

const USAGE = `usage: holdfast start [config module] [--port N] [--hostname H] [--data DIR]
                      [--supervise]
       holdfast --version

  config module   an ES module whose default export (or export named config) is the
                  configuration of ServerRuntime.start; without one, guests play the
                  shipped movement and combat
  --data DIR      keeps sessions and worlds there, on LMDB: after a crash or SIGTERM everybody
                  is back where they were; SIGINT ends them. Without it they end with the process
  --supervise     starts the server again whenever it dies
`;

const HELP = new Set(['help', '--help', '-h']);

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (HELP.has(command ?? '') || (command === 'start' && rest.some((word) => isHelp(word)))) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command === 'start') return startCommand(rest, import.meta.url);
  if (command === '--version') {
    process.stdout.write(`${await readVersion()}\n`);
    return 0;
  }
  process.stderr.write(command === undefined ? USAGE : `${mistakeIn(command)}\n${USAGE}`);
  return 2;
}

/** Of `start`, where `help` may be the name of a module. */
function isHelp(word: string): boolean {
  return word !== 'help' && HELP.has(word);
}

function mistakeIn(command: string): string {
  if (!command.startsWith('-')) return `unknown command: ${command}`;
  return `options follow their command: holdfast start ${command} …`;
}

/** Of the package that this file belongs to. */
async function readVersion(): Promise<string> {
  const file = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(await readFile(file, 'utf8')) as { readonly version: string };
  return version;
}

process.exitCode = await main(process.argv.slice(2));
// Deliberate: what a configuration module has left open must not outlive the server.
if (process.argv[2] === 'start') process.exit();
