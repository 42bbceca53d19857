import { beforeEach, describe, expect, test } from 'vitest';
import type { PeerId, PlayerId, SessionId, WorldId } from 'holdfast/protocol';
import { MultiSessionManager } from 'holdfast/session';
import type { ArenaHost } from './arena-host.ts';
import type { GuestData } from './guests.ts';
import { SessionReporter } from './session-reporter.ts';

const WINDOW_MS = 60_000;
const NOTHING_REJECTED = { accepted: 3, clamped: 0, stale: 1, duplicate: 0, rejected: 0 };

const SERVER = { pid: 7, outage: { from: -20, until: 160, how: 'SIGKILL' } };

let now: number;
let sessions: MultiSessionManager<GuestData>;
let reporter: SessionReporter;

beforeEach(() => {
  now = 1_000;
  let created = 0;
  sessions = new MultiSessionManager<GuestData>({
    clock: { now: () => now },
    createSessionId: () => `session-${(created += 1)}` as SessionId,
    historyEventsMax: 12,
  });
  const host = {
    sessions,
    inspect: () => ({
      verdicts: {
        counts: NOTHING_REJECTED,
        recent: [{ input: 'shoot-input', inputTick: 7, outcome: 'rejected', code: 'cooldown' }],
      },
    }),
  };
  reporter = new SessionReporter(host as unknown as ArenaHost, {
    now: () => now,
    describeServer: () => SERVER,
  });
});

function connect(peerId: string) {
  const session = sessions.observeTransportActivity(peerId as PeerId);
  if (session === undefined) throw new Error('no session');
  return session;
}

function logIn(peerId: string, name: string) {
  const session = connect(peerId);
  const attempt = sessions.notifyLoginStarted(session) ?? 0;
  const playerId = `player-of-${name}` as PlayerId;
  const worldId = 'arena' as WorldId;
  const handle = sessions.notifyLoginSucceeded(session, {
    attempt,
    playerId,
    worldId,
    data: { name },
  });
  if (handle === undefined) throw new Error('no login');
  return handle;
}

describe('the session report', () => {
  test('says which process it comes from, and how the one before ended', () => {
    expect(reporter.report().server).toEqual(SERVER);
  });

  test('shows a session that nobody has proven yet', () => {
    connect('peer-1');
    expect(reporter.report().sessions).toMatchObject([
      { peerId: 'peer-1', playerId: null, name: null, state: 'transport-connected', epoch: 0 },
    ]);
  });

  test('shows player, name, verdicts and the whole timeline of one who plays', () => {
    logIn('peer-1', 'Ada');
    const [session] = reporter.report().sessions;
    expect(session).toMatchObject({
      name: 'Ada',
      playerId: 'player-of-Ada',
      state: 'logged-in',
      epoch: 1,
      verdicts: NOTHING_REJECTED,
      recentVerdicts: ['shoot-input rejected cooldown'],
    });
    expect(session?.timeline.map(({ to, cause }) => [to, cause])).toEqual([
      ['transport-connected', 'transport-activity'],
      ['login-pending', 'login-started'],
      ['logged-in', 'login-succeeded'],
    ]);
  });

  test('keeps a removed session with its name for ten seconds', () => {
    const session = logIn('peer-1', 'Ada');
    sessions.notifyLeft(session);
    now += 10_000;
    expect(reporter.report().sessions).toMatchObject([
      { name: 'Ada', state: 'disconnected', cause: 'left', deadline: null },
    ]);
    now += 1;
    expect(reporter.report().sessions).toEqual([]);
  });

  test('begins a timeline with the state that was in force when the window began', () => {
    logIn('peer-1', 'Ada');
    now += WINDOW_MS + 1;
    const [session] = reporter.report().sessions;
    expect(session?.timeline.map(({ to }) => to)).toEqual(['logged-in']);
  });

  test('shows the present state of a session whose moves the history has forgotten', () => {
    logIn('peer-1', 'Ada');
    for (let count = 0; count < 12; count += 1) connect(`passer-by-${count}`);
    const [session] = reporter.report().sessions;
    expect(session?.timeline).toEqual([
      { at: 1_000, to: 'logged-in', cause: 'login-succeeded', epoch: 1 },
    ]);
  });

  test('is made once for all who ask within 200 ms', () => {
    connect('peer-1');
    const first = reporter.reportText();
    connect('peer-2');
    now += 200;
    expect(reporter.reportText()).toBe(first);
    now += 1;
    expect(JSON.parse(reporter.reportText()).sessions).toHaveLength(2);
  });
});
