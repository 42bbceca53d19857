import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

import { createProcessTable } from './lmdb-process-table.ts';

const table = createProcessTable();
const { ours } = table;
/** The parent of every process lives, and is not ours. */
const OTHER_PID = 1;

describe.runIf(process.platform === 'linux')('the process table of Linux', () => {
  test('describes us in full', () => {
    expect(ours).toEqual({
      pid: process.pid,
      startTime: expect.stringMatching(/^\d+$/),
      bootId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      pidNamespace: expect.stringMatching(/^pid:\[\d+\]$/),
    });
  });

  test('knows us, and a process with our pid that was started at another time', () => {
    expect(table.stateOf(ours)).toBe('alive');
    expect(table.stateOf({ ...ours, startTime: '1' })).toBe('dead');
  });

  test('knows that nobody outlives a boot', () => {
    expect(table.stateOf({ ...ours, bootId: 'another' })).toBe('dead');
  });

  test('knows that a pid is in use by nobody', () => {
    const { pid } = spawnSync('true');
    expect(table.stateOf({ ...ours, pid })).toBe('dead');
  });

  test('doesn’t know who lives in another container', () => {
    expect(table.stateOf({ ...ours, pidNamespace: 'pid:[1]' })).toBe('unknown');
  });
});

describe('a process table', () => {
  test('without start times knows a pid in use only if it is ours', () => {
    const withoutTime = { ...ours, startTime: undefined };
    expect(table.stateOf(withoutTime)).toBe('alive');
    expect(table.stateOf({ ...withoutTime, pid: OTHER_PID })).toBe('unknown');
  });
});
