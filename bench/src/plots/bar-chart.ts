/**
 * Bars on their side, as the text of an SVG that reads in light and in dark. In: bars with their
 * ranges. Out: markup; the same for the same bars.
 */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Where the measurements lay; drawn as a line. */
  readonly min: number;
  readonly max: number;
  /** Ours stand out, limits step back. */
  readonly tone: 'ours' | 'peer' | 'limit';
}

export interface BarChart {
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly bars: readonly Bar[];
}

const WIDTH = 720;
const LABEL_WIDTH = 210;
const VALUE_WIDTH = 90;
const ROW_HEIGHT = 26;
const BAR_HEIGHT = 16;
const TOP = 44;
const BOTTOM = 14;

const STYLE = [
  'text { font: 13px system-ui, sans-serif; fill: #24292f }',
  '.title { font-weight: 600; font-size: 15px }',
  '.ours { fill: #0969da } .peer { fill: #8c959f } .limit { fill: #bf8700 }',
  '.range { stroke: #24292f; stroke-width: 1.5 }',
  '@media (prefers-color-scheme: dark) {',
  'text { fill: #e6edf3 } .range { stroke: #e6edf3 }',
  '.ours { fill: #4493f8 } .peer { fill: #6e7681 } .limit { fill: #d29922 }',
  '}',
].join(' ');

/** What is no number gets no bar. */
export function barChart({ title, unit, digits, bars }: BarChart): string {
  const shown = bars.filter(({ value }) => Number.isFinite(value));
  const most = Math.max(...shown.map(({ value, max }) => Math.max(value, max)), Number.MIN_VALUE);
  const height = TOP + shown.length * ROW_HEIGHT + BOTTOM;
  const scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / most;
  const head = `${escapeText(title)} (${escapeText(unit)})`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    `<title>${head}</title>`,
    `<style>${STYLE}</style>`,
    `<text class="title" x="0" y="22">${head}</text>`,
    ...shown.map((bar, index) => row(bar, { index, scale, digits })),
    '</svg>',
    '',
  ].join('\n');
}

interface Place {
  readonly index: number;
  readonly scale: number;
  readonly digits: number;
}

function row({ label, value, min, max, tone }: Bar, { index, scale, digits }: Place): string {
  const top = TOP + index * ROW_HEIGHT;
  const middle = top + BAR_HEIGHT / 2;
  const base = middle + 4.5;
  const at = (amount: number): string => (LABEL_WIDTH + amount * scale).toFixed(1);
  const width = (value * scale).toFixed(1);
  const rect = `x="${LABEL_WIDTH}" y="${top}" width="${width}" height="${BAR_HEIGHT}" rx="2"`;
  const range = `x1="${at(min)}" x2="${at(max)}" y1="${middle}" y2="${middle}"`;
  const end = Number(at(Math.max(value, max))) + 8;
  return [
    `<text x="${LABEL_WIDTH - 8}" y="${base}" text-anchor="end">${escapeText(label)}</text>`,
    `<rect class="${tone}" ${rect}/>`,
    `<line class="range" ${range}/>`,
    `<text x="${end.toFixed(1)}" y="${base}">${value.toFixed(digits)}</text>`,
  ].join('');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '');
}
