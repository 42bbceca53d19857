import { describe, expect, test } from 'vitest';
import { AssertionFailure } from './assert.ts';
import { TimingWheel } from './timing-wheel.ts';

function due(wheel: TimingWheel, now: number): number[] {
  const entries: number[] = [];
  wheel.collectDue(now, entries);
  return entries.toSorted((one, other) => one - other);
}

describe('TimingWheel', () => {
  test('an entry comes due once', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(0, 100);
    expect(due(wheel, 100)).toEqual([0]);
    expect(wheel.isArmed(0)).toBe(false);
    expect(due(wheel, 200)).toEqual([]);
  });

  test('an entry that was disarmed never comes due', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(0, 100);
    wheel.disarm(0);
    wheel.disarm(0);
    wheel.disarm(7_000);
    expect(due(wheel, 1_000)).toEqual([]);
  });

  test('a deadline that moves later is not due at the old instant', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(0, 100);
    wheel.arm(0, 300);
    expect(due(wheel, 100)).toEqual([]);
    expect(due(wheel, 299)).toEqual([]);
    expect(due(wheel, 300)).toEqual([0]);
  });

  test('a deadline that moves earlier is due at the new instant', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(0, 30_000);
    wheel.arm(0, 100);
    expect(due(wheel, 100)).toEqual([0]);
    expect(due(wheel, 30_000)).toEqual([]);
  });

  test('a deadline that moves later and back again is due at the last instant named', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(0, 100);
    wheel.arm(0, 5_000);
    wheel.arm(0, 110);
    expect(due(wheel, 109)).toEqual([]);
    expect(due(wheel, 110)).toEqual([0]);
  });

  test('a deadline in the past is due at the next call', () => {
    const wheel = new TimingWheel({ now: 50_000 });
    wheel.arm(0, 10);
    wheel.arm(1, -Infinity);
    expect(due(wheel, 50_000)).toEqual([0, 1]);
  });

  test('a deadline of Infinity disarms', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(0, 100);
    wheel.arm(0, Infinity);
    expect(wheel.deadlineOf(0)).toBe(Infinity);
    expect(due(wheel, 1e12)).toEqual([]);
  });

  test('deadlineOf names the deadline that was written last', () => {
    const wheel = new TimingWheel({ now: 0 });
    expect(wheel.deadlineOf(3)).toBe(Infinity);
    wheel.arm(3, 100);
    wheel.arm(3, 250.5);
    expect(wheel.deadlineOf(3)).toBe(250.5);
  });

  test('a gap of many rotations delivers everything that is due and nothing else', () => {
    const wheel = new TimingWheel({ now: 0, bucketMs: 16, bucketCount: 8 });
    for (let entry = 0; entry < 200; entry += 1) wheel.arm(entry, entry * 10);
    wheel.arm(200, 1e9);
    expect(due(wheel, 1_500)).toEqual(Array.from({ length: 151 }, (_, entry) => entry));
    expect(due(wheel, 1e9 - 1)).toEqual(Array.from({ length: 49 }, (_, entry) => entry + 151));
    expect(due(wheel, 1e9)).toEqual([200]);
  });

  test('an entry can be armed again while the due ones are handled', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(0, 100);
    expect(due(wheel, 100)).toEqual([0]);
    wheel.arm(0, 100);
    expect(due(wheel, 100)).toEqual([0]);
  });

  test('columns grow with the largest entry and keep what they hold', () => {
    const wheel = new TimingWheel({ now: 0 });
    wheel.arm(1, 40);
    wheel.arm(5_000, 40);
    expect(due(wheel, 39)).toEqual([]);
    expect(due(wheel, 40)).toEqual([1, 5_000]);
  });

  test('time that does not advance delivers what has become due', () => {
    const wheel = new TimingWheel({ now: 1_000 });
    expect(due(wheel, 1_000)).toEqual([]);
    wheel.arm(0, 1_000);
    expect(due(wheel, 1_000)).toEqual([0]);
  });

  test('a deadline that is no number is our bug', () => {
    const wheel = new TimingWheel({ now: 0 });
    expect(() => wheel.arm(0, Number.NaN)).toThrow(AssertionFailure);
  });

  test.each([0, 3, -8, 1.5])('a wheel of %s buckets is our bug', (bucketCount) => {
    expect(() => new TimingWheel({ now: 0, bucketCount })).toThrow(AssertionFailure);
  });

  test.each([0, -1, Infinity, Number.NaN])('buckets of %s ms are our bug', (bucketMs) => {
    expect(() => new TimingWheel({ now: 0, bucketMs })).toThrow(AssertionFailure);
  });
});
