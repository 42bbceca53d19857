/**
 * `holdfast start`: one server until SIGINT or SIGTERM, on its own or under a supervisor. Without a
 * config module it lets guests in: a guest's playerId is a hash of the secret that the client
 * keeps, never a name it chose.
 */
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { Authenticate } from '../host/authentication.ts';
import { refuse } from '../host/authentication.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { ServerConfig } from '../server/runtime-config.ts';
import { ServerRuntime } from '../server/server-runtime.ts';
import { createLmdbStore } from '../store/lmdb-store.ts';
import type { SessionStore } from '../store/session-store.ts';
import { formatStartArguments, parseStartArguments } from './start-arguments.ts';
import type { StartArguments } from './start-arguments.ts';
import { supervise } from './supervise.ts';
import { findSupervisor } from './supervisor-link.ts';
import { waitForEnd } from './wait-for-end.ts';

const SECRET_LENGTH_MIN = 16;
const NOTHING_KEPT =
  'holdfast keeps nothing: sessions end with this process (--data DIR keeps them)\n';
const NO_TYPESCRIPT =
  'this Node runs no TypeScript; 22.18 and later do, NODE_OPTIONS="--import tsx" does where tsx ' +
  'is installed, and a .mjs module always';
const STORE_LOST = 'another process has taken the store over';

const authenticateGuest: Authenticate = (credentials) => {
  const { secret } = Object(credentials) as { secret?: unknown };
  if (typeof secret !== 'string' || secret.length < SECRET_LENGTH_MIN) {
    return refuse('bad-credentials', { message: 'credentials need a random { secret }' });
  }
  return { playerId: `guest-${createHash('sha256').update(secret).digest('hex').slice(0, 24)}` };
};

async function loadConfig(path: string | undefined): Promise<ServerConfig> {
  if (path === undefined) return { authenticate: authenticateGuest };
  const module = await importModule(path);
  const config = module['default'] ?? module['config'];
  if (typeof config !== 'object' || config === null) {
    throw new HoldfastError('invalid-configuration', `${path} exports no configuration object`);
  }
  return config as ServerConfig;
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (cause) {
    const { code } = Object(cause) as { readonly code?: unknown };
    if (code !== 'ERR_UNKNOWN_FILE_EXTENSION' || !path.endsWith('.ts')) throw cause;
    throw new HoldfastError('invalid-configuration', `${path}: ${NO_TYPESCRIPT}`, { cause });
  }
}

/** The configuration's own store, or one in the directory that the command names. */
function storeOf(config: ServerConfig, data: string | undefined): SessionStore | undefined {
  if (data === undefined) return config.store;
  if (config.store === undefined) return createLmdbStore({ directory: join(data, 'store') });
  const message = '--data is for a configuration without a store of its own';
  throw new HoldfastError('invalid-configuration', message);
}

async function serve({ module, port, hostname, data }: StartArguments): Promise<void> {
  const supervisor = findSupervisor();
  const config = await loadConfig(module);
  const store = storeOf(config, data);
  const wanted = supervisor?.port ?? port ?? config.port;
  const runtime = await ServerRuntime.start({
    ...config,
    ...(wanted === undefined ? {} : { port: wanted }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(store === undefined ? {} : { store }),
  });
  supervisor?.reportListening(wanted === 0 ? portOf(runtime.address) : undefined);
  if (supervisor === undefined || supervisor.restarts === 0) {
    process.stdout.write(`holdfast ${placeOf(runtime)}\n`);
    if (store === undefined) process.stdout.write(NOTHING_KEPT);
  }
  const signal = await Promise.race([waitForEnd(), runtime.stopped]);
  if (signal === undefined) throw new HoldfastError('store-lost', STORE_LOST);
  await runtime.stop({ sessions: signal === 'SIGTERM' ? 'keep' : 'end' });
}

/** Where it can be reached; a server of the configuration's may listen later. */
function placeOf({ address }: ServerRuntime): string {
  return address === '' ? 'waits for its server to listen' : `listens on ${address}`;
}

/** Undefined for addresses without one. */
function portOf(address: string): number | undefined {
  const port = URL.canParse(address) ? Number(new URL(address).port) : 0;
  return port === 0 ? undefined : port;
}

/** In one line, whatever a configuration module throws. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : inspect(error);
  return words.replaceAll(/\s*\n\s*/g, ' ');
}

/** Runs until a signal; returns the exit code. `script` is the command's own file. */
export async function startCommand(args: readonly string[], script: string): Promise<number> {
  let parsed: StartArguments;
  try {
    parsed = parseStartArguments(args);
  } catch (error) {
    process.stderr.write(`holdfast start: ${wordsOf(error)}\n`);
    return 2;
  }
  try {
    if (parsed.isSupervised) {
      return await supervise({ script, args: ['start', ...formatStartArguments(parsed)] });
    }
    await serve(parsed);
    return 0;
  } catch (error) {
    const code = error instanceof HoldfastError ? `${error.code}: ` : '';
    process.stderr.write(`holdfast start: ${code}${wordsOf(error)}\n`);
    return 1;
  }
}
