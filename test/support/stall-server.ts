/**
 * A server in a process of its own, to be stopped and continued by signals. Out: one line with the
 * address, then one for each move of a session that has a player. Ends with SIGTERM.
 */
import { refuse } from '../../src/host/authentication.ts';
import { ServerRuntime } from '../../src/server/server-runtime.ts';

const runtime = await ServerRuntime.start({
  port: 0,
  authenticate: (credentials) => {
    const { playerId } = credentials as { playerId?: string };
    return playerId === undefined ? refuse('bad-credentials') : { playerId };
  },
  policy: {
    heartbeatIntervalMs: 500,
    livenessTimeoutMs: 2_000,
    reconnectWindowMs: 1_000,
    stallMsMax: 1_000,
  },
});
runtime.host.sessions.subscribe(({ session, from, to, cause }) => {
  if (session.playerId === undefined) return;
  process.stdout.write(`${session.playerId}: ${from} → ${to} (${cause})\n`);
});
process.stdout.write(`listening on ${runtime.address}\n`);
process.once('SIGTERM', () => void runtime.stop());
