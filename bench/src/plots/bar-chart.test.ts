import { describe, expect, test } from 'vitest';

import { barChart } from './bar-chart.ts';
import type { Bar } from './bar-chart.ts';

const OURS: Bar = { label: 'ours', value: 5, min: 4, max: 6, tone: 'ours' };
const PEER: Bar = { label: 'a < b & c', value: 10, min: 9, max: 12, tone: 'peer' };

describe('barChart', () => {
  test('is the same for the same bars', () => {
    const chart = { title: 'CPU', unit: 'ms', digits: 1, bars: [OURS, PEER] };
    expect(barChart(chart)).toBe(barChart(chart));
  });

  test('draws a bar twice as long for twice the value', () => {
    const svg = barChart({ title: 'CPU', unit: 'ms', digits: 1, bars: [OURS, PEER] });
    const widths = [...svg.matchAll(/<rect class="\w+" .*?width="([\d.]+)"/g)].map((match) =>
      Number(match[1]),
    );
    expect(widths).toHaveLength(2);
    expect(widths[1]! / widths[0]!).toBeCloseTo(2, 2);
  });

  test('leaves out what was not measured, and escapes what is text', () => {
    const bars = [{ ...OURS, value: Number.NaN }, PEER];
    const svg = barChart({ title: 'CPU', unit: 'ms', digits: 1, bars });
    expect(svg).not.toContain('>ours<');
    expect(svg).toContain('a &lt; b &amp; c');
  });

  test('reads in the dark, too', () => {
    const svg = barChart({ title: 'CPU', unit: 'ms', digits: 1, bars: [OURS] });
    expect(svg).toContain('prefers-color-scheme: dark');
  });
});
