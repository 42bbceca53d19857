/**
 * Saved results as a page of Markdown: a table for each, with its machine and day. In: results with
 * the names of their files. Out: text; the same for the same results.
 */
import type { ArenaResult } from '../arena/arena-bench.ts';
import type { ArenaRow } from '../arena/arena-row.ts';
import type { FloodResult } from '../flood/flood-bench.ts';
import type { IdleResult } from '../idle/idle-bench.ts';
import type { JoinResult } from '../join/join-bench.ts';
import type { Goal } from '../measure/goal.ts';
import type { MachineInfo } from '../measure/machine-info.ts';
import type { Spread } from '../measure/spread.ts';
import type { SessionsResult } from '../sessions-bench.ts';

export type SavedResult = ArenaResult | SessionsResult | JoinResult | IdleResult | FloodResult;

export interface SavedFile {
  /** Without its ending. */
  readonly name: string;
  readonly result: SavedResult;
  /** Names of SVG files beside it. */
  readonly pictures: readonly string[];
}

export function resultsPage(files: readonly SavedFile[]): string {
  const head = [
    '# Results',
    'Made by `npm run bench -- plots` from the files beside this page, which `--save` wrote. ' +
      '[PERFORMANCE.md](../PERFORMANCE.md) says what was measured and how; ranges are of windows.',
  ];
  return `${[...head, ...files.flatMap(section)].join('\n\n')}\n`;
}

function section({ name, result, pictures }: SavedFile): string[] {
  const images = pictures.map((picture) => `![${name}](${picture})`);
  return [`## ${name}`, machineLine(result.machine), ...tablesOf(result), ...images];
}

function tablesOf(result: SavedResult): string[] {
  switch (result.bench) {
    case 'arena':
      return arenaTables(result);
    case 'sessions':
      return sessionTables(result);
    case 'join':
      return joinTables(result);
    case 'idle':
      return idleTables(result);
    case 'flood':
      return floodTables(result);
  }
}

function machineLine({ cpu, cores, kernel, node, date, commit }: MachineInfo): string {
  return `${date}, ${cores} × ${cpu}, Linux ${kernel}, Node ${node}, commit ${commit}.`;
}

function arenaTables({ ours, peers, limits, goals, disturbedWindows }: ArenaResult): string[] {
  const rows = [
    ...(ours === null ? [] : [ours]),
    ...Object.values(peers),
    ...Object.values(limits),
  ];
  const head = [
    'server',
    'CPU, ms per client and second',
    'down, B per client and second',
    'input to visible p50 / p99, ms',
    'memory per client, kB',
    'ticks per second',
  ];
  const counted = disturbedWindows.filter(({ isCounted }) => isCounted).length;
  const windows = rows.reduce((sum, row) => sum + row.windows, 0);
  return [
    table(head, rows.flatMap(arenaLines)),
    `Of ${windows} windows ${counted} were disturbed beyond the bound and counted all the same.`,
    goalTable(goals),
  ];
}

function arenaLines(row: ArenaRow): string[][] {
  const latency = `${fixed(row.latencyP50Ms.median, 1)} / ${fixed(row.latencyP99Ms.median, 1)}`;
  const main = [
    row.title,
    ranged(row.cpuMsPerClientSecond, 3),
    ranged(row.bytesDownPerClientSecond, 0),
    latency,
    ranged({ ...scaled(row.rssBytesPerClient, 1_000) }, 1),
    ranged(row.tickRateHz, 2),
  ];
  const { eagerLatencyP50Ms: p50, eagerLatencyP99Ms: p99 } = row;
  if (!isNumber(p50.median)) return [main];
  const eager = `${fixed(p50.median, 1)} / ${fixed(p99.median, 1)}`;
  return [main, [`${row.title}, without the client's cushion`, '', '', eager, '', '']];
}

function sessionTables({ rows, goals }: SessionsResult): string[] {
  const head = [
    'sessions',
    'activity, ns',
    'evaluation, µs',
    'bytes each',
    '`timer.refresh()`, ns',
    'lazy wheel, ns',
  ];
  const lines = rows.map((row) => [
    String(row.sessions),
    fixed(row.activityNs, 1),
    fixed(row.evaluateNs / 1_000, 1),
    fixed(row.bytesPerSession, 0),
    fixed(row.timerRefreshNs, 1),
    fixed(row.lazyWheelNs, 1),
  ]);
  return [table(head, lines), goalTable(goals)];
}

function joinTables({ rows }: JoinResult): string[] {
  const head = ['server', 'process', 'in after p50, ms', 'p99, ms', 'CPU per login, ms', 'lost'];
  const lines = Object.values(rows).flatMap(({ title, cold, warm, lost }) =>
    (
      [
        ['fresh', cold],
        ['warm', warm],
      ] as const
    ).map(([name, burst]) => [
      title,
      name,
      ranged(burst.p50Ms, 0),
      ranged(burst.p99Ms, 0),
      ranged(burst.cpuMsPerLogin, 2),
      String(lost),
    ]),
  );
  return [table(head, lines)];
}

function idleTables(result: IdleResult): string[] {
  const head = ['connections', 'memory each, kB', 'CPU each, ms per second', 'cores', 'lost'];
  const line = [
    String(result.connections),
    fixed(result.rssBytesPerConnection / 1_000, 1),
    fixed(result.cpuMsPerConnectionSecond, 4),
    fixed(result.serverCores, 3),
    String(result.lost),
  ];
  return [table(head, [line])];
}

function floodTables({ rows }: FloodResult): string[] {
  const head = [
    'server',
    'flood',
    'lateness p99, ms',
    'largest, ms',
    'server, cores',
    'messages/s',
  ];
  const lines = Object.values(rows).flatMap(({ title, calm, flooded, messagesSentPerSecond }) =>
    (
      [
        ['no', calm],
        ['yes', flooded],
      ] as const
    ).map(([name, felt]) => [
      title,
      name,
      ranged(felt.latenessP99Ms, 1),
      ranged(felt.latenessMaxMs, 1),
      ranged(felt.serverCores, 2),
      name === 'no' ? '0' : fixed(messagesSentPerSecond, 0),
    ]),
  );
  return [table(head, lines)];
}

function goalTable(goals: readonly Goal[]): string {
  const lines = goals
    .filter(({ met }) => met !== null)
    .map(({ name, goal, value, met }) => [name, goal, String(value), met ? 'met' : 'missed']);
  return table(['bar', 'goal', 'value', ''], lines);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map(tableLine).join('\n');
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function scaled({ median, min, max }: Spread, divisor: number): Spread {
  return { median: median / divisor, min: min / divisor, max: max / divisor };
}

function ranged({ median, min, max }: Spread, digits: number): string {
  if (fixed(min, digits) === fixed(max, digits)) return fixed(median, digits);
  return `${fixed(median, digits)} (${fixed(min, digits)}–${fixed(max, digits)})`;
}

function fixed(value: number, digits: number): string {
  return isNumber(value) ? value.toFixed(digits) : '–';
}

/** JSON has made null of NaN. */
function isNumber(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}
