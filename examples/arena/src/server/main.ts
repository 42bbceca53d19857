/**
 * What `npm start` runs: a supervisor with the arena's server and its bots as children. The server
 * may die, the bots and this process stay. Listens nowhere itself. In: the command line, SIGINT,
 * SIGTERM. Exit codes: 0 stopped as asked, 1 could not start, 2 bad command line, else the
 * server's.
 */
import { supervise } from 'holdfast/supervisor';
import { USAGE, parseArenaArguments } from './arena-arguments.ts';
import type { ArenaArguments } from './arena-arguments.ts';
import { BotProcess } from './bot-process.ts';
import { fail } from './fail.ts';
import { HOSTNAME } from './hostname.ts';

const SERVER_MAIN = new URL('server-main.js', import.meta.url).href;

let isStopping = false;

function startBots(port: number, options: ArenaArguments): BotProcess | undefined {
  const { botCount: count, botLine: line } = options;
  if (count === 0) return undefined;
  return new BotProcess({
    gameUrl: `ws://${HOSTNAME}:${port}`,
    count,
    line,
    onLost: (how) => {
      if (!isStopping) process.stderr.write(`The bots ended unexpectedly (${how}).\n`);
    },
  });
}

function welcome(port: number, botCount: number): void {
  const company = botCount === 1 ? '1 bot' : `${botCount} bots`;
  process.stdout.write(
    `Holdfast arena on http://${HOSTNAME}:${port}/ with ${company}. Ctrl-C stops it.\n` +
      'Reachable from this machine only; the limit of sessions per address is raised for that.\n',
  );
}

/** A terminal signals the whole group and npm passes its own on: it is said once. */
function announceStop(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!isStopping) process.stdout.write('\nStopping…\n');
      isStopping = true;
    });
  }
}

async function run(options: ArenaArguments): Promise<void> {
  let bots: BotProcess | undefined;
  announceStop();
  const exitCode = await supervise({
    script: SERVER_MAIN,
    args: process.argv.slice(2),
    onListening: ({ restarts, port = 0 }) => {
      if (restarts > 0) return;
      bots = startBots(port, options);
      welcome(port, options.botCount);
    },
  });
  await bots?.end();
  process.exit(exitCode);
}

const parsed = parseArenaArguments(process.argv.slice(2));
if (parsed.kind === 'help') process.stdout.write(USAGE);
else if (parsed.kind === 'mistake') fail(`${parsed.message} (see --help)`, 2);
else await run(parsed.options);
