/** The arena's result for people. */
import type { Spread } from '../measure/spread.ts';
import { textTable } from '../measure/text-table.ts';
import { goalLines } from '../measure/goal-lines.ts';
import type { ArenaResult } from './arena-bench.ts';
import type { ArenaRow } from './arena-row.ts';

const HEAD = [
  'server',
  'CPU ms/client·s',
  'down B/s',
  'latency p50 / p99 ms',
  'kB/client',
  'tick Hz',
  'windows',
];

export function arenaTable(result: ArenaResult): string {
  const { ours, peers, limits, disturbedWindows } = result;
  const rows = [ours, ...Object.values(peers), ...Object.values(limits)];
  const cells = rows.flatMap((row) => (row === null ? [] : linesOf(row)));
  const disturbed = disturbedWindows.map(
    ({ contestant, round, attempt, disturbances, isCounted }) =>
      `${contestant}, round ${round}, attempt ${attempt}: ${disturbances.join(', ')}` +
      (isCounted ? '; counted, as none was better' : '; measured again'),
  );
  return [
    textTable(HEAD, cells),
    '',
    goalLines(result.goals),
    '',
    `disturbed windows: ${disturbedWindows.length}`,
    ...disturbed,
    `machine: ${JSON.stringify(result.machine)}`,
    `versions: ${JSON.stringify(result.versions)}`,
    `settings: ${JSON.stringify(result.settings)}`,
  ].join('\n');
}

function linesOf(row: ArenaRow): string[][] {
  const main = [
    row.title.replaceAll('`', ''),
    ranged(row.cpuMsPerClientSecond, 3),
    ranged(row.bytesDownPerClientSecond, 0),
    `${fixed(row.latencyP50Ms.median, 1)} / ${fixed(row.latencyP99Ms.median, 1)}`,
    fixed(row.rssBytesPerClient.median / 1_000, 1),
    fixed(row.tickRateHz.median, 2),
    String(row.windows),
  ];
  const { eagerLatencyP50Ms, eagerLatencyP99Ms } = row;
  if (!isNumber(eagerLatencyP50Ms.median)) return [main];
  const eager = `${fixed(eagerLatencyP50Ms.median, 1)} / ${fixed(eagerLatencyP99Ms.median, 1)}`;
  return [main, ['  without the cushion', '', '', eager, '', '', '']];
}

function ranged({ median, min, max }: Spread, digits: number): string {
  return `${fixed(median, digits)} (${fixed(min, digits)}–${fixed(max, digits)})`;
}

function fixed(value: number, digits: number): string {
  return isNumber(value) ? value.toFixed(digits) : '–';
}

/** JSON has made null of NaN. */
function isNumber(value: number | null): value is number {
  return value !== null && !Number.isNaN(value);
}
