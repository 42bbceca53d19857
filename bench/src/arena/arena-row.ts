/** The windows of one contestant, as one row: medians with their ranges. */
import { spreadOf } from '../measure/spread.ts';
import type { Spread } from '../measure/spread.ts';
import type { ArenaWindow } from './measure-window.ts';

const MEASURES = [
  'cpuMsPerClientSecond',
  'bytesDownPerClientSecond',
  'bytesUpPerClientSecond',
  'inputsPerClientSecond',
  'latencyP50Ms',
  'latencyP99Ms',
  'eagerLatencyP50Ms',
  'eagerLatencyP99Ms',
  'rssBytes',
  'rssBytesPerClient',
  'tickRateHz',
  'generatorCores',
] as const;

export type ArenaMeasure = (typeof MEASURES)[number];

export type ArenaRow = Readonly<Record<ArenaMeasure, Spread>> & {
  readonly title: string;
  readonly windows: number;
  readonly latencySamples: number;
  /** Turns that no state has shown before the next one. */
  readonly unseenTurns: number;
  /** Inputs or logins that the server refused. */
  readonly refusals: number;
  readonly entered: number;
  readonly lost: number;
};

export function arenaRow(title: string, windows: readonly ArenaWindow[]): ArenaRow {
  const sum = (key: 'latencySamples' | 'unseenTurns' | 'refusals' | 'lost'): number =>
    windows.reduce((total, window) => total + window[key], 0);
  const spreads = Object.fromEntries(
    MEASURES.map((measure) => [measure, spreadOf(windows.map((window) => window[measure]))]),
  ) as Record<ArenaMeasure, Spread>;
  return {
    title,
    ...spreads,
    windows: windows.length,
    latencySamples: sum('latencySamples'),
    unseenTurns: sum('unseenTurns'),
    refusals: sum('refusals'),
    entered: Math.min(...windows.map(({ entered }) => entered)),
    lost: sum('lost'),
  };
}
