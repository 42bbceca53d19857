/**
 * The server's process, which the supervisor starts: the arena, until a signal or until the
 * supervisor is gone. SIGINT ends all sessions, SIGTERM and a crash leave them to the next process.
 * In: the command line of `main.ts`. Exit codes: 0 stopped as asked, 1 could not start, or lost its
 * store, 2 bad command line.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HoldfastError } from 'holdfast';
import { findSupervisor, waitForEnd } from 'holdfast/supervisor';
import type { SupervisorLink } from 'holdfast/supervisor';
import { createLmdbStore } from 'holdfast/store-lmdb';
import { parseArenaArguments } from './arena-arguments.ts';
import type { ArenaArguments } from './arena-arguments.ts';
import { startArenaServer } from './arena-server.ts';
import type { ArenaServer } from './arena-server.ts';
import { fail } from './fail.ts';
import { ServerFaults } from './server-faults.ts';

const TOKEN_BYTES = 16;

function describeStartError(error: unknown, { port, data }: ArenaArguments): string {
  if (error instanceof HoldfastError && error.code === 'store-in-use') {
    return `${error.message}, or choose another place with --data DIR`;
  }
  if (error instanceof HoldfastError && error.code.startsWith('store-')) {
    const way = `choose another place with --data DIR, or remove ${data}`;
    return `${error.code}: ${error.message}; to begin anew ${way}`;
  }
  if (error instanceof HoldfastError && error.code === 'port-in-use') {
    return `port ${port} is in use; stop what listens there or choose another with --port N`;
  }
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
    return 'the page has not been built; run `npm run build` first';
  }
  return error instanceof Error ? error.message : String(error);
}

/** Without a supervisor nobody would start it again. */
function createFaults(supervisor: SupervisorLink): ServerFaults {
  return new ServerFaults({
    token: randomBytes(TOKEN_BYTES).toString('hex'),
    commit: (fault) => {
      if (fault === 'kill') process.kill(process.pid, 'SIGKILL');
      else supervisor.requestRestart();
    },
  });
}

async function run(options: ArenaArguments): Promise<void> {
  const supervisor = findSupervisor();
  const port = supervisor?.port ?? options.port;
  const previous = supervisor?.previous;
  const isDevelopment = process.env['NODE_ENV'] !== 'production';
  const hasFaults = options.hasFaults && isDevelopment && supervisor !== undefined;
  let server: ArenaServer;
  try {
    server = await startArenaServer({
      port,
      store: createLmdbStore({ directory: join(options.data, 'store') }),
      ...(previous === undefined ? {} : { previous }),
      ...(hasFaults ? { faults: createFaults(supervisor) } : {}),
    });
  } catch (error) {
    return fail(describeStartError(error, { ...options, port }), 1);
  }
  supervisor?.reportListening(server.port);
  const signal = await Promise.race([waitForEnd(), server.stopped]);
  if (signal === undefined) return fail('another process has taken the store over', 1);
  await server.stop({ sessions: signal === 'SIGTERM' ? 'keep' : 'end' });
  process.exit(0);
}

const parsed = parseArenaArguments(process.argv.slice(2));
if (parsed.kind === 'run') await run(parsed.options);
else fail('this is the server alone; start it with npm start', 2);
