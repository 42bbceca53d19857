/**
 * Holdfast as it ships, for the bench: its default checks and verdicts, movement alone, and room
 * for everybody on one address. In: `{ "clients": N }` and options below. Out: where it is, and how
 * it is set, as the peers say it (bench/peers/announce.mjs).
 */
import { readFileSync } from 'node:fs';
import { refuse, ServerRuntime } from 'holdfast';
import { createArenaGeometry, MovementAuthority } from 'holdfast/authority';

import { announce } from '../../peers/announce.mjs';

const FIELD_METRES = 100;
const SPEED_METRES_PER_SECOND = 5;
/** Beside the counted ones: those who look on, and connections that have just ended. */
const SPARE = 256;

const {
  clients = 1_000,
  journal = 'none',
  directory,
  tickRateHz = 20,
} = JSON.parse(process.argv[2] ?? '{}');
const most = 2 * clients + SPARE;
const limits = {
  connectionsMax: most,
  sessionsPerAddressMax: most,
  preLoginConnectionsMax: most,
};
const webSocketLimits = { handshakesMax: most, socketsMax: most };
const geometry = createArenaGeometry({
  bounds: { minX: 0, minY: 0, maxX: FIELD_METRES, maxY: FIELD_METRES },
});

async function durability() {
  if (journal === 'none') return {};
  const { createLmdbStore } = await import('holdfast/store-lmdb');
  return { store: createLmdbStore({ directory }), journal };
}

const runtime = await ServerRuntime.start({
  port: 0,
  tickRateHz,
  authenticate: (credentials) => {
    const { name, worldId } = Object(credentials);
    if (typeof name !== 'string') return refuse('bad-credentials');
    return { playerId: name, worldId: typeof worldId === 'string' ? worldId : 'main' };
  },
  createAuthorities: (context) => [
    new MovementAuthority(context, { geometry, speedMetresPerSecond: SPEED_METRES_PER_SECOND }),
  ],
  limits,
  webSocketLimits,
  ...(await durability()),
});
const { version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
);
announce({
  port: Number(new URL(runtime.address).port),
  versions: { holdfast: version },
  settings: {
    journal: journal === 'none' ? 'none: no store' : `${journal}, lmdb`,
    authorities: 'MovementAuthority',
    checks: 'defaults',
    tickRateHz,
    limits,
    webSocketLimits,
  },
});
