import { describe, expect, test } from 'vitest';
import { SessionScenario } from '../../test/support/session-scenario.ts';
import type { Handle } from '../../test/support/session-scenario.ts';
import type { PlayerId } from '../protocol/ids.ts';

const ANNA = 'anna' as PlayerId;

/** The state from which anna's first session is taken over. */
function bring(scenario: SessionScenario, state: 'logged-in' | 'timed-out' | 'reconnecting') {
  const session = scenario.logIn('phone', { playerId: 'anna', data: 'red' });
  if (state === 'reconnecting') scenario.sessions.notifyTransportLost(session);
  if (state === 'timed-out') scenario.pass(10_000);
  expect(session.state).toBe(state);
  return session;
}

describe('MultiSessionManager: takeover by a fresh login (L18)', () => {
  test.each(['logged-in', 'timed-out', 'reconnecting'] as const)(
    'a login of a player who is %s moves the session to the newcomer’s connection',
    (state) => {
      const scenario = new SessionScenario();
      const older = bring(scenario, state);
      const handle = scenario.logIn('laptop', { playerId: 'anna', data: 'blue' });
      expect(handle).toMatchObject({
        sessionId: older.sessionId,
        peerId: 'laptop',
        playerId: 'anna',
        worldId: 'arena',
        state: 'logged-in',
        epoch: 2,
        data: 'blue',
        lastCause: 'taken-over',
        enteredAt: scenario.clock.ms,
        lastLivenessAt: scenario.clock.ms,
        isAlive: true,
        roundTripTimeMs: undefined,
        roundTripTimeMsMax: undefined,
      });
      expect(scenario.sessions.size).toBe(1);
    },
  );

  test('the move is told first, then the end of the provisional session', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    const { session: newcomer, attempt } = scenario.startLogin('laptop');
    const handle = scenario.sessions.notifyLoginSucceeded(newcomer, {
      attempt,
      playerId: ANNA,
      worldId: older.worldId!,
      data: 'blue',
    });
    const [taken, merged] = scenario.events.slice(-2);
    expect(taken?.session).toBe(handle);
    expect(taken).toMatchObject({
      from: 'logged-in',
      to: 'logged-in',
      cause: 'taken-over',
      epoch: 2,
      previousPeerId: 'phone',
    });
    expect(merged?.session).toBe(newcomer);
    expect(merged).toMatchObject({
      from: 'login-pending',
      to: 'disconnected',
      cause: 'merged',
      mergedInto: older.sessionId,
    });
    expect(taken).not.toHaveProperty('mergedInto');
    expect(merged).not.toHaveProperty('previousPeerId');
  });

  test('look-ups find the new handle, and nothing under the old connection', () => {
    const scenario = new SessionScenario();
    bring(scenario, 'logged-in');
    const handle = scenario.logIn('laptop', { playerId: 'anna' });
    expect(scenario.get('phone')).toBeUndefined();
    expect(scenario.get('laptop')).toBe(handle);
    expect(scenario.sessions.getByPlayer(ANNA)).toBe(handle);
    expect([...scenario.sessions]).toEqual([handle]);
  });

  test('a late close and late bytes of the replaced connection touch nothing', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    const handle = scenario.logIn('laptop', { playerId: 'anna' });
    scenario.clock.ms += 100;
    expect(older.isAlive).toBe(false);
    expect(older.state).toBe('disconnected');
    expect(scenario.sessions.notifyInboundActivity(older)).toBe(false);
    expect(scenario.sessions.notifyTransportLost(older)).toBe(false);
    expect(handle).toMatchObject({ state: 'logged-in', lastLivenessAt: 1_000 });
    expect(scenario.sessions.counters['dead-handle']).toBe(2);
  });

  test('the handle of the newcomer’s provisional session is dead as well', () => {
    const scenario = new SessionScenario();
    bring(scenario, 'logged-in');
    const { session: newcomer, attempt } = scenario.startLogin('laptop');
    const wish = { attempt, playerId: ANNA, data: 'x' };
    const handle = scenario.sessions.notifyLoginSucceeded(newcomer, {
      ...wish,
      worldId: 'arena' as Handle['worldId'] & string,
    });
    expect(newcomer.isAlive).toBe(false);
    expect(scenario.sessions.notifyLeft(newcomer)).toBe(false);
    expect(handle?.state).toBe('logged-in');
  });

  test('the timeline of the session goes on, that of the newcomer ends', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'reconnecting');
    const handle = scenario.logIn('laptop', { playerId: 'anna' });
    const moves = scenario.sessions
      .timeline(handle)
      .map(({ peerId, from, to }) => `${peerId}: ${from} → ${to}`);
    expect(moves).toEqual([
      'phone: disconnected → transport-connected',
      'phone: transport-connected → login-pending',
      'phone: login-pending → logged-in',
      'phone: logged-in → reconnecting',
      'laptop: reconnecting → logged-in',
    ]);
    expect(scenario.sessions.timeline(older.sessionId)).toHaveLength(5);
    const provisional = scenario.events.at(-1)!.session;
    expect(scenario.sessions.timeline(provisional).at(-1)).toMatchObject({ cause: 'merged' });
  });

  test('the session keeps its place in the order of creation', () => {
    const scenario = new SessionScenario();
    bring(scenario, 'logged-in');
    scenario.logIn('bert');
    scenario.logIn('laptop', { playerId: 'anna' });
    expect([...scenario.sessions].map(({ playerId }) => playerId)).toEqual(['anna', 'bert']);
  });

  test('deadlines and heartbeats of the session go on under the new handle', () => {
    const scenario = new SessionScenario();
    bring(scenario, 'reconnecting');
    scenario.pass(20_000);
    const handle = scenario.logIn('laptop', { playerId: 'anna' });
    scenario.clock.ms += 250;
    expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([handle]);
    scenario.pass(9_700);
    expect(handle.state).toBe('logged-in');
    scenario.pass(50);
    expect(handle.state).toBe('timed-out');
  });

  test('each takeover counts the epoch of the same session', () => {
    const scenario = new SessionScenario();
    for (const peer of ['one', 'two', 'three']) scenario.logIn(peer, { playerId: 'anna' });
    expect(scenario.sessions.getByPlayer(ANNA)).toMatchObject({
      epoch: 3,
      sessionId: 'session-1',
    });
    expect(scenario.sessions.counters['session-taken-over']).toBe(2);
  });

  test('into another world the old session is superseded and a new one begins', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    const newcomer = scenario.logIn('laptop', { playerId: 'anna', worldId: 'meadow' });
    expect(scenario.lastMoves(2)).toEqual([
      'logged-in → disconnected: superseded',
      'login-pending → logged-in: login-succeeded',
    ]);
    expect(newcomer).toMatchObject({ sessionId: 'session-2', epoch: 1, worldId: 'meadow' });
    expect(older.isAlive).toBe(false);
    expect(scenario.get('phone')).toBeUndefined();
    expect(scenario.sessions.getByPlayer(ANNA)).toBe(newcomer);
    expect(scenario.sessions.size).toBe(1);
  });

  test('an answer for an attempt that is not pending takes nothing over', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    const { session: newcomer } = scenario.startLogin('laptop');
    const late = { attempt: 9, playerId: ANNA, worldId: older.worldId!, data: 'x' };
    expect(scenario.sessions.notifyLoginSucceeded(newcomer, late)).toBeUndefined();
    expect(older).toMatchObject({ state: 'logged-in', isAlive: true, epoch: 1, data: 'red' });
    expect(newcomer.state).toBe('login-pending');
  });

  test('an iteration that takes over on its way sees each session once', () => {
    const scenario = new SessionScenario();
    for (const peer of ['anna', 'bert', 'carl']) scenario.logIn(peer);
    const seen: unknown[] = [];
    for (const session of scenario.sessions) {
      seen.push(session.playerId);
      if (session.peerId === ('bert' as string)) scenario.logIn('tablet', { playerId: 'anna' });
    }
    expect(seen).toEqual(['anna', 'bert', 'carl']);
  });
});

describe("MultiSessionManager: takeover: 'reject' (L18)", () => {
  const REJECT = { takeover: 'reject', stallMsMax: 1_000_000 } as const;

  /** Proves the newcomer to be anna. */
  function tryLogin(scenario: SessionScenario, peer: string, worldId = 'arena') {
    const { session, attempt } = scenario.startLogin(peer);
    const handle = scenario.sessions.notifyLoginSucceeded(session, {
      attempt,
      playerId: ANNA,
      worldId: worldId as NonNullable<Handle['worldId']>,
      data: 'blue',
    });
    return { newcomer: session, handle };
  }

  test.each(['arena', 'meadow'])('who is in keeps the seat, also from a login into %s', (world) => {
    const scenario = new SessionScenario(REJECT);
    const older = bring(scenario, 'logged-in');
    scenario.clock.ms += 3_000;
    const { newcomer, handle } = tryLogin(scenario, 'laptop', world);
    expect(handle).toBeUndefined();
    expect(newcomer).toMatchObject({
      state: 'login-failed',
      lastCause: 'already-logged-in',
      playerId: undefined,
      isAlive: true,
    });
    expect(older).toMatchObject({ state: 'logged-in', epoch: 1, data: 'red', isAlive: true });
    expect(older.deadline).toBe(11_000);
    expect(scenario.sessions.getByPlayer(ANNA)).toBe(older);
    expect(scenario.events.at(-1)).toMatchObject({ session: newcomer, retryAfterMs: 7_000 });
    expect(scenario.lastMoves(1)).toEqual(['login-pending → login-failed: already-logged-in']);
    expect(scenario.sessions.counters).toMatchObject({
      'takeover-rejected': 1,
      'session-taken-over': 0,
    });
  });

  test.each([
    { at: 10_999, retryAfterMs: 1 },
    { at: 11_000, retryAfterMs: 0 },
    { at: 12_500, retryAfterMs: 0 },
  ])('silence until $at leaves $retryAfterMs ms: the state decides', ({ at, retryAfterMs }) => {
    const scenario = new SessionScenario(REJECT);
    const older = bring(scenario, 'logged-in');
    scenario.clock.ms = at;
    tryLogin(scenario, 'laptop');
    expect(scenario.events.at(-1)).toMatchObject({ cause: 'already-logged-in', retryAfterMs });
    expect(older.state).toBe('logged-in');
  });

  test.each(['timed-out', 'reconnecting'] as const)('one that is %s is taken over', (state) => {
    const scenario = new SessionScenario(REJECT);
    const older = bring(scenario, state);
    const { handle } = tryLogin(scenario, 'laptop');
    expect(handle).toMatchObject({ sessionId: older.sessionId, epoch: 2, data: 'blue' });
  });

  test.each(['timed-out', 'reconnecting'] as const)(
    'one that is %s is superseded from another world',
    (state) => {
      const scenario = new SessionScenario(REJECT);
      const older = bring(scenario, state);
      const { handle } = tryLogin(scenario, 'laptop', 'meadow');
      expect(handle).toMatchObject({ epoch: 1, worldId: 'meadow' });
      expect([older.isAlive, scenario.sessions.size]).toEqual([false, 1]);
    },
  );

  test('after the wait that was told a silent one has gone, and the login takes over', () => {
    const scenario = new SessionScenario(REJECT);
    bring(scenario, 'logged-in');
    scenario.clock.ms += 4_000;
    tryLogin(scenario, 'laptop');
    scenario.clock.ms += scenario.events.at(-1)!.retryAfterMs!;
    scenario.sessions.evaluate();
    expect(tryLogin(scenario, 'tablet').handle).toMatchObject({ epoch: 2, peerId: 'tablet' });
  });

  test('the older one is owed a heartbeat at the next evaluation, however often it is asked', () => {
    const scenario = new SessionScenario(REJECT);
    const older = bring(scenario, 'logged-in');
    for (let passed = 0; passed < 3_000; passed += 50) {
      scenario.clock.ms += 50;
      scenario.sessions.evaluate();
    }
    scenario.clock.ms += 10;
    tryLogin(scenario, 'laptop');
    tryLogin(scenario, 'tablet');
    expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([older]);
    scenario.clock.ms += 1_999;
    expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([]);
    scenario.clock.ms += 1;
    expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([older]);
  });

  test('it uses a login attempt, and the last one removes', () => {
    const scenario = new SessionScenario({ ...REJECT, loginAttemptsMax: 1 });
    bring(scenario, 'logged-in');
    const { newcomer } = tryLogin(scenario, 'laptop');
    expect(newcomer.isAlive).toBe(false);
    expect(scenario.lastMoves(2)).toEqual([
      'login-pending → login-failed: already-logged-in',
      'login-failed → disconnected: already-logged-in',
    ]);
  });

  test('a resume is no login: it takes the session from its own older connection', () => {
    const scenario = new SessionScenario(REJECT);
    const older = bring(scenario, 'logged-in');
    const handle = scenario.sessions.resume(scenario.awaitResume('laptop', older));
    expect(handle).toMatchObject({ state: 'logged-in', epoch: 2, peerId: 'laptop' });
  });

  test('a stall leaves at least two heartbeats to wait for', () => {
    const scenario = new SessionScenario({ takeover: 'reject' });
    bring(scenario, 'logged-in');
    scenario.sessions.evaluate();
    scenario.clock.ms += 20_000;
    scenario.sessions.evaluate();
    tryLogin(scenario, 'laptop');
    expect(scenario.events.at(-1)).toMatchObject({ retryAfterMs: 4_000 });
  });
});
