import { describe, expect, test } from 'vitest';
import { SnapshotReceipts } from './snapshot-receipts.ts';

function written(ticks: readonly number[], isOrdered = false): SnapshotReceipts {
  const receipts = new SnapshotReceipts(isOrdered);
  for (const tick of ticks) receipts.noteWritten(tick);
  return receipts;
}

function held(receipts: SnapshotReceipts, last = 60): number[] {
  return Array.from({ length: last }, (_, index) => index + 1).filter((tick) => receipts.has(tick));
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

describe('on an ordered lane', () => {
  test('a peer has what was written last, and nothing before the first', () => {
    expect(held(written([], true))).toEqual([]);
    expect(held(written([3], true))).toEqual([3]);
    expect(held(written([3, 4, 9], true))).toEqual([9]);
  });

  test('an acknowledgement adds nothing', () => {
    const receipts = written([3, 4], true);
    expect(receipts.acknowledge({ tick: 3, earlier: 0 })).toBe(true);
    expect(held(receipts)).toEqual([4]);
  });

  test('a peer that has nothing of use has nothing until the next is written', () => {
    const receipts = written([3, 4], true);
    expect(receipts.acknowledge({ tick: 0, earlier: 0 })).toBe(true);
    expect(held(receipts)).toEqual([]);
    receipts.noteWritten(5);
    expect(held(receipts)).toEqual([5]);
  });
});

describe('on a lane that loses', () => {
  test('a peer has what it says it has', () => {
    const receipts = written([1, 2, 3, 5]);
    expect(held(receipts)).toEqual([]);
    expect(receipts.acknowledge({ tick: 3, earlier: 0b10 })).toBe(true);
    expect(held(receipts)).toEqual([1, 3]);
    receipts.noteWritten(6);
    expect(receipts.acknowledge({ tick: 6, earlier: 0b1 })).toBe(true);
    expect(held(receipts)).toEqual([1, 3, 5, 6]);
  });

  test.each([
    ['a tick to come', { tick: 6, earlier: 0 }],
    ['a tick that was left out', { tick: 4, earlier: 0 }],
    ['an earlier one that was left out', { tick: 5, earlier: 0b11 }],
    ['one before the first', { tick: 1, earlier: 0b1 }],
    ['earlier ones than none', { tick: 0, earlier: 1 }],
    ['the end of time', { tick: Number.MAX_SAFE_INTEGER, earlier: 0xffff_ffff }],
  ])('%s was never written: nothing is noted', (_, ack) => {
    const receipts = written([1, 2, 3, 5]);
    expect(receipts.acknowledge(ack)).toBe(false);
    expect(held(receipts)).toEqual([]);
  });

  test('31 ticks back are known, and 32 are passed over', () => {
    const receipts = written(upTo(40));
    expect(receipts.acknowledge({ tick: 9, earlier: 0 })).toBe(true);
    expect(held(receipts)).toEqual([9]);
    expect(receipts.acknowledge({ tick: 8, earlier: 0xffff_ffff })).toBe(true);
    expect(held(receipts)).toEqual([9]);
    expect(receipts.acknowledge({ tick: 40, earlier: 0xffff_ffff })).toBe(true);
    expect(held(receipts)).toEqual(upTo(40).slice(8));
    receipts.noteWritten(72);
    expect(held(receipts, 80)).toEqual([]);
  });

  test('a peer that has nothing of use has none of them', () => {
    const receipts = written([1, 2]);
    receipts.acknowledge({ tick: 2, earlier: 1 });
    expect(receipts.acknowledge({ tick: 0, earlier: 0 })).toBe(true);
    expect(held(receipts)).toEqual([]);
  });
});
