#!/usr/bin/env node
/**
 * The command `holdfast`. In: arguments, signals. Out: lines, an exit code. Every problem is one
 * clear line and a code: 2 = wrong call, 1 = it could not be done.
 */
import { startCommand } from './start-command.ts';

const USAGE = `usage: holdfast start [config module] [--port N] [--hostname H]

  config module   an ES module whose default export (or export named config) is the
                  configuration of ServerRuntime.start; without one, guests play the
                  shipped movement and combat
`;

async function main(args: readonly string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === 'start') return startCommand(rest);
  if (command === '--help' || command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  process.stderr.write(command === undefined ? USAGE : `unknown command: ${command}\n${USAGE}`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
// Deliberate: what a configuration module has left open must not outlive the server.
if (process.argv[2] === 'start') process.exit();
