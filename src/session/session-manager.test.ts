import { describe, expect, test } from 'vitest';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { SessionId } from '../protocol/ids.ts';
import { SessionManager } from './session-manager.ts';
import type { AcceptedLogin } from './session-manager.ts';

function createClient() {
  const clock = {
    ms: 1_000,
    now(): number {
      return this.ms;
    },
  };
  const session = new SessionManager({ clock });
  const moves: string[] = [];
  session.subscribe(({ from, to, cause }) => moves.push(`${from} → ${to}: ${cause}`));
  return { clock, session, moves };
}

function acceptance(attempt: number, changes: Partial<AcceptedLogin> = {}): AcceptedLogin {
  return {
    attempt,
    sessionId: 'one' as SessionId,
    epoch: 1,
    livenessTimeoutMs: 10_000,
    reconnectWindowMs: 30_000,
    ...changes,
  };
}

function createLoggedIn(changes: Partial<AcceptedLogin> = {}) {
  const client = createClient();
  client.session.notifyConnectionOpened();
  const attempt = client.session.notifyLoginSent() ?? 0;
  client.session.notifyLoginSucceeded(acceptance(attempt, changes));
  expect(client.session.state).toBe('logged-in');
  return client;
}

describe('SessionManager', () => {
  test('a client starts disconnected, without a deadline', () => {
    const { session } = createClient();
    expect(session.state).toBe('disconnected');
    expect(session.deadline).toBe(Infinity);
    expect(session.epoch).toBe(0);
    expect(session.sessionId).toBeUndefined();
    expect(session.lastCause).toBeUndefined();
  });

  test('C1: an opened connection, then a Login that was sent', () => {
    const { session, moves } = createClient();
    expect(session.notifyConnectionOpened()).toBe(true);
    expect(session.notifyLoginSent()).toBe(1);
    expect(moves).toEqual([
      'disconnected → transport-connected: transport-activity',
      'transport-connected → login-pending: login-started',
    ]);
  });

  test('C2: acceptance brings session, epoch and liveness deadline', () => {
    const { session } = createLoggedIn({ epoch: 4, livenessTimeoutMs: 5_000 });
    expect(session.sessionId).toBe('one');
    expect(session.epoch).toBe(4);
    expect(session.deadline).toBe(6_000);
    expect(session.lastCause).toBe('login-succeeded');
  });

  test('C2: after a retryable refusal another Login may be sent on the same connection', () => {
    const { session, moves } = createClient();
    session.notifyConnectionOpened();
    session.notifyLoginSent();
    session.notifyLoginFailed({ attempt: 1, code: 'world-full', retryable: true });
    expect(session.state).toBe('login-failed');
    expect(session.notifyLoginSent()).toBe(2);
    expect(moves.at(-1)).toBe('login-failed → login-pending: login-started');
  });

  test('C3: silence past the liveness deadline is timed-out, then reconnecting', () => {
    const { clock, session, moves } = createLoggedIn();
    clock.ms = 10_999;
    session.evaluate();
    expect(session.state).toBe('logged-in');
    clock.ms = 11_000;
    session.evaluate();
    expect(session.state).toBe('timed-out');
    session.evaluate();
    expect(session.state).toBe('reconnecting');
    expect(moves.slice(-2)).toEqual([
      'logged-in → timed-out: liveness-timeout',
      'timed-out → reconnecting: liveness-timeout',
    ]);
  });

  test('C3: a frame that is heard moves the liveness deadline', () => {
    const { clock, session } = createLoggedIn();
    clock.ms = 10_000;
    expect(session.notifyInboundActivity()).toBe(true);
    expect(session.deadline).toBe(20_000);
    clock.ms = 19_999;
    session.evaluate();
    expect(session.state).toBe('logged-in');
  });

  test('C4: a lost connection while logged in is reconnecting', () => {
    const { session } = createLoggedIn();
    expect(session.notifyTransportLost()).toBe(true);
    expect(session.state).toBe('reconnecting');
    expect(session.lastCause).toBe('transport-lost');
  });

  test('C5: the search ends window and liveness after the last frame that was heard', () => {
    const { clock, session, moves } = createLoggedIn();
    clock.ms = 3_000;
    session.notifyInboundActivity();
    clock.ms = 8_000;
    session.notifyTransportLost();
    expect(session.deadline).toBe(43_000);
    clock.ms = 42_999;
    session.evaluate();
    expect(session.state).toBe('reconnecting');
    clock.ms = 43_000;
    session.evaluate();
    expect(moves.at(-1)).toBe('reconnecting → disconnected: reconnect-window-expired');
  });

  test('C5: the state stays reconnecting until the server accepts', () => {
    const { session, moves } = createLoggedIn();
    session.notifyTransportLost();
    const heard = moves.length;
    session.notifyConnectionOpened();
    const abandoned = session.notifyLoginSent() ?? 0;
    session.notifyTransportLost();
    session.notifyConnectionOpened();
    const attempt = session.notifyLoginSent() ?? 0;
    session.notifyLoginFailed({ attempt, code: 'world-full', retryable: true });
    const last = session.notifyLoginSent() ?? 0;
    expect(session.state).toBe('reconnecting');
    expect(moves).toHaveLength(heard);
    expect(session.notifyLoginSucceeded(acceptance(abandoned, { epoch: 2 }))).toBe(false);
    expect(session.notifyLoginSucceeded(acceptance(last, { epoch: 2 }))).toBe(true);
    expect(moves.at(-1)).toBe('reconnecting → logged-in: login-succeeded');
    expect(session.epoch).toBe(2);
  });

  test('C5: a refusal that is not retryable ends the search', () => {
    const { session } = createLoggedIn();
    session.notifyTransportLost();
    const attempt = session.notifyLoginSent() ?? 0;
    session.notifyLoginFailed({ attempt, code: 'bad-credentials', retryable: false });
    expect(session.state).toBe('disconnected');
    expect(session.lastCause).toBe('bad-credentials');
  });

  test('C6: a refusal that is not retryable is seen as login-failed, then disconnected', () => {
    const { session, moves } = createClient();
    session.notifyConnectionOpened();
    session.notifyLoginSent();
    session.notifyLoginFailed({ attempt: 1, code: 'bad-credentials', retryable: false });
    expect(moves.slice(-2)).toEqual([
      'login-pending → login-failed: bad-credentials',
      'login-failed → disconnected: bad-credentials',
    ]);
  });

  test.each([
    { code: 'superseded', retryable: false, state: 'disconnected' },
    { code: 'slow-consumer', retryable: true, state: 'reconnecting' },
  ])('C6: a close with $code leads to $state', ({ code, retryable, state }) => {
    const { session } = createLoggedIn();
    expect(session.notifyClosed({ code, retryable })).toBe(true);
    expect(session.state).toBe(state);
    expect(session.lastCause).toBe(code);
  });

  test('C6: leaving ends in any state, and a client that left may start again', () => {
    const { session, moves } = createLoggedIn();
    expect(session.notifyLeft()).toBe(true);
    expect(moves.at(-1)).toBe('logged-in → disconnected: left');
    expect(session.notifyLeft()).toBe(false);
    expect(session.notifyConnectionOpened()).toBe(true);
    expect(session.state).toBe('transport-connected');
  });

  test('C7: an acceptance of an older epoch of the same session is stale', () => {
    const { session } = createLoggedIn({ epoch: 5 });
    session.notifyTransportLost();
    const attempt = session.notifyLoginSent() ?? 0;
    expect(session.notifyLoginSucceeded(acceptance(attempt, { epoch: 4 }))).toBe(false);
    expect(session.state).toBe('reconnecting');
    expect(session.epoch).toBe(5);
    expect(session.counters['login-epoch-stale']).toBe(1);
  });

  test('C7: another session resets the epoch', () => {
    const { session } = createLoggedIn({ epoch: 5 });
    session.notifyTransportLost();
    const attempt = session.notifyLoginSent() ?? 0;
    const other = acceptance(attempt, { sessionId: 'two' as SessionId, epoch: 1 });
    expect(session.notifyLoginSucceeded(other)).toBe(true);
    expect([session.sessionId, session.epoch]).toEqual(['two', 1]);
  });

  test('C7: a Resume that was accepted keeps the session, and no other is taken for it', () => {
    const { session, moves } = createLoggedIn({ epoch: 5 });
    session.notifyTransportLost();
    const first = session.notifyLoginSent() ?? 0;
    const foreign = acceptance(first, { sessionId: 'two' as SessionId, isResumed: true });
    expect(session.notifyLoginSucceeded(foreign)).toBe(false);
    expect(session.counters['resume-of-another-session']).toBe(1);
    const own = acceptance(first, { epoch: 6, isResumed: true });
    expect(session.notifyLoginSucceeded(own)).toBe(true);
    expect(moves.at(-1)).toBe('reconnecting → logged-in: resumed');
    expect([session.sessionId, session.epoch]).toEqual(['one', 6]);
  });

  test('C9: a Resume that was refused is the end, whatever is said of trying again', () => {
    const { session, moves } = createLoggedIn();
    session.notifyTransportLost();
    const attempt = session.notifyLoginSent() ?? 0;
    const refusal = { attempt, code: 'resume-refused', retryable: true };
    expect(session.notifyLoginFailed(refusal)).toBe(true);
    expect(moves.at(-1)).toBe('reconnecting → disconnected: resume-refused');
    expect(session.notifyLoginSent()).toBeUndefined();
  });

  test('C8: a connection lost before the first login ends', () => {
    const { session, moves } = createClient();
    session.notifyConnectionOpened();
    session.notifyLoginSent();
    session.notifyTransportLost();
    expect(moves.at(-1)).toBe('login-pending → disconnected: transport-lost');
  });

  test.each([
    { at: 10_999, state: 'login-pending' },
    { at: 11_000, state: 'disconnected' },
    { at: 11_001, state: 'disconnected' },
  ])('C8: no answer since 1 000 is $state at $at', ({ at, state }) => {
    const { clock, session } = createClient();
    session.notifyConnectionOpened();
    session.notifyLoginSent();
    clock.ms = at;
    session.evaluate();
    expect(session.state).toBe(state);
    if (state === 'disconnected') expect(session.lastCause).toBe('login-timeout');
  });

  test('an answer to another attempt is stale and counted', () => {
    const { session } = createClient();
    session.notifyConnectionOpened();
    session.notifyLoginSent();
    expect(session.notifyLoginSucceeded(acceptance(2))).toBe(false);
    expect(session.notifyLoginFailed({ attempt: 0, code: 'x', retryable: false })).toBe(false);
    expect(session.state).toBe('login-pending');
    expect(session.counters['login-answer-stale']).toBe(2);
  });

  test('what the state does not expect is refused, counted, and changes nothing', () => {
    const { session, moves } = createClient();
    expect(session.notifyLoginSent()).toBeUndefined();
    expect(session.notifyInboundActivity()).toBe(false);
    expect(session.notifyTransportLost()).toBe(false);
    expect(session.notifyClosed({ code: 'evicted', retryable: false })).toBe(false);
    session.evaluate();
    expect(moves).toEqual([]);
    expect(session.counters).toMatchObject({
      'login-not-expected': 1,
      'not-logged-in': 1,
      'event-not-expected': 2,
    });
  });

  test('a subscriber that throws is counted and reported', () => {
    const errors: unknown[] = [];
    const session = new SessionManager({
      clock: { now: () => 0 },
      onSubscriberError: (error) => errors.push(error),
    });
    const failure = new Error('subscriber');
    session.subscribe(() => {
      throw failure;
    });
    expect(session.notifyConnectionOpened()).toBe(true);
    expect(errors).toEqual([failure]);
    expect(session.counters['subscriber-error']).toBe(1);
  });

  test('a login timeout that is no duration is refused by name', () => {
    expect(() => new SessionManager({ clock: { now: () => 0 }, loginTimeoutMs: 0 })).toThrow(
      HoldfastError,
    );
  });
});
