/**
 * Saved results for people. In: docs/performance/*.json, as `--save` wrote them. Out: beside them
 * an SVG file for each measure, and a page with the tables.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ArenaResult } from '../arena/arena-bench.ts';
import type { ArenaMeasure, ArenaRow } from '../arena/arena-row.ts';
import { RESULTS_DIRECTORY } from '../measure/save-result.ts';
import type { SessionsResult } from '../sessions-bench.ts';
import { barChart } from './bar-chart.ts';
import type { Bar, BarChart } from './bar-chart.ts';
import { resultsPage } from './results-page.ts';
import type { SavedFile, SavedResult } from './results-page.ts';

const PAGE = 'RESULTS.md';

interface Picture {
  readonly name: string;
  readonly chart: BarChart;
}

interface ArenaPlot {
  readonly name: string;
  readonly title: string;
  readonly measure: ArenaMeasure;
  readonly unit: string;
  readonly digits: number;
  readonly divisor?: number;
}

const ARENA_PLOTS: readonly ArenaPlot[] = [
  {
    name: 'cpu',
    title: 'Server CPU per client and second',
    measure: 'cpuMsPerClientSecond',
    unit: 'ms',
    digits: 3,
  },
  {
    name: 'bytes',
    title: 'Bytes down per client and second',
    measure: 'bytesDownPerClientSecond',
    unit: 'kB',
    digits: 1,
    divisor: 1_000,
  },
  {
    name: 'latency',
    title: 'Input to visible, p50',
    measure: 'latencyP50Ms',
    unit: 'ms',
    digits: 1,
  },
  {
    name: 'memory',
    title: 'Memory per client',
    measure: 'rssBytesPerClient',
    unit: 'kB',
    digits: 1,
    divisor: 1_000,
  },
];

/** Answers the files that it has written. */
export function drawPlots(): { readonly files: readonly string[] } {
  const names = readdirSync(RESULTS_DIRECTORY).filter((name) => name.endsWith('.json'));
  const saved = names.toSorted().map((file): SavedFile => {
    const name = file.slice(0, -'.json'.length);
    const text = readFileSync(join(RESULTS_DIRECTORY, file), 'utf8');
    const result = JSON.parse(text) as SavedResult;
    const pictures = picturesOf(result).map((picture) => {
      const svg = `${name}-${picture.name}.svg`;
      writeFileSync(join(RESULTS_DIRECTORY, svg), barChart(picture.chart));
      return svg;
    });
    return { name, result, pictures };
  });
  writeFileSync(join(RESULTS_DIRECTORY, PAGE), resultsPage(saved));
  return { files: [...saved.flatMap(({ pictures }) => pictures), PAGE] };
}

function picturesOf(result: SavedResult): readonly Picture[] {
  if (result.bench === 'arena') return arenaPictures(result);
  return result.bench === 'sessions' ? sessionPictures(result) : [];
}

function arenaPictures(result: ArenaResult): readonly Picture[] {
  return ARENA_PLOTS.map(({ name, title, unit, digits, measure, divisor = 1 }) => {
    const barsOf = (rows: readonly ArenaRow[], tone: Bar['tone']): Bar[] =>
      rows.map((row) => {
        const { median, min, max } = row[measure];
        const value = median / divisor;
        return { label: row.title, value, min: min / divisor, max: max / divisor, tone };
      });
    const bars = [
      ...barsOf(result.ours === null ? [] : [result.ours], 'ours'),
      ...barsOf(Object.values(result.peers), 'peer'),
      ...barsOf(Object.values(result.limits), 'limit'),
    ];
    return { name, chart: { title, unit, digits, bars } };
  });
}

function sessionPictures({ rows }: SessionsResult): readonly Picture[] {
  const bars = rows.flatMap(({ sessions, activityNs, timerRefreshNs, lazyWheelNs }): Bar[] => {
    const bar = (name: string, value: number, tone: Bar['tone']): Bar => {
      const label = `${sessions.toLocaleString('en-GB')}, ${name}`;
      return { label, value, min: value, max: value, tone };
    };
    return [
      bar('Holdfast', activityNs, 'ours'),
      bar('timer.refresh()', timerRefreshNs, 'peer'),
      bar('lazy wheel', lazyWheelNs, 'limit'),
    ];
  });
  const chart = { title: 'CPU of one activity of a session', unit: 'ns', digits: 1, bars };
  return [{ name: 'activity', chart }];
}
