/**
 * The client's own numbers about its connection, as rows for people: a word, a value with its unit,
 * how much of a bar it fills. In: the client's statistics. Out: rows. Pure.
 */
import type { ClientStats } from 'holdfast/client';

export interface NetcodeReading {
  readonly label: string;
  readonly text: string;
  /** 0 to 1. */
  readonly part: number;
  /** It costs the player something. */
  readonly isBad: boolean;
}

interface Row {
  readonly label: string;
  readonly value: number | undefined;
  /** Where the bar is full: about what the sliders can bring about. */
  readonly full: number;
  readonly describe: (value: number) => string;
  readonly isBad?: (value: number) => boolean;
}

const inMs = (value: number): string => `${Math.round(value)} ms`;
const inTicks = (value: number): string => `${value.toFixed(1)} ticks`;

function toReading({ label, value, full, describe, isBad }: Row): NetcodeReading {
  if (value === undefined) return { label, text: '–', part: 0, isBad: false };
  return {
    label,
    text: describe(value),
    part: Math.min(1, Math.max(0, value / full)),
    isBad: isBad?.(value) ?? false,
  };
}

export function readNetcode(stats: ClientStats): readonly NetcodeReading[] {
  const rows: readonly Row[] = [
    { label: 'round trip', value: stats.roundTripTimeMs, full: 500, describe: inMs },
    { label: 'jitter', value: stats.jitterMs, full: 100, describe: inMs },
    { label: 'interpolation', value: stats.interpolationDelayMs, full: 250, describe: inMs },
    { label: 'input lead', value: stats.inputLeadTicks, full: 12, describe: inTicks },
    {
      label: 'input margin',
      value: stats.inputMarginTicks,
      full: 4,
      describe: inTicks,
      isBad: (ticks) => ticks < 0,
    },
    {
      label: 'predicted',
      value: stats.predictedTicks,
      full: 16,
      describe: (ticks) => `${ticks} ticks`,
    },
    {
      label: `corrected ${stats.corrections} ×`,
      value: stats.corrections === 0 ? undefined : stats.correctionMetres,
      full: 0.5,
      describe: (metres) => `${Math.round(metres * 100)} cm`,
    },
  ];
  return rows.map(toReading);
}
