import { expect, test } from 'vitest';
import { FakeStorage } from '../../../../test/support/fake-page.ts';
import type { ReportedSession, SessionReport } from '../shared/session-report.ts';
import { ReportMemory } from './report-memory.ts';
import { keepMemory, recallMemory } from './report-storage.ts';

const ADA: ReportedSession = {
  sessionId: 'kept',
  peerId: 'peer',
  playerId: 'ada',
  name: 'Ada',
  state: 'logged-in',
  cause: 'login-succeeded',
  epoch: 1,
  enteredAt: 0,
  deadline: null,
  roundTripTimeMs: null,
  verdicts: null,
  recentVerdicts: [],
  timeline: [{ at: 0, to: 'logged-in', cause: 'login-succeeded', epoch: 1 }],
};

function reportOf(pid: number): SessionReport {
  return { server: { pid, outage: null }, at: 1_000, windowMs: 60_000, sessions: [ADA] };
}

/** How many moves a page shows that a second process tells of at `now`. */
function movesShownAt(storage: FakeStorage, now: number): number | undefined {
  return recallMemory(storage, now).extend(reportOf(2), now).sessions[0]?.timeline.length;
}

function keptAt(now: number): FakeStorage {
  const storage = new FakeStorage();
  const memory = new ReportMemory();
  memory.extend(reportOf(1), now);
  keepMemory(storage, memory);
  return storage;
}

test('what was told before a reload is known after it', () => {
  expect(movesShownAt(keptAt(5_000), 6_000)).toBe(3);
});

test('what is older than any timeline is forgotten', () => {
  expect(movesShownAt(keptAt(5_000), 65_000)).toBe(3);
  expect(movesShownAt(keptAt(5_000), 65_001)).toBe(1);
});

test('what was kept is taken once, so that no copy of the tab grows old with it', () => {
  const storage = keptAt(5_000);
  recallMemory(storage, 5_000);
  expect(movesShownAt(storage, 6_000)).toBe(1);
});

test('a storage that takes nothing costs the past, not the page', () => {
  const storage = new FakeStorage();
  storage.setItem = () => {
    throw new Error('full');
  };
  const memory = new ReportMemory();
  memory.extend(reportOf(1), 5_000);
  keepMemory(storage, memory);
  expect(movesShownAt(storage, 6_000)).toBe(1);
});
