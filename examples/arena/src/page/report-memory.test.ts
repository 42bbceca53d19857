import { beforeEach, describe, expect, test } from 'vitest';
import type {
  ReportedMove,
  ReportedServer,
  ReportedSession,
  SessionReport,
} from '../shared/session-report.ts';
import { ReportMemory } from './report-memory.ts';
import type { KeptMemory } from './report-memory.ts';
import type { ShownReport } from './shown-report.ts';

const WINDOW_MS = 60_000;
const FIRST: ReportedServer = { pid: 1, outage: null };

let memory: ReportMemory;

beforeEach(() => {
  memory = new ReportMemory();
});

function move(at: number, to: ReportedMove['to'], cause = 'login-succeeded'): ReportedMove {
  return { at, to, cause, epoch: 1 };
}

function sessionOf(
  playerId: string | null,
  timeline: readonly ReportedMove[],
  sessionId?: string,
): ReportedSession {
  const last = timeline.at(-1) ?? move(0, 'transport-connected');
  return {
    sessionId: sessionId ?? `session-of-${playerId}-${last.at}`,
    peerId: 'peer',
    playerId,
    name: playerId,
    state: last.to,
    cause: last.cause,
    epoch: 1,
    enteredAt: last.at,
    deadline: null,
    roundTripTimeMs: null,
    verdicts: null,
    recentVerdicts: [],
    timeline,
  };
}

function reportAt(
  at: number,
  server: ReportedServer,
  sessions: readonly ReportedSession[],
): SessionReport {
  return { server, at, windowMs: WINDOW_MS, sessions };
}

function lives(report: ShownReport): [string, number, string][][] {
  return report.sessions.map(({ timeline }) =>
    timeline.map(({ to, at, cause }) => [to, at, cause]),
  );
}

describe('the memory of reports', () => {
  test('leaves the reports of one process as they are', () => {
    const report = reportAt(5_000, FIRST, [sessionOf('ada', [move(1_000, 'logged-in')])]);
    expect(memory.extend(report, 100)).toEqual(report);
    const later = reportAt(6_000, FIRST, [sessionOf('ada', [move(1_000, 'logged-in')])]);
    expect(memory.extend(later, 1_100)).toEqual(later);
  });

  test('puts the life before the death, and the gap, in front of who is back', () => {
    // The first process began at −4,900 of the page's clock, the second one at 600.
    memory.extend(reportAt(5_000, FIRST, [sessionOf('ada', [move(1_000, 'logged-in')])]), 100);
    const second = { pid: 2, outage: { from: -120, until: 180, how: 'SIGKILL' } };
    const back = sessionOf('ada', [move(300, 'logged-in')]);
    const shown = memory.extend(reportAt(400, second, [back]), 1_000);
    expect(lives(shown)).toEqual([
      [
        ['logged-in', -4_500, 'login-succeeded'],
        ['no-server', -120, 'SIGKILL'],
        ['logged-in', 300, 'login-succeeded'],
      ],
    ]);
    const again = memory.extend(reportAt(900, second, [back]), 1_500);
    expect(lives(again)).toEqual(lives(shown));
  });

  test('goes on with a session that was kept, also after an orderly stop has removed it', () => {
    const stopped = [move(1_000, 'logged-in'), move(4_800, 'disconnected', 'draining')];
    const ada = sessionOf('ada', stopped, 'kept');
    memory.extend(reportAt(5_000, FIRST, [ada]), 100);
    const second = { pid: 2, outage: { from: -120, until: 180, how: 'restart' } };
    const back = [move(180, 'reconnecting', 'server-restarted'), move(300, 'logged-in', 'resumed')];
    const shown = memory.extend(reportAt(400, second, [sessionOf('ada', back, 'kept')]), 1_000);
    expect(lives(shown)).toEqual([
      [
        ['logged-in', -4_500, 'login-succeeded'],
        ['no-server', -120, 'restart'],
        ['reconnecting', 180, 'server-restarted'],
        ['logged-in', 300, 'resumed'],
      ],
    ]);
  });

  test('prefers the session itself to another one of the same player', () => {
    const kept = sessionOf('ada', [move(1_000, 'logged-in')], 'kept');
    memory.extend(reportAt(5_000, FIRST, [kept]), 100);
    const second = { pid: 2, outage: null };
    const other = sessionOf('ada', [move(250, 'logged-in')], 'other');
    const same = sessionOf('ada', [move(300, 'reconnecting')], 'kept');
    const shown = memory.extend(reportAt(400, second, [other, same]), 1_000);
    expect(shown.sessions.map(({ timeline }) => timeline.length)).toEqual([1, 3]);
  });

  test('says of a remembered move which process told it, of others nothing', () => {
    const ada = sessionOf('ada', [move(1_000, 'logged-in')]);
    memory.extend(reportAt(5_000, FIRST, [ada]), 0);
    const outage = { from: -100, until: 100, how: 'SIGKILL' };
    memory.extend(reportAt(1_000, { pid: 2, outage }, [ada]), 10_000);
    const third = memory.extend(reportAt(1_000, { pid: 3, outage }, [ada]), 20_000);
    const tellers = third.sessions[0]?.timeline.map(({ toldBy }) => toldBy);
    expect(tellers).toEqual([1, 2, 2, undefined, undefined]);
  });

  test('is the same after a reload of the page', () => {
    const ada = sessionOf('ada', [move(1_000, 'logged-in')]);
    memory.extend(reportAt(5_000, FIRST, [ada]), 0);
    const second = { pid: 2, outage: { from: -100, until: 100, how: 'SIGKILL' } };
    const before = memory.extend(reportAt(1_000, second, [ada]), 10_000);
    const reloaded = new ReportMemory(JSON.parse(JSON.stringify(memory.kept)) as KeptMemory);
    expect(reloaded.extend(reportAt(1_000, second, [ada]), 10_000)).toEqual(before);
    const third = { ...second, pid: 3 };
    expect(reloaded.extend(reportAt(1_000, third, [ada]), 20_000)).toEqual(
      memory.extend(reportAt(1_000, third, [ada]), 20_000),
    );
  });

  test('shows nobody who is not back, and gives nobody the life of another', () => {
    memory.extend(reportAt(5_000, FIRST, [sessionOf('ada', [move(1_000, 'logged-in')])]), 100);
    const second = { pid: 2, outage: { from: -120, until: 180, how: 'SIGKILL' } };
    const others = [
      sessionOf(null, [move(200, 'transport-connected')]),
      sessionOf('bob', [move(300, 'logged-in')]),
    ];
    expect(memory.extend(reportAt(400, second, others), 1_000).sessions).toEqual(others);
  });

  test('joins the earlier life to one session only', () => {
    memory.extend(reportAt(5_000, FIRST, [sessionOf('ada', [move(1_000, 'logged-in')])]), 100);
    const second = { pid: 2, outage: { from: -120, until: 180, how: 'SIGKILL' } };
    const twice = [
      sessionOf('ada', [move(250, 'disconnected', 'left')]),
      sessionOf('ada', [move(300, 'logged-in')]),
    ];
    const shown = memory.extend(reportAt(400, second, twice), 1_000);
    expect(shown.sessions.map(({ timeline }) => timeline.length)).toEqual([3, 1]);
  });

  test('forgets who had ended before the death', () => {
    const left = sessionOf('ada', [move(1_000, 'logged-in'), move(2_000, 'disconnected', 'left')]);
    memory.extend(reportAt(5_000, FIRST, [left]), 100);
    const second = { pid: 2, outage: null };
    const back = [sessionOf('ada', [move(300, 'logged-in')])];
    expect(memory.extend(reportAt(400, second, back), 1_000).sessions).toEqual(back);
  });

  test('begins the gap at the last report when the server does not say how it came', () => {
    memory.extend(reportAt(5_000, FIRST, [sessionOf('ada', [move(1_000, 'logged-in')])]), 100);
    const back = sessionOf('ada', [move(300, 'logged-in')]);
    const shown = memory.extend(reportAt(400, { pid: 2, outage: null }, [back]), 1_000);
    expect(lives(shown)[0]?.[1]).toEqual(['no-server', -500, 'another process']);
  });

  test('carries a life across several deaths, as far as the window reaches', () => {
    const ada = sessionOf('ada', [move(1_000, 'logged-in')]);
    memory.extend(reportAt(5_000, FIRST, [ada]), 0);
    const outage = { from: -100, until: 100, how: 'SIGKILL' };
    memory.extend(reportAt(1_000, { pid: 2, outage }, [ada]), 10_000);
    const third = memory.extend(reportAt(1_000, { pid: 3, outage }, [ada]), 20_000);
    const states = lives(third)[0]?.map(([to]) => to);
    expect(states).toEqual(['logged-in', 'no-server', 'logged-in', 'no-server', 'logged-in']);
    const last = memory.extend(reportAt(1_000, { pid: 4, outage }, [ada]), 90_000);
    // What was in force when the window began, and what came later.
    expect(lives(last)[0]?.map(([to]) => to)).toEqual(['logged-in', 'no-server', 'logged-in']);
  });
});
