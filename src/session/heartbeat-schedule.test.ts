import { describe, expect, test } from 'vitest';
import { HeartbeatSchedule } from './heartbeat-schedule.ts';

function dueAt(schedule: HeartbeatSchedule, now: number): number[] {
  const slots: number[] = [];
  schedule.collectDue(now, slots);
  return slots;
}

describe('HeartbeatSchedule', () => {
  test.each([
    { now: 249, due: [] },
    { now: 250, due: [3] },
    { now: 251, due: [3] },
  ])('the first after login is due at 250 ms: $now', ({ now, due }) => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 2_000 });
    schedule.start(3, 0);
    expect(dueAt(schedule, now)).toEqual(due);
  });

  test('collecting appends and leaves what is there', () => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 2_000 });
    schedule.start(3, 0);
    const slots = [9];
    schedule.collectDue(250, slots);
    expect(slots).toEqual([9, 3]);
  });

  test('a stopped slot is never due, and starts afresh', () => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 2_000 });
    schedule.start(0, 0);
    schedule.sent(0, 10);
    schedule.stop(0);
    expect(dueAt(schedule, 5_000)).toEqual([]);
    schedule.start(0, 6_000);
    expect(schedule.lastSentAt(0)).toBeUndefined();
    expect(dueAt(schedule, 6_250)).toEqual([0]);
  });

  test('after a heartbeat out of turn the next one is a full step away', () => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 2_000 });
    schedule.start(0, 0);
    schedule.restart(0, 200);
    expect(dueAt(schedule, 449)).toEqual([]);
    expect(dueAt(schedule, 450)).toEqual([0]);
  });

  test('one that is owed is due at once, and once; the next one is a full step away', () => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 2_000 });
    schedule.start(0, 0);
    schedule.owe(0, 100);
    schedule.owe(0, 110);
    expect(dueAt(schedule, 120)).toEqual([0]);
    expect(dueAt(schedule, 349)).toEqual([]);
    expect(dueAt(schedule, 350)).toEqual([0]);
  });

  test.each([
    { now: 1_249, due: [] },
    { now: 1_250, due: [0] },
  ])('one that is owed comes not sooner than 250 ms after the last: $now', ({ now, due }) => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 10_000 });
    schedule.start(0, 0);
    for (let sentAt = 250; sentAt <= 1_000; sentAt += 250) {
      expect(dueAt(schedule, sentAt)).toEqual([0]);
      schedule.sent(0, sentAt);
    }
    schedule.owe(0, 1_001);
    expect(dueAt(schedule, now)).toEqual(due);
  });

  test('asking again and again does not put off the one that is owed', () => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 10_000 });
    schedule.start(0, 0);
    schedule.sent(0, 40);
    for (let now = 50; now < 290; now += 10) {
      schedule.owe(0, now);
      expect(dueAt(schedule, now)).toEqual(now === 250 ? [0] : []);
    }
  });

  test('the instant of the last heartbeat is kept for each slot', () => {
    const schedule = new HeartbeatSchedule({ now: 0, intervalMs: 2_000 });
    for (const slot of [0, 500]) schedule.start(slot, 0);
    expect(schedule.lastSentAt(500)).toBeUndefined();
    expect(schedule.lastSentAt(9_999)).toBeUndefined();
    schedule.sent(500, 12.5);
    schedule.sent(0, 0);
    expect([schedule.lastSentAt(0), schedule.lastSentAt(500)]).toEqual([0, 12.5]);
  });
});
