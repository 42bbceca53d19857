import { describe, expect, test } from 'vitest';
import { SnapshotLog } from './snapshot-log.ts';

function ackOf(...ticks: readonly number[]) {
  const log = new SnapshotLog();
  for (const tick of ticks) log.note(tick);
  const { tick, earlier } = log.ack;
  return [tick, earlier];
}

describe('SnapshotLog', () => {
  test('names the newest, and before it those that have come', () => {
    expect(ackOf(7)).toEqual([7, 0]);
    expect(ackOf(7, 8)).toEqual([8, 0b1]);
    expect(ackOf(5, 7, 8)).toEqual([8, 0b101]);
  });

  test('one that comes late, or twice, is named once', () => {
    expect(ackOf(5, 8, 7)).toEqual([8, 0b101]);
    expect(ackOf(8, 8)).toEqual([8, 0]);
    expect(ackOf(5, 8, 5)).toEqual([8, 0b100]);
  });

  test('32 before the newest have room, and one more is forgotten', () => {
    expect(ackOf(1, 33)).toEqual([33, 2 ** 31]);
    expect(ackOf(1, 34)).toEqual([34, 0]);
    expect(ackOf(34, 1)).toEqual([34, 0]);
  });
});
