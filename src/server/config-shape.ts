/**
 * Whether each option of a configuration is the kind of thing that it must be; for callers without
 * types, and for values that come from files and environments. In: anything. Out: nothing, or a
 * HoldfastError that names the option. What options mean together is checked where they are used.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { ServerConfig } from './runtime-config.ts';

/** What is wrong with a value; undefined = nothing. */
type Check = (value: unknown) => string | undefined;

const TICK_RATE_HZ_MAX = 128;
const CHECKPOINT_INTERVAL_MS_MAX = 60_000;

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/** Whether it is an object that has all these methods. */
function hasMethods(value: unknown, ...names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => isFunction((value as Record<string, unknown>)[name]));
}

/** As browsers say it: scheme, host and port, nothing behind. */
function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value;
}

function isListOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every((item) => isItem(item));
}

function must(be: string, isRight: (value: unknown) => boolean): Check {
  return (value) => (isRight(value) ? undefined : `must be ${be}`);
}

/** A text in quotes, so that '7777' doesn't look like a number. */
function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}

function wholeNumber(min: number, max: number): Check {
  return (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}, not ${shown(value)}`;
}

const aFunction = must('a function', isFunction);
const aBoolean = must('true or false', (value) => typeof value === 'boolean');
const anObject = must('an object', (value) => hasMethods(value));
const aText = must(
  'a text that is not empty',
  (value) => typeof value === 'string' && value !== '',
);

/** Every option there is. */
const CHECKS: Record<keyof ServerConfig, Check> = {
  authenticate: aFunction,
  port: wholeNumber(0, 65_535),
  // Node takes an empty one for every address of the machine.
  hostname: aText,
  // What only servers of plain HTTP have: neither an Express application nor a TCP server.
  server: must('an http or https server, such as createServer(app) makes', (value) =>
    hasMethods(value, 'on', 'off', 'address', 'closeIdleConnections'),
  ),
  messages: must('made by defineMessages', (value) => hasMethods(value, 'get')),
  onMessage: aFunction,
  createAuthorities: aFunction,
  onVerdict: aFunction,
  onSuspicion: aFunction,
  onError: aFunction,
  onTokenReuse: must("'refuse' or 'revoke'", (value) => value === 'refuse' || value === 'revoke'),
  store: must('a SessionStore, such as createLmdbStore makes', (value) =>
    hasMethods(value, 'open'),
  ),
  journal: must("'behind' or 'ahead'", (value) => value === 'behind' || value === 'ahead'),
  checkpointIntervalMs: wholeNumber(1, CHECKPOINT_INTERVAL_MS_MAX),
  onNotice: aFunction,
  policy: anObject,
  limits: anObject,
  inputLimits: anObject,
  suspicion: anObject,
  tickRateHz: wholeNumber(1, TICK_RATE_HZ_MAX),
  allowedOrigins: must('a list of origins, such as https://game.example', (value) =>
    isListOf(value, isOrigin),
  ),
  allowNativeClients: aBoolean,
  isDevelopment: aBoolean,
  trustedProxies: must('a list of addresses and subnets', (value) =>
    isListOf(value, (item) => typeof item === 'string'),
  ),
  path: aText,
  webSocketLimits: anObject,
  handleRequest: aFunction,
  transports: must(
    'a list of at least one transport server',
    (value) =>
      isListOf(value, (item) => hasMethods(item, 'start', 'stop')) &&
      (value as readonly unknown[]).length > 0,
  ),
  clock: must('a Clock', (value) => hasMethods(value, 'now')),
  scheduler: must('a Scheduler', (value) => hasMethods(value, 'setTimer', 'defer')),
  randomStreams: aFunction,
};

/** As docs/SERVER.md lists them. */
export const OPTION_NAMES: readonly string[] = Object.keys(CHECKS);

function refuse(name: string, problem: string): never {
  throw new HoldfastError('invalid-configuration', `${name} ${problem}`);
}

/** Throws HoldfastError `invalid-configuration` that names the option. */
export function checkConfigShape(config: ServerConfig): void {
  if (typeof config !== 'object' || config === null) refuse('config', 'must be an object');
  for (const name of Object.keys(config)) {
    if (!Object.hasOwn(CHECKS, name)) refuse(name, 'is not an option');
  }
  for (const [name, check] of Object.entries(CHECKS)) {
    const value = config[name as keyof ServerConfig];
    if (value === undefined && name !== 'authenticate') continue;
    const problem = check(value);
    if (problem !== undefined) refuse(name, problem);
  }
  if (config.server !== undefined && config.transports !== undefined) {
    refuse('server', 'is no option beside transports, which are instead of it');
  }
  for (const name of ['journal', 'checkpointIntervalMs'] as const) {
    if (config[name] !== undefined && config.store === undefined) {
      refuse(name, 'says how a store is written to, and there is no store');
    }
  }
}
