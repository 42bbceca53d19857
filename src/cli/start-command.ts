/**
 * `holdfast start`: one server until SIGINT or SIGTERM. Without a config module it lets guests in:
 * a guest's playerId is a hash of the secret that the client keeps, never a name it chose.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import type { Authenticate } from '../host/authentication.ts';
import { refuse } from '../host/authentication.ts';
import { nodeClock } from '../host/node-platform.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { ServerConfig } from '../server/runtime-config.ts';
import { ServerRuntime } from '../server/server-runtime.ts';
import { parseStartArguments, type StartArguments } from './start-arguments.ts';

const SECRET_LENGTH_MIN = 16;

const authenticateGuest: Authenticate = (credentials) => {
  const { secret } = Object(credentials) as { secret?: unknown };
  if (typeof secret !== 'string' || secret.length < SECRET_LENGTH_MIN) {
    return refuse('bad-credentials', { message: 'credentials need a random { secret }' });
  }
  return { playerId: `guest-${createHash('sha256').update(secret).digest('hex').slice(0, 24)}` };
};

async function loadConfig(path: string | undefined): Promise<ServerConfig> {
  if (path === undefined) return { authenticate: authenticateGuest };
  const module = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  const config = module['default'] ?? module['config'];
  if (typeof config !== 'object' || config === null) {
    throw new HoldfastError('invalid-configuration', `${path} exports no configuration object`);
  }
  return config as ServerConfig;
}

/** A terminal signals the whole group and npx passes its own on: that is one wish, not two. */
const SAME_SIGNAL_MS = 1_000;

/** Resolves when the process is asked to end; asked again later, it ends at once. */
function waitForSignal(): Promise<void> {
  return new Promise((settle) => {
    let askedAt: number | undefined;
    const handleSignal = (): void => {
      const now = nodeClock.now();
      if (askedAt !== undefined && now - askedAt > SAME_SIGNAL_MS) process.exit(130);
      askedAt ??= now;
      settle();
    };
    process.on('SIGINT', handleSignal);
    process.on('SIGTERM', handleSignal);
  });
}

async function serve({ module, port, hostname }: StartArguments): Promise<void> {
  const config = await loadConfig(module);
  const runtime = await ServerRuntime.start({
    ...config,
    ...(port === undefined ? {} : { port }),
    ...(hostname === undefined ? {} : { hostname }),
  });
  process.stdout.write(`holdfast listens on ${runtime.address}\n`);
  await waitForSignal();
  await runtime.stop();
}

/** In one line, whatever a configuration module throws. */
function wordsOf(error: unknown): string {
  const words = error instanceof Error ? error.message : inspect(error);
  return words.replaceAll(/\s*\n\s*/g, ' ');
}

/** Runs until a signal; returns the exit code. */
export async function startCommand(args: readonly string[]): Promise<number> {
  let parsed: StartArguments;
  try {
    parsed = parseStartArguments(args);
  } catch (error) {
    process.stderr.write(`holdfast start: ${wordsOf(error)}\n`);
    return 2;
  }
  try {
    await serve(parsed);
    return 0;
  } catch (error) {
    const code = error instanceof HoldfastError ? `${error.code}: ` : '';
    process.stderr.write(`holdfast start: ${code}${wordsOf(error)}\n`);
    return 1;
  }
}
