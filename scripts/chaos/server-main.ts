/**
 * The server's process of a chaos run: the shipped runtime on LMDB, around the store the marks, in
 * the world the ledger. In: one word of options. Out: marks on stdout, the pipe that it inherited.
 */
import { writeSync } from 'node:fs';

import { refuse, ServerRuntime } from 'holdfast';
import { createArenaGeometry, createDefaultAuthorities } from 'holdfast/authority';
import { createLmdbStore } from 'holdfast/store-lmdb';
import { findSupervisor, waitForEnd } from 'holdfast/supervisor';
import { CHAOS_MESSAGES } from './chaos-messages.ts';
import { LedgerRule } from './ledger-rule.ts';
import { createMarkedStore } from './marked-store.ts';
import { formatMark } from './phase-marks.ts';
import { parseServerOptions } from './server-options.ts';
import type { ServerOptions } from './server-options.ts';

const STDOUT = 1;
const WORLD_METRES = { minX: -30, minY: -20, maxX: 30, maxY: 20 };

function createRuntime(options: ServerOptions, facts: { process: number; port: number }) {
  const { data, holdMs, journal, players, seatMovesPerMinute } = options;
  return ServerRuntime.start({
    port: facts.port,
    messages: CHAOS_MESSAGES,
    authenticate: (credentials) => {
      const { name } = Object(credentials) as { name?: unknown };
      if (typeof name !== 'string') return refuse('bad-credentials');
      return { playerId: name, data: { name } };
    },
    createAuthorities: createDefaultAuthorities({
      geometry: createArenaGeometry({ bounds: WORLD_METRES }),
      rules: () => [new LedgerRule()],
    }),
    store: createMarkedStore({
      store: createLmdbStore({ directory: data }),
      holdMs,
      say: (phase, step) => trySay(formatMark({ process: facts.process, phase, step })),
    }),
    journal,
    limits: {
      sessionsPerAddressMax: players,
      preLoginConnectionsMax: Math.max(1_000, players),
      seatMovesPerMinute,
    },
  });
}

/** Where nobody reads any more, the end is near, and not to be held up. */
function trySay(line: string): void {
  try {
    writeSync(STDOUT, line);
  } catch {
    // The controller is gone.
  }
}

const supervisor = findSupervisor();
const number = supervisor?.restarts ?? 0;
const runtime = await createRuntime(parseServerOptions(process.argv[2]), {
  process: number,
  port: supervisor?.port ?? 0,
});
const { host } = runtime;
host.sessions.subscribe(({ session, to }) => {
  if (to !== 'logged-in') return;
  // After its welcome.
  setImmediate(() => host.send(session, { name: 'process', payload: { process: number } }));
});
supervisor?.reportListening(Number(new URL(runtime.address).port));
await waitForEnd();
await runtime.stop();
process.exit(0);
