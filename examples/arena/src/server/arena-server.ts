/**
 * The arena's server: Holdfast's runtime with guests, this arena's geometry, the built page and the
 * session report on one port. In: a port. Out: a running server that is to be stopped.
 * Must not know: the command line, bots, signals.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { ServerRuntime, refuse } from 'holdfast';
import type { SessionStore, StopOptions } from 'holdfast';
import { createDefaultAuthorities } from 'holdfast/authority';
import {
  ARENA_WORLD_ID,
  HIT_POINTS_MAX,
  PLAYER_RADIUS,
  RESPAWN_DELAY_MS,
  SHOT_COOLDOWN_MS,
  SHOT_DAMAGE,
  SHOT_RANGE_METRES,
} from '../shared/arena-geometry.ts';
import { ARENA_MOVEMENT } from '../shared/arena-movement.ts';
import { ARENA_MESSAGES } from '../shared/arena-messages.ts';
import { SESSION_REPORT_PATH } from '../shared/session-report.ts';
import type { ReportedOutage } from '../shared/session-report.ts';
import { announceProfiles } from './announce-profiles.ts';
import { proveGuest } from './guests.ts';
import type { GuestData } from './guests.ts';
import { HOSTNAME } from './hostname.ts';
import { PageFiles } from './page-files.ts';
import { isLoopback } from './server-faults.ts';
import type { ServerFaults } from './server-faults.ts';
import { SessionReporter } from './session-reporter.ts';

const PAGE_FOLDER = fileURLToPath(new URL('../page/', import.meta.url));
/**
 * Everybody comes from this one machine, so the limit per address is what the arena holds: the
 * bots, a few pages, and the seats of those who are reconnecting.
 */
const SESSIONS_PER_ADDRESS_MAX = 512;
/** Half of the default: whoever closes a page here wants to see what becomes of its session. */
const RECONNECT_WINDOW_MS = 15_000;

export interface ArenaServerOptions {
  readonly port: number;
  /** What outlives this process. */
  readonly store: SessionStore;
  /** How and when (milliseconds since 1970) the process before this one ended. */
  readonly previous?: { readonly how: string; readonly endedAt: number };
  /** The buttons that break the server; never offered to other machines. */
  readonly faults?: ServerFaults;
}

export interface ArenaServer {
  readonly port: number;
  /** Resolves when the server has stopped by itself, or as it was told. */
  readonly stopped: Promise<void>;
  stop(options: StopOptions): Promise<void>;
}

function createRuntime(
  { port, store }: ArenaServerOptions,
  handleRequest: (request: IncomingMessage, response: ServerResponse) => void,
): ServerRuntime<GuestData, typeof ARENA_MESSAGES> {
  return new ServerRuntime<GuestData, typeof ARENA_MESSAGES>({
    port,
    store,
    hostname: HOSTNAME,
    // The report's instants and the sessions' are read from this one clock.
    clock: { now: () => performance.now() },
    messages: ARENA_MESSAGES,
    policy: { reconnectWindowMs: RECONNECT_WINDOW_MS },
    limits: {
      sessionsPerAddressMax: SESSIONS_PER_ADDRESS_MAX,
      preLoginConnectionsMax: SESSIONS_PER_ADDRESS_MAX,
    },
    authenticate: (credentials) => {
      const guest = proveGuest(credentials);
      return guest === undefined
        ? refuse('bad-credentials', { message: 'credentials are { secret, name }' })
        : { ...guest, worldId: ARENA_WORLD_ID };
    },
    createAuthorities: createDefaultAuthorities({
      geometry: ARENA_MOVEMENT.geometry,
      movement: ARENA_MOVEMENT,
      combat: {
        hitPointsMax: HIT_POINTS_MAX,
        damagePerHit: SHOT_DAMAGE,
        cooldownMs: SHOT_COOLDOWN_MS,
        rangeMetres: SHOT_RANGE_METRES,
        hitRadiusMetres: PLAYER_RADIUS,
        respawnDelayMs: RESPAWN_DELAY_MS,
      },
    }),
    handleRequest,
  });
}

/** Starts the server. Rejects with a HoldfastError, or with an Error when the page isn't built. */
export async function startArenaServer(options: ArenaServerOptions): Promise<ArenaServer> {
  const page = new PageFiles(PAGE_FOLDER);
  const faults = isLoopback(HOSTNAME) ? options.faults : undefined;
  let outage: ReportedOutage | null = null;
  const runtime = createRuntime(options, (request, response) => {
    if (faults?.handle(request, response) === true) return;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
    } else if (request.url === SESSION_REPORT_PATH) {
      // Without a CORS header only this page's own origin can read it.
      response.writeHead(200, {
        'content-type': 'application/json',
        'cache-control': 'no-store',
      });
      response.end(reporter.reportText());
    } else {
      page.handle(request, response);
    }
  });
  const reporter = new SessionReporter(runtime.host, {
    now: () => performance.now(),
    describeServer: () => ({ pid: process.pid, outage }),
  });
  announceProfiles(runtime.host);
  await runtime.start();
  if (options.previous !== undefined) outage = outageSince(options.previous);
  return {
    port: Number(new URL(runtime.address).port),
    stopped: runtime.stopped,
    stop: (stop) => runtime.stop(stop),
  };
}

/** From the end of the process before until now, on this process's clock. */
function outageSince({ how, endedAt }: { how: string; endedAt: number }): ReportedOutage {
  const until = performance.now();
  return { from: until - Math.max(0, Date.now() - endedAt), until, how };
}
