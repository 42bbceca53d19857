/**
 * What `npm start` runs: reads the command line, starts the arena and its bots, prints the address,
 * ends on SIGINT or SIGTERM. Exit codes: 0 stopped as asked, 1 could not start, 2 bad command line.
 */
import { HoldfastError } from 'holdfast';
import { USAGE, parseArenaArguments } from './arena-arguments.ts';
import type { ArenaArguments } from './arena-arguments.ts';
import { startArenaServer } from './arena-server.ts';
import type { ArenaServer } from './arena-server.ts';
import { BotProcess } from './bot-process.ts';

function fail(message: string, exitCode: number): never {
  process.stderr.write(`holdfast arena: ${message}\n`);
  process.exit(exitCode);
}

function describeStartError(error: unknown, port: number): string {
  if (error instanceof HoldfastError && error.code === 'port-in-use') {
    return `port ${port} is in use; stop what listens there or choose another with --port N`;
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return 'the page has not been built; run `npm run build` first';
  }
  return error instanceof Error ? error.message : String(error);
}

/** A terminal signals the whole group and npm passes its own on: that is one wish, not two. */
const SAME_SIGNAL_MS = 1_000;

/** The first signal stops politely, a later one at once. */
function stopOnSignals(stop: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const handleSignal = (): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) process.exit(130);
      return;
    }
    stoppingSince = performance.now();
    process.stdout.write('\nStopping…\n');
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(`could not stop cleanly: ${String(error)}`, 1),
    );
  };
  process.on('SIGINT', handleSignal);
  process.on('SIGTERM', handleSignal);
}

async function run({ port, botCount }: ArenaArguments): Promise<void> {
  let server: ArenaServer;
  try {
    server = await startArenaServer({ port });
  } catch (error) {
    return fail(describeStartError(error, port), 1);
  }
  const bots =
    botCount === 0
      ? undefined
      : new BotProcess({
          gameUrl: server.gameUrl,
          count: botCount,
          onLost: (how) => process.stderr.write(`The bots ended unexpectedly (${how}).\n`),
        });
  stopOnSignals(async () => {
    await bots?.end();
    await server.stop();
  });
  const company = botCount === 1 ? '1 bot' : `${botCount} bots`;
  process.stdout.write(
    `Holdfast arena on ${server.pageUrl} with ${company}. Ctrl-C stops it.\n` +
      'Reachable from this machine only; the limit of sessions per address is raised for that.\n',
  );
}

const parsed = parseArenaArguments(process.argv.slice(2));
if (parsed.kind === 'help') process.stdout.write(USAGE);
else if (parsed.kind === 'mistake') fail(`${parsed.message} (see --help)`, 2);
else await run(parsed.options);
