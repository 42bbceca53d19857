import { expect, test } from 'vitest';

import type { LoginAccepted, PlayerId, Roster, Snapshot } from '../../src/protocol/index.ts';
import { WayMeter } from '../../scripts/probe/way-meter.ts';

const ACCEPTED = {
  kind: 'login-accepted',
  snapshotFields: [
    { name: 'yaw', precision: 1, interpolation: 'angle' },
    { name: 'x', precision: 0.5, interpolation: 'linear' },
    { name: 'y', precision: 0.5, interpolation: 'linear' },
  ],
} as unknown as LoginAccepted;

function roster(entity: number, name: string): Roster {
  const entered = [{ entity, playerId: name as PlayerId }];
  return { kind: 'roster', entered, left: [], isComplete: false };
}

function snapshot(tick: number, x: number, y: number): Snapshot {
  return { kind: 'snapshot', tick, players: [{ entity: 3, fields: [0, x, y] }] };
}

test('a way is the sum of the steps of the ticks that were asked for, in metres', () => {
  const meter = new WayMeter();
  meter.handleMessage(ACCEPTED);
  meter.handleMessage(roster(3, 'eve'));
  meter.handleMessage(snapshot(10, 0, 0));
  meter.handleMessage(snapshot(11, 100, 0));
  meter.begin(2);
  expect(meter.metresOf('eve')).toBe(0);
  meter.handleMessage(snapshot(12, 103, 4));
  expect([meter.metresOf('eve'), meter.isDone]).toEqual([2.5, false]);
  meter.handleMessage(snapshot(13, 103, 0));
  expect([meter.metresOf('eve'), meter.isDone]).toEqual([4.5, true]);
  meter.handleMessage(snapshot(14, 0, 0));
  expect(meter.metresOf('eve')).toBe(4.5);
  expect(meter.metresOf('nobody')).toBe(0);
});
