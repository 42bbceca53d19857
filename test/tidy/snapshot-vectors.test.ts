import { describe, expect, test } from 'vitest';
import type { SnapshotField } from '../../src/protocol/messages.ts';
import { SnapshotDecoder } from '../../src/protocol/snapshot-decoder.ts';
import { SnapshotHistory } from '../../src/protocol/snapshot-history.ts';
import { DocumentSnapshots } from './document-snapshots.ts';
import { readTable } from './markdown-table.ts';
import { readText } from './source-file.ts';

/** As the document names them. */
const FIELDS: readonly SnapshotField[] = [
  { name: 'x', precision: 1, interpolation: 'linear' },
  { name: 'yaw', precision: 1, interpolation: 'angle' },
  { name: 'hitPoints', precision: 1, interpolation: 'step' },
];

interface Vector {
  readonly tick: number;
  readonly baseline: number | undefined;
  readonly rows: readonly (readonly number[])[];
  readonly hex: string;
}

const VECTORS = readTable(readText('docs/PROTOCOL.md'), 'Snapshots').map(
  ([tick, baseline, rows = '', hex = '']): Vector => ({
    tick: Number(tick),
    baseline: baseline === 'none' ? undefined : Number(baseline),
    rows: JSON.parse(rows) as number[][],
    hex,
  }),
);

function bytesOf({ hex }: Vector): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}

describe('the vectors of snapshots', () => {
  test('are a whole one, some since the previous one, and some since an older one', () => {
    const ages = VECTORS.map(({ tick, baseline }) => tick - (baseline ?? tick));
    expect(new Set(ages)).toEqual(new Set([0, 1, 2, 3, 5]));
  });

  test('are what the history writes', () => {
    const history = new SnapshotHistory(FIELDS);
    for (const { tick, baseline, rows, hex } of VECTORS) {
      const entities = rows.map(([entity = 0]) => entity);
      const numbers = rows.map(([, ...each]) => each);
      if (tick > history.tick) history.record(tick, entities, numbers);
      expect(Buffer.from(history.encode(baseline)).toString('hex')).toBe(hex);
    }
  });

  test('are what the decoder reads', () => {
    const decoder = new SnapshotDecoder(FIELDS);
    for (const vector of VECTORS) {
      const players = vector.rows.map(([entity, ...fields]) => ({ entity, fields }));
      const expected = { kind: 'snapshot', tick: vector.tick, players };
      expect(decoder.decode(bytesOf(vector))).toEqual(expected);
    }
  });

  test('are what a reader that knows the document alone reads', () => {
    const reader = new DocumentSnapshots(FIELDS.map(({ interpolation }) => interpolation));
    for (const vector of VECTORS) {
      const { tick, rows } = reader.read(bytesOf(vector));
      expect(Number(tick)).toBe(vector.tick);
      expect(rows.map((row) => row.map(Number))).toEqual(vector.rows);
    }
  });

  test('are refused without the first one, and lose nothing of it', () => {
    const decoder = new SnapshotDecoder(FIELDS);
    const [first, second] = VECTORS.map(bytesOf) as [Uint8Array, Uint8Array];
    expect(decoder.decode(second)).toEqual({ kind: 'rejected', code: 'unknown-baseline' });
    expect(decoder.decode(first).kind).toBe('snapshot');
    expect(decoder.decode(second).kind).toBe('snapshot');
  });
});
