import { describe, expect, test } from 'vitest';
import { SessionScenario } from '../../test/support/session-scenario.ts';
import type { Handle } from '../../test/support/session-scenario.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { MultiSessionManager } from './multi-session-manager.ts';

const ANSWER = { playerId: 'anna' as PlayerId, worldId: 'arena' as WorldId, data: 'data' };

describe('MultiSessionManager: contact and login', () => {
  test('L1: first contact creates a session whose login deadline runs', () => {
    const scenario = new SessionScenario();
    const session = scenario.contact('anna');
    expect(session).toMatchObject({
      peerId: 'anna',
      sessionId: 'session-1',
      state: 'transport-connected',
      epoch: 0,
      enteredAt: 1_000,
      deadline: 11_000,
      lastCause: 'transport-activity',
      isAlive: true,
      playerId: undefined,
      data: undefined,
    });
    expect(scenario.trace(session)).toEqual([
      'disconnected → transport-connected: transport-activity',
    ]);
  });

  test('L2: contact of a known peer resolves the same session in any state', () => {
    const scenario = new SessionScenario();
    const session = scenario.contact('anna');
    expect(scenario.contact('anna')).toBe(session);
    const { attempt } = scenario.startLogin('anna');
    expect(scenario.contact('anna')).toBe(session);
    scenario.sessions.notifyLoginSucceeded(session, { attempt, ...ANSWER });
    scenario.clock.ms += 5_000;
    expect(scenario.contact('anna')).toBe(session);
    expect(session.lastLivenessAt).toBe(1_000);
    expect(scenario.sessions.size).toBe(1);
  });

  test('L3: attempts are numbered and the login deadline keeps running from first contact', () => {
    const scenario = new SessionScenario();
    const session = scenario.contact('anna');
    scenario.clock.ms += 3_000;
    expect(scenario.sessions.notifyLoginStarted(session)).toBe(1);
    scenario.sessions.notifyLoginFailed(session, { attempt: 1, code: 'bad-credentials' });
    expect(scenario.sessions.notifyLoginStarted(session)).toBe(2);
    expect(session).toMatchObject({ state: 'login-pending', deadline: 11_000 });
  });

  test('L3b: a login while one is pending or accepted is refused and counted', () => {
    const scenario = new SessionScenario();
    const { session } = scenario.startLogin('anna');
    expect(scenario.sessions.notifyLoginStarted(session)).toBeUndefined();
    const other = scenario.logIn('bert');
    expect(scenario.sessions.notifyLoginStarted(other)).toBeUndefined();
    expect(scenario.sessions.counters['login-not-expected']).toBe(2);
    expect(session.state).toBe('login-pending');
    expect(other.state).toBe('logged-in');
  });

  test('L4: a login that succeeds proves the player and counts the epoch', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna', { worldId: 'meadow', data: 'red' });
    expect(session).toMatchObject({
      state: 'logged-in',
      epoch: 1,
      playerId: 'anna',
      worldId: 'meadow',
      data: 'red',
      deadline: 11_000,
      lastLivenessAt: 1_000,
    });
    expect(scenario.sessions.getByPlayer('anna' as PlayerId)).toBe(session);
  });

  test('L5: a refused login leaves the connection for another one', () => {
    const scenario = new SessionScenario();
    const { session, attempt } = scenario.startLogin('anna');
    const failure = { attempt, code: 'bad-credentials' };
    expect(scenario.sessions.notifyLoginFailed(session, failure)).toBe(true);
    expect(session).toMatchObject({ state: 'login-failed', lastCause: 'bad-credentials' });
    expect(session.isAlive).toBe(true);
  });

  test('L5: out of attempts, login-failed is seen first, then the removal, in the same call', () => {
    const scenario = new SessionScenario({ loginAttemptsMax: 1 });
    const { session, attempt } = scenario.startLogin('anna');
    scenario.sessions.notifyLoginFailed(session, { attempt, code: 'bad-credentials' });
    expect(scenario.lastMoves(2)).toEqual([
      'login-pending → login-failed: bad-credentials',
      'login-failed → disconnected: bad-credentials',
    ]);
    expect(scenario.sessions.size).toBe(0);
    expect(session.isAlive).toBe(false);
  });

  test('L8: an answer to an attempt that is no longer pending is ignored and counted', () => {
    const scenario = new SessionScenario();
    const { session } = scenario.startLogin('anna');
    scenario.sessions.notifyLoginFailed(session, { attempt: 1, code: 'bad-credentials' });
    const second = scenario.sessions.notifyLoginStarted(session);
    const late = { attempt: 1, ...ANSWER };
    expect(scenario.sessions.notifyLoginSucceeded(session, late)).toBeUndefined();
    expect(scenario.sessions.notifyLoginFailed(session, { attempt: 1, code: 'x' })).toBe(false);
    expect(session).toMatchObject({ state: 'login-pending', playerId: undefined });
    expect(scenario.sessions.counters['login-answer-stale']).toBe(2);
    expect(second).toBe(2);
  });

  test('L8: an answer of another peer’s attempt number does not help', () => {
    const scenario = new SessionScenario();
    const { session } = scenario.startLogin('anna');
    expect(
      scenario.sessions.notifyLoginSucceeded(session, { attempt: 2, ...ANSWER }),
    ).toBeUndefined();
    expect(scenario.sessions.getByPlayer(ANSWER.playerId)).toBeUndefined();
  });
});

describe('MultiSessionManager: while logged in and after', () => {
  test('L9: an admitted message moves the liveness deadline', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.clock.ms += 4_000;
    expect(scenario.sessions.notifyInboundActivity(session)).toBe(true);
    expect(session).toMatchObject({ lastLivenessAt: 5_000, deadline: 15_000 });
  });

  test('L9: an answered heartbeat is proof of life and measures the round trip', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    expect(session.roundTripTimeMs).toBeUndefined();
    scenario.sessions.notifyHeartbeatSent(session);
    scenario.clock.ms += 40;
    scenario.sessions.notifyHeartbeatReceived(session, { serverTick: 7 });
    expect(session).toMatchObject({ roundTripTimeMs: 40, lastLivenessAt: 1_040 });
    scenario.sessions.notifyHeartbeatReceived(session, { serverTick: 7, sentAt: 1_010 });
    expect(session.roundTripTimeMs).toBe(30);
  });

  test('L9: an answer in the very instant is a measurement all the same', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.sessions.notifyHeartbeatReceived(session, { serverTick: 7, sentAt: 500 });
    scenario.sessions.notifyHeartbeatReceived(session, { serverTick: 7, sentAt: 1_000 });
    expect(session.roundTripTimeMs).toBeGreaterThan(0);
    expect(session.roundTripTimeMs).toBeLessThan(0.01);
  });

  test('L9: the worst of the last four round trips is remembered, and no older one', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    expect(session.roundTripTimeMsMax).toBeUndefined();
    const measure = (roundTripMs: number): number | undefined => {
      const sentAt = scenario.clock.ms - roundTripMs;
      scenario.sessions.notifyHeartbeatReceived(session, { serverTick: 7, sentAt });
      expect(session.roundTripTimeMs).toBe(roundTripMs);
      return session.roundTripTimeMsMax;
    };
    expect([40, 90, 30, 20, 10, 5].map(measure)).toEqual([40, 90, 90, 90, 90, 30]);
  });

  test('L9: an answer where no heartbeat was sent is refused', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.clock.ms += 40;
    expect(scenario.sessions.notifyHeartbeatReceived(session, { serverTick: 0 })).toBe(false);
    expect(session.lastLivenessAt).toBe(1_000);
    expect(scenario.sessions.counters['heartbeat-not-expected']).toBe(1);
  });

  test('L12: a lost connection holds the seat for the window', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.clock.ms += 500;
    expect(scenario.sessions.notifyTransportLost(session)).toBe(true);
    expect(session).toMatchObject({
      state: 'reconnecting',
      lastCause: 'transport-lost',
      deadline: 31_500,
    });
    expect(scenario.get('anna')).toBe(session);
    expect(scenario.sessions.getByPlayer('anna' as PlayerId)).toBe(session);
  });

  test('L12: with a window of 0 a lost connection removes', () => {
    const scenario = new SessionScenario({ reconnectWindowMs: 0 });
    const session = scenario.logIn('anna');
    scenario.sessions.notifyTransportLost(session);
    expect(scenario.lastMoves(1)).toEqual(['logged-in → disconnected: transport-lost']);
    expect(scenario.sessions.size).toBe(0);
  });

  test('L12: the reason that is given for a loss becomes the cause', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.sessions.notifyTransportLost(session, 'socket-error');
    expect(session.lastCause).toBe('socket-error');
  });

  test('L12a: leaving removes at once', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    expect(scenario.sessions.notifyLeft(session)).toBe(true);
    expect(scenario.lastMoves(1)).toEqual(['logged-in → disconnected: left']);
    expect(scenario.get('anna')).toBeUndefined();
  });

  test('L12a: nobody can leave who is not logged in', () => {
    const scenario = new SessionScenario();
    const session = scenario.contact('anna');
    expect(scenario.sessions.notifyLeft(session)).toBe(false);
    expect(scenario.sessions.counters['not-logged-in']).toBe(1);
  });

  test('L12b: the loss of a connection that is given up already changes nothing', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.sessions.notifyTransportLost(session);
    const heard = scenario.events.length;
    scenario.clock.ms += 1_000;
    expect(scenario.sessions.notifyTransportLost(session)).toBe(true);
    expect(session.deadline).toBe(31_000);
    expect(scenario.events).toHaveLength(heard);
  });

  test.each([
    { code: 'slow-consumer', state: 'reconnecting' },
    { code: 'protocol-error', state: 'disconnected' },
    { code: 'rate-limited', state: 'disconnected' },
    { code: 'internal-error', state: 'disconnected' },
  ] as const)('L12c: a close with $code leads to $state', ({ code, state }) => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    expect(scenario.sessions.notifyHostClosed(session, code)).toBe(true);
    expect(session).toMatchObject({ state, lastCause: code });
  });

  test.each(['transport-connected', 'login-pending', 'login-failed'] as const)(
    'L12c: a close before login always removes: %s',
    (state) => {
      const scenario = new SessionScenario();
      const session = inState(scenario, state);
      scenario.sessions.notifyHostClosed(session, 'slow-consumer');
      expect(scenario.lastMoves(1)).toEqual([`${state} → disconnected: slow-consumer`]);
      expect(scenario.sessions.size).toBe(0);
    },
  );

  test.each(['transport-connected', 'login-pending', 'login-failed'] as const)(
    'L13: a connection lost before login removes: %s',
    (state) => {
      const scenario = new SessionScenario();
      const session = inState(scenario, state);
      scenario.sessions.notifyTransportLost(session);
      expect(scenario.lastMoves(1)).toEqual([`${state} → disconnected: transport-lost`]);
      expect(scenario.sessions.size).toBe(0);
    },
  );

  test('L14: what comes through a dead handle is ignored, counted, and creates nothing', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.sessions.notifyLeft(session);
    const heard = scenario.events.length;
    const { sessions } = scenario;
    expect([
      sessions.notifyLoginStarted(session),
      sessions.notifyLoginSucceeded(session, { attempt: 1, ...ANSWER }),
      sessions.notifyLoginFailed(session, { attempt: 1, code: 'x' }),
      sessions.notifyHeartbeatSent(session),
      sessions.notifyHeartbeatReceived(session, { serverTick: 1, sentAt: 0 }),
      sessions.notifyInboundActivity(session),
      sessions.notifyTransportLost(session),
      sessions.notifyLeft(session),
      sessions.notifyHostClosed(session, 'slow-consumer'),
      sessions.remove(session, 'evicted'),
    ]).toEqual([undefined, undefined, ...Array.from({ length: 8 }, () => false)]);
    expect(sessions.counters['dead-handle']).toBe(10);
    expect(sessions.size).toBe(0);
    expect(scenario.events).toHaveLength(heard);
  });

  test('L14: a handle of another coordinator, or a look-alike, is dead here', () => {
    const scenario = new SessionScenario();
    const foreign = new SessionScenario().logIn('anna');
    const session = scenario.logIn('anna');
    expect(scenario.sessions.notifyLeft(foreign)).toBe(false);
    expect(scenario.sessions.notifyLeft({ ...session, state: 'logged-in' })).toBe(false);
    expect(session.state).toBe('logged-in');
    expect(foreign.state).toBe('logged-in');
  });

  test.each(['transport-connected', 'login-pending', 'login-failed', 'reconnecting'] as const)(
    'L22: gameplay while %s is refused and counted',
    (state) => {
      const scenario = new SessionScenario();
      const session = inState(scenario, state);
      scenario.clock.ms += 100;
      expect(scenario.sessions.notifyInboundActivity(session)).toBe(false);
      expect(session.lastLivenessAt).toBe(1_000);
      expect(scenario.sessions.counters['not-logged-in']).toBe(1);
    },
  );

  test('ids that are names of object members are ids like any other', () => {
    const scenario = new SessionScenario();
    for (const peer of ['__proto__', 'constructor', 'toString', '']) {
      expect(scenario.get(peer)).toBeUndefined();
      const session = scenario.logIn(peer);
      expect(scenario.get(peer)).toBe(session);
      expect(scenario.sessions.getByPlayer(peer as PlayerId)).toBe(session);
    }
    expect(scenario.sessions.size).toBe(4);
  });

  test('a close code that does not exist is our bug', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    expect(() => scenario.sessions.notifyHostClosed(session, 'toString' as 'left')).toThrow();
    expect(session.state).toBe('logged-in');
  });

  test.each([0, -1, 1.5, Number.NaN])('a history of %s moves is refused by name', (max) => {
    expect(() => new SessionScenario({}, { historyEventsMax: max })).toThrow(
      new HoldfastError('invalid-configuration', 'historyEventsMax is a whole number ≥ 1'),
    );
  });

  test('an invalid policy is refused before anything is made', () => {
    const create = () =>
      new MultiSessionManager({
        clock: { now: () => 0 },
        policy: { livenessTimeoutMs: 0 },
        createSessionId: () => {
          throw new Error('not reached');
        },
      });
    expect(create).toThrow(/policy\.livenessTimeoutMs/);
  });

  test('an id source hears whose session it is for', () => {
    const asked: string[] = [];
    const scenario = new SessionScenario(
      {},
      {
        createSessionId: (peerId) => {
          asked.push(peerId);
          return `of ${peerId}` as SessionId;
        },
      },
    );
    scenario.contact('anna');
    scenario.contact('anna');
    scenario.contact('bert');
    expect(asked).toEqual(['anna', 'bert']);
    expect(scenario.get('bert')?.sessionId).toBe('of bert');
  });

  test('an id source that throws leaves nothing behind', () => {
    const scenario = new SessionScenario(
      {},
      {
        createSessionId: () => {
          throw new Error('no entropy');
        },
      },
    );
    expect(() => scenario.contact('anna')).toThrow('no entropy');
    expect(scenario.sessions.size).toBe(0);
    expect(scenario.get('anna')).toBeUndefined();
  });
});

/** A session of a peer `anna` that has just come into a state. */
function inState(
  scenario: SessionScenario,
  state: 'transport-connected' | 'login-pending' | 'login-failed' | 'reconnecting',
): Handle {
  if (state === 'reconnecting') {
    const session = scenario.logIn('anna');
    scenario.sessions.notifyTransportLost(session);
    return session;
  }
  const session = scenario.contact('anna');
  if (state === 'transport-connected') return session;
  const attempt = scenario.sessions.notifyLoginStarted(session) ?? 0;
  if (state === 'login-failed') {
    scenario.sessions.notifyLoginFailed(session, { attempt, code: 'bad-credentials' });
  }
  return session;
}
