/** The snapshots that are kept. */
import { describe, expect, test } from 'vitest';

import { SnapshotBuffer } from './snapshot-buffer.ts';

function createBuffer(...ticks: readonly number[]): SnapshotBuffer {
  const buffer = new SnapshotBuffer();
  for (const tick of ticks) buffer.add({ kind: 'snapshot', tick, players: [] });
  return buffer;
}

function ticksAround(buffer: SnapshotBuffer, tick: number) {
  const pair = buffer.around(tick);
  return pair === undefined ? undefined : [pair.earlier.tick, pair.later?.tick];
}

describe('snapshot buffer', () => {
  test('finds the pair around a tick, the ends included', () => {
    const buffer = createBuffer(5, 7, 8);
    expect(ticksAround(buffer, 4.9)).toEqual([5, undefined]);
    expect(ticksAround(buffer, 5)).toEqual([5, 7]);
    expect(ticksAround(buffer, 6.9)).toEqual([5, 7]);
    expect(ticksAround(buffer, 7)).toEqual([7, 8]);
    expect(ticksAround(buffer, 99)).toEqual([8, undefined]);
    expect(ticksAround(createBuffer(), 5)).toBeUndefined();
  });

  test('takes the snapshot of tick 0 first, and nothing that is no newer', () => {
    const buffer = createBuffer(0);
    expect(ticksAround(buffer, 0)).toEqual([0, undefined]);
    expect(buffer.add({ kind: 'snapshot', tick: 0, players: [] })).toBe(false);
    expect(buffer.newestTick).toBe(0);
  });

  test('forgets what lies wholly before a tick, never the newest two', () => {
    const buffer = createBuffer(5, 6, 7, 8);
    buffer.forgetBefore(6.5);
    expect(ticksAround(buffer, 0)).toEqual([6, undefined]);
    buffer.forgetBefore(99);
    expect(ticksAround(buffer, 0)).toEqual([7, undefined]);
    expect(buffer.around(99)?.previous?.tick).toBe(7);
  });

  test('knows the one before the earlier, unless it is the first', () => {
    const buffer = createBuffer(5, 7, 8);
    expect(buffer.around(7.5)?.previous?.tick).toBe(5);
    expect(buffer.around(99)?.previous?.tick).toBe(7);
    expect(buffer.around(6)?.previous).toBeUndefined();
  });

  test('keeps 128 snapshots and forgets the oldest of one more', () => {
    const ticks = Array.from({ length: 128 }, (_, index) => index + 1);
    const buffer = createBuffer(...ticks);
    expect(ticksAround(buffer, 1)).toEqual([1, 2]);
    buffer.add({ kind: 'snapshot', tick: 129, players: [] });
    expect(ticksAround(buffer, 1)).toEqual([2, undefined]);
  });
});
