import { describe, expect, test } from 'vitest';
import { ACCEPTED, CLAMPED, STALE, rejected } from '../authority/verdict.ts';
import { VerdictRecord } from './verdict-record.ts';

const MOVE = { kind: 'move-input', tick: 7, directionX: 0, directionY: 0, yaw: 0 } as const;
const SHOT = {
  kind: 'shoot-input',
  tick: 9,
  targetPlayerId: undefined,
  directionX: 1,
  directionY: 0,
  viewTick: 0,
} as const;

describe('VerdictRecord', () => {
  test('counts every verdict and lists what was not plainly accepted', () => {
    const record = new VerdictRecord();
    for (const verdict of [ACCEPTED, CLAMPED, STALE, rejected('cooldown')]) {
      record.note(MOVE, verdict);
    }
    const { counts, rejectedByCode, recent } = record.summary();
    expect(counts).toEqual({ accepted: 1, clamped: 1, stale: 1, duplicate: 0, rejected: 1 });
    expect(rejectedByCode).toEqual({ cooldown: 1 });
    expect(recent.map(({ outcome }) => outcome)).toEqual(['clamped', 'stale', 'rejected']);
  });

  test('a report lists sixteen entries and counts the seventeenth', () => {
    const record = new VerdictRecord();
    for (let count = 0; count < 17; count += 1) record.note(MOVE, STALE);
    const report = record.takeReport(30);
    expect(report?.entries).toHaveLength(16);
    expect(report?.omitted).toBe(1);
    expect(record.takeReport(31)).toBeUndefined();
  });

  test('shots are recorded and left out of the report', () => {
    const record = new VerdictRecord();
    record.note(SHOT, rejected('out-of-range'));
    expect(record.hasReport).toBe(false);
    expect(record.summary().recent[0]).toEqual({
      input: 'shoot-input',
      inputTick: 9,
      outcome: 'rejected',
      code: 'out-of-range',
    });
  });

  test('keeps the newest eight, and at most 64 kinds of codes', () => {
    const record = new VerdictRecord();
    for (let count = 0; count < 100; count += 1) record.note(MOVE, rejected(`code-${count}`));
    const { rejectedByCode, recent } = record.summary();
    expect(recent).toHaveLength(8);
    expect(recent.at(-1)?.code).toBe('code-99');
    expect(Object.keys(rejectedByCode)).toHaveLength(65);
    expect(rejectedByCode['other']).toBe(36);
  });
});
