import { describe, expect, test } from 'vitest';
import type { SnapshotField } from './messages.ts';
import { SnapshotDecoder } from './snapshot-decoder.ts';
import { SnapshotHistory } from './snapshot-history.ts';
import { WIRE_LIMITS } from './wire-limits.ts';

const FIELDS: readonly SnapshotField[] = [{ name: 'x', precision: 0.001, interpolation: 'linear' }];
const UNKNOWN = { kind: 'rejected', code: 'unknown-baseline' };

/** Whole frames of the ticks from 1 on, and what each is as a difference from the one before. */
function frames(count: number) {
  const history = new SnapshotHistory(FIELDS);
  return Array.from({ length: count }, (_, index) => {
    history.record(index + 1, [1], [[index * 250]]);
    return {
      whole: history.encode(undefined),
      next: history.encode(index),
      rungs: history.rungTicks.map((rung) => history.encode(rung)),
    };
  });
}

describe('SnapshotDecoder', () => {
  test('a difference without its baseline is refused, and nothing is lost', () => {
    const [first, second, third] = frames(3);
    const decoder = new SnapshotDecoder(FIELDS);
    decoder.decode(first!.whole);
    expect(decoder.decode(third!.next)).toEqual(UNKNOWN);
    expect(decoder.decode(second!.next)).toMatchObject({ tick: 2 });
    expect(decoder.decode(third!.next)).toMatchObject({ tick: 3, players: [{ fields: [500] }] });
  });

  test('every rung can be read after 21 snapshots, in whatever order they came', () => {
    const all = frames(60);
    const decoder = new SnapshotDecoder(FIELDS);
    for (const { whole } of all.slice(0, -1).toReversed()) decoder.decode(whole);
    expect(all.at(-1)!.rungs).toHaveLength(8);
    for (const frame of all.at(-1)!.rungs) {
      expect(decoder.decode(frame)).toMatchObject({ kind: 'snapshot', tick: 60 });
    }
  });

  test('keeps no more than 21 of them, and of an ordered lane one', () => {
    const all = frames(26);
    const last = all.at(-1)!;
    const read = (decoder: SnapshotDecoder, from: number): void => {
      for (const { whole } of all.slice(0, from)) decoder.decode(whole);
    };
    const loose = new SnapshotDecoder(FIELDS);
    read(loose, 25);
    // Of tick 8, which is 18 old: one of the last 21, which begin with 5.
    expect(loose.decode(last.rungs.at(-1)!)).toMatchObject({ tick: 26 });
    const ordered = new SnapshotDecoder(FIELDS, { isOrdered: true });
    read(ordered, 25);
    expect(ordered.decode(last.rungs[1]!)).toEqual(UNKNOWN);
    expect(ordered.decode(last.next)).toMatchObject({ tick: 26 });
  });

  test('a copy that comes again is read again and replaces itself', () => {
    const [first, second] = frames(2);
    const decoder = new SnapshotDecoder(FIELDS);
    decoder.decode(first!.whole);
    expect(decoder.decode(first!.whole)).toMatchObject({ tick: 1 });
    expect(decoder.decode(second!.next)).toMatchObject({ tick: 2 });
  });

  test('what was handed out is the caller’s', () => {
    const [first, second] = frames(2);
    const decoder = new SnapshotDecoder(FIELDS);
    const told = decoder.decode(first!.whole);
    const text = JSON.stringify(told);
    decoder.decode(second!.next);
    expect(JSON.stringify(told)).toBe(text);
  });

  test.each([
    ['no bytes', [], 'frame-empty'],
    ['another kind', [0x26, 1, 0, 0x80], 'unknown-kind'],
    ['nothing behind the tick', [0x25, 1], 'malformed'],
    [
      'a tick beyond 2^53 − 1',
      [0x25, ...Array.from({ length: 8 }, () => 0xff), 0, 0x80],
      'out-of-range',
    ],
    ['a baseline before tick 0', [0x25, 1, 4, 0x80], 'out-of-range'],
    ['motion told of nothing', [0x25, 1, 1, 0x80], 'out-of-range'],
    ['a filling that says something', [0x25, 1, 0, 0x81], 'malformed'],
    ['a byte too many', [0x25, 1, 0, 0x80, 0], 'malformed'],
  ])('%s is refused', (_, bytes, code) => {
    expect(new SnapshotDecoder(FIELDS).decode(Uint8Array.from(bytes))).toEqual({
      kind: 'rejected',
      code,
    });
  });

  test('a frame over the limit is refused before it is looked at', () => {
    const frame = new Uint8Array(WIRE_LIMITS.serverFrameBytesMax + 1).fill(0x25);
    const tooLarge = { kind: 'rejected', code: 'frame-too-large' };
    expect(new SnapshotDecoder(FIELDS).decode(frame)).toEqual(tooLarge);
  });

  test('more players than there may be are refused before there is room made for them', () => {
    const entered = (count: number): Uint8Array => {
      const history = new SnapshotHistory([]);
      const entities = Array.from({ length: count }, (_, index) => index);
      history.record(
        1,
        entities,
        entities.map(() => []),
      );
      return history.encode(undefined);
    };
    const most = entered(WIRE_LIMITS.snapshotPlayersMax);
    expect(new SnapshotDecoder([]).decode(most)).toMatchObject({ players: { length: 1_024 } });
    // The count is the Golomb code behind two bits: 1,024 + 1 is 2^10 + 1, so its last bit is 0.
    const more = most.slice();
    more[5] = (more[5] ?? 0) | 0b0000_0100;
    const answer = new SnapshotDecoder([]).decode(more);
    expect(answer).toEqual({ kind: 'rejected', code: 'out-of-range' });
  });
});
