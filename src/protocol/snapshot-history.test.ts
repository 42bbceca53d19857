import { describe, expect, test } from 'vitest';
import type { SnapshotField } from './messages.ts';
import { SnapshotDecoder } from './snapshot-decoder.ts';
import { SnapshotHistory } from './snapshot-history.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const FIELDS: readonly SnapshotField[] = [
  { name: 'x', precision: 0.001, interpolation: 'linear' },
  { name: 'hitPoints', precision: 1, interpolation: 'step' },
];

function played(ticks: readonly number[], fields = FIELDS): SnapshotHistory {
  const history = new SnapshotHistory(fields);
  for (const tick of ticks)
    history.record(
      tick,
      [1, 2],
      [
        [tick * 250, 100],
        [tick * -3, 75],
      ],
    );
  return history;
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

function times<Value>(count: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

describe('the ladder', () => {
  test('has the last four ticks, and before them the last four multiples of four', () => {
    expect(played(upTo(50)).rungTicks).toEqual([49, 48, 47, 46, 44, 40, 36, 32]);
    expect(played(upTo(49)).rungTicks).toEqual([48, 47, 46, 45, 44, 40, 36, 32]);
    expect(played(upTo(52)).rungTicks).toEqual([51, 50, 49, 48, 44, 40, 36, 32]);
  });

  test('has no tick that was not recorded', () => {
    expect(played([1]).rungTicks).toEqual([]);
    expect(played([1, 2, 3]).rungTicks).toEqual([2, 1]);
    expect(played([40, 41, 44, 45, 50]).rungTicks).toEqual([44, 40]);
    expect(played([40, 41, 90]).rungTicks).toEqual([]);
  });

  test('is told from 8 baselines and whole, each made once', () => {
    const history = played(upTo(60));
    const frames = [undefined, ...history.rungTicks].map((rung) => history.encode(rung));
    expect(new Set(frames.map((frame) => Buffer.from(frame).toString('hex'))).size).toBe(9);
    for (const rung of [undefined, ...upTo(59)]) history.encode(rung);
    expect(history.encodings).toBe(9);
    expect(history.encode(59)).toBe(frames[1]);
  });

  test('whoever has what is no rung is told the whole', () => {
    const history = played(upTo(60));
    expect(history.encode(55)).toBe(history.encode(undefined));
    expect(history.encode(60)).toBe(history.encode(undefined));
    expect(history.encode(1)).toBe(history.encode(undefined));
  });
});

describe('SnapshotHistory', () => {
  test('bodies that move as before cost next to nothing', () => {
    const history = played(upTo(60));
    // Kind, tick, baseline; the same entities, two columns as predicted.
    expect(history.encode(59)).toHaveLength(1 + 1 + 1 + 1);
  });

  test('bytes that were handed out do not change with the next snapshot', () => {
    const history = played(upTo(9));
    const frame = history.encode(8);
    const copy = frame.slice();
    history.record(10, [1], [[5, 5]]);
    history.encode(9);
    expect(frame).toEqual(copy);
  });

  test('what is recorded is a copy', () => {
    const history = new SnapshotHistory(FIELDS);
    const row = [5, 6];
    history.record(1, [1], [row]);
    row[0] = 9;
    const told = new SnapshotDecoder(FIELDS).decode(history.encode(undefined));
    expect(told).toMatchObject({ players: [{ entity: 1, fields: [5, 6] }] });
  });

  test('a number of −0 is 0', () => {
    const [minus, plus] = [-0, 0].map((zero) => {
      const history = new SnapshotHistory(FIELDS);
      history.record(1, [1], [[zero, 5]]);
      return history.encode(undefined);
    });
    expect(minus).toEqual(plus);
  });

  test('a tick that is not later is our own bug', () => {
    const history = played([5]);
    expect(() => history.record(5, [], [])).toThrow('ticks ascend');
    expect(() => history.record(4, [], [])).toThrow('ticks ascend');
    expect(() => new SnapshotHistory(FIELDS).encode(undefined)).toThrow('no snapshot yet');
  });

  test('the most players are kept and told, one more is our own bug', () => {
    const count = WIRE_LIMITS.snapshotPlayersMax;
    const history = new SnapshotHistory(FIELDS);
    const record = (tick: number, players: number): void =>
      history.record(
        tick,
        times(players, (index) => index),
        times(players, (index) => [index * 977, -index]),
      );
    record(1, count);
    const told = new SnapshotDecoder(FIELDS).decode(history.encode(undefined));
    expect(told).toMatchObject({ players: { length: count } });
    expect(() => record(2, count + 1)).toThrow('too many players');
  });

  test('the most fields fit, one more is our own bug', () => {
    const fields = (count: number): SnapshotField[] =>
      times(count, (index) => ({ name: `f${index}`, precision: 1, interpolation: 'step' }));
    const most = WIRE_LIMITS.snapshotFieldsMax;
    expect(() => new SnapshotHistory(fields(most))).not.toThrow();
    expect(() => new SnapshotHistory(fields(most + 1))).toThrow('too many fields');
  });

  test('the largest snapshot of ordinary worlds fits a frame', () => {
    const fields = times(16, (index): SnapshotField => {
      return { name: `f${index}`, precision: 1, interpolation: index < 2 ? 'linear' : 'step' };
    });
    const history = new SnapshotHistory(fields);
    const count = WIRE_LIMITS.snapshotPlayersMax;
    history.record(
      1,
      times(count, (index) => index),
      times(count, (index) => times(16, (field) => (index * 7_919 * (field + 1)) % 100_000)),
    );
    expect(history.encode(undefined).length).toBeLessThan(WIRE_LIMITS.serverFrameBytesMax);
  });
});
