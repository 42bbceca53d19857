/**
 * `npm run bench -- <name> [options]`: numbers of the built package, as ratios within one run.
 * Progress goes to stderr; with --json the last line on stdout is one JSON object. Options are
 * those of BenchOptions; docs/PERFORMANCE.md says what each bench measures.
 */
import { parseArgs } from 'node:util';

import { benchArena } from './arena/arena-bench.ts';
import { arenaTable } from './arena/arena-table.ts';
import type { BenchOptions } from './bench-options.ts';
import { benchFlood } from './flood/flood-bench.ts';
import { benchIdle } from './idle/idle-bench.ts';
import { benchJoin } from './join/join-bench.ts';
import { saveResult } from './measure/save-result.ts';
import { drawPlots } from './plots/plots-bench.ts';
import { benchReconnect } from './reconnect-bench.ts';
import { benchSessions } from './sessions-bench.ts';
import { benchSnapshot } from './snapshot-bench.ts';

type Bench = (options: BenchOptions) => object | Promise<object>;

const BENCHES: Readonly<Record<string, Bench>> = {
  arena: benchArena,
  flood: benchFlood,
  idle: benchIdle,
  join: benchJoin,
  plots: drawPlots,
  reconnect: benchReconnect,
  sessions: benchSessions,
  snapshot: benchSnapshot,
};

/** Of those whose result has a better form than its keys and values. */
const TABLES: Readonly<Record<string, (result: never) => string>> = { arena: arenaTable };

const CLIENTS: Readonly<Record<string, number>> = {
  arena: 1_000,
  flood: 100,
  idle: 10_000,
  join: 1_000,
};

/** Of those that docs/performance has a page for. */
const SAVED: readonly string[] = ['arena', 'flood', 'idle', 'join', 'sessions'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
    clients: { type: 'string' },
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    repeats: { type: 'string', default: '2' },
    disturbance: { type: 'string', default: '0.03' },
    peers: { type: 'boolean', default: false },
    only: { type: 'string' },
    journal: { type: 'string' },
    profile: { type: 'boolean', default: false },
    sessions: { type: 'string' },
    scale: { type: 'string', default: '1' },
  },
});

function count(option: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new RangeError(`--${option} is a whole number of at least 1`);
}

function part(option: string, text: string): number {
  const number = Number(text);
  if (number > 0) return number;
  throw new RangeError(`--${option} is a number above 0`);
}

function journalOf(text: string | undefined): BenchOptions['journal'] {
  if (text === undefined || text === 'behind' || text === 'ahead') return text;
  throw new RangeError('--journal is behind or ahead');
}

function readOptions(name: string): BenchOptions {
  const { clients, sessions } = values;
  return {
    clients: clients === undefined ? (CLIENTS[name] ?? 1) : count('clients', clients),
    seconds: part('seconds', values.seconds),
    rounds: count('rounds', values.rounds),
    repeats: values.repeats === '0' ? 0 : count('repeats', values.repeats),
    disturbance: part('disturbance', values.disturbance),
    peers: values.peers,
    only: values.only?.split(','),
    journal: journalOf(values.journal),
    profile: values.profile,
    sessions: sessions === undefined ? undefined : count('sessions', sessions),
    scale: part('scale', values.scale),
  };
}

function describe(name: string, result: object): string {
  const table = TABLES[name];
  if (table !== undefined) return table(result as never);
  return Object.entries(result)
    .map(([key, value]) => {
      const text: unknown = typeof value === 'object' ? JSON.stringify(value) : value;
      return `${key}: ${String(text)}`;
    })
    .join('\n');
}

async function run(name: string, bench: Bench): Promise<void> {
  if (values.save && !SAVED.includes(name)) {
    throw new RangeError(`--save is for ${SAVED.join(', ')}`);
  }
  const options = readOptions(name);
  const result = await bench(options);
  if (values.save) saveResult(name in CLIENTS ? `${name}-${options.clients}` : name, result);
  process.stdout.write(`${values.json ? JSON.stringify(result) : describe(name, result)}\n`);
}

const name = positionals[0] ?? '';
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
if (bench === undefined) {
  process.stderr.write(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--json]\n`);
  process.exitCode = 2;
} else {
  try {
    await run(name, bench);
  } catch (error) {
    // What the command line asked for; everything else is our mistake.
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
