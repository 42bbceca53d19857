/**
 * The words behind `holdfast start`. In: words. Out: what they ask for, or a TypeError that says in
 * one line what is wrong with them. Must not know: files, servers.
 */
import { parseArgs } from 'node:util';

const PORT_MAX = 65_535;
const OPTIONS = {
  port: { type: 'string' },
  hostname: { type: 'string' },
  data: { type: 'string' },
  supervise: { type: 'boolean' },
} as const;

export interface StartArguments {
  readonly module: string | undefined;
  readonly port: number | undefined;
  readonly hostname: string | undefined;
  /** Where sessions and worlds are kept; undefined = they end with the process. */
  readonly data: string | undefined;
  /** Whether it runs under a supervisor that starts it again when it dies. */
  readonly isSupervised: boolean;
}

export function parseStartArguments(args: readonly string[]): StartArguments {
  const { values, positionals } = parseWords(args);
  if (positionals.length > 1) throw new TypeError(`unexpected argument: ${positionals[1]}`);
  return {
    module: positionals[0],
    port: parsePort(values.port),
    hostname: values.hostname,
    data: parseData(values.data),
    isSupervised: values.supervise === true,
  };
}

/** The words that mean the same, without the wish for a supervisor. */
export function formatStartArguments({ module, port, hostname, data }: StartArguments): string[] {
  return [
    ...(port === undefined ? [] : [`--port=${port}`]),
    ...(hostname === undefined ? [] : [`--hostname=${hostname}`]),
    ...(data === undefined ? [] : [`--data=${data}`]),
    ...(module === undefined ? [] : ['--', module]),
  ];
}

function parseWords(args: readonly string[]) {
  try {
    return parseArgs({ args: joinNegatives(args), allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new TypeError(wordsOf(error), { cause: error });
  }
}

/** `--port -1` as `--port=-1`: a number below 0 is a value, and wrong as such. */
function joinNegatives(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of args) {
    if (joined.at(-1) === '--port' && /^-\d/.test(word)) joined.splice(-1, 1, `--port=${word}`);
    else joined.push(word);
  }
  return joined;
}

/** Node's own hint goes on with advice about `--`, which helps nobody here. */
function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const unknown = /^Unknown option '(-+)([^']*)'/.exec(message);
  if (unknown === null) return message.split(/\.\s/)[0] ?? message;
  const [, dashes, word = ''] = unknown;
  const names = Object.keys(OPTIONS);
  const meant = names.filter((name) => name.startsWith(word) || word.startsWith(name));
  const known = listOf((meant.length > 0 ? meant : names).map((name) => `--${name}`));
  const hint = meant.length > 0 ? `did you mean ${known}?` : `there are ${known}`;
  return `unknown option ${dashes}${word}: ${hint}`;
}

/** "a", "a and b", "a, b and c". */
function listOf(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

function parseData(text: string | undefined): string | undefined {
  if (text === '') throw new TypeError('--data must name a directory');
  return text;
}

/** Digits only: `Number` takes an empty text, such as an unset variable, for port 0. */
function parsePort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= PORT_MAX) return port;
  throw new TypeError(`--port must be a whole number from 0 to ${PORT_MAX}, not '${text}'`);
}
