import { describe, expect, test } from 'vitest';

import type { SessionsResult } from '../sessions-bench.ts';
import { resultsPage } from './results-page.ts';

const SESSIONS: SessionsResult = {
  bench: 'sessions',
  rows: [
    {
      sessions: 1_000,
      activityNs: 9.74,
      evaluateNs: 1_500,
      bytesPerSession: 400,
      timerRefreshNs: 50,
      lazyWheelNs: 5,
      ratioToTimerRefresh: 0.2,
      ratioToLazyWheel: 2,
    },
  ],
  goals: [
    { name: 'bytesPerSession', goal: '≤ 500', value: 400, met: true },
    { name: 'unmeasured', goal: '≤ 1', value: Number.NaN, met: null },
  ],
  machine: {
    cpu: 'a processor',
    cores: 2,
    memoryGb: 8,
    kernel: '6',
    node: 'v20',
    date: '2026-01-01',
    commit: 'abc',
  },
  settings: {},
};

describe('resultsPage', () => {
  const page = resultsPage([{ name: 'sessions', result: SESSIONS, pictures: ['a.svg'] }]);

  test('has a table of what was measured, the machine and the pictures', () => {
    expect(page).toContain('| 1000 | 9.7 | 1.5 | 400 | 50.0 | 5.0 |');
    expect(page).toContain('2026-01-01, 2 × a processor');
    expect(page).toContain('![sessions](a.svg)');
  });

  test('names bars that were met and leaves out what was not measured', () => {
    expect(page).toContain('| bytesPerSession | ≤ 500 | 400 | met |');
    expect(page).not.toContain('unmeasured');
  });
});
