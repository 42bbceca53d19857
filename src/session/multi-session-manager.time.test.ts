import { describe, expect, test } from 'vitest';
import { SessionScenario } from '../../test/support/session-scenario.ts';
import type { Handle } from '../../test/support/session-scenario.ts';

/** Moves time and evaluates once. */
function evaluateAt(scenario: SessionScenario, at: number) {
  scenario.clock.ms = at;
  return scenario.sessions.evaluate();
}

/** Evaluations so far apart that none of them is a stall. */
const NO_STALL = { stallMsMax: 1_000_000 };

describe('MultiSessionManager: deadlines', () => {
  test.each([
    { at: 10_999, size: 1 },
    { at: 11_000, size: 0 },
    { at: 11_001, size: 0 },
  ])('L6: a login deadline at 11 000 leaves $size sessions at $at', ({ at, size }) => {
    const scenario = new SessionScenario(NO_STALL);
    scenario.contact('anna');
    evaluateAt(scenario, at);
    expect(scenario.sessions.size).toBe(size);
    if (size === 0) {
      expect(scenario.lastMoves(1)).toEqual(['transport-connected → disconnected: login-timeout']);
    }
  });

  test('L6: after a refusal the removal at the login deadline has the code of the refusal', () => {
    const scenario = new SessionScenario(NO_STALL);
    const { session, attempt } = scenario.startLogin('anna');
    scenario.sessions.notifyLoginFailed(session, { attempt, code: 'bad-credentials' });
    evaluateAt(scenario, 11_000);
    expect(scenario.lastMoves(1)).toEqual(['login-failed → disconnected: bad-credentials']);
  });

  test('L7: a pending login fails at the deadline and is removed at a later evaluation', () => {
    const scenario = new SessionScenario(NO_STALL);
    const { session, attempt } = scenario.startLogin('anna');
    evaluateAt(scenario, 11_000);
    expect(session).toMatchObject({ state: 'login-failed', lastCause: 'login-timeout' });
    expect(scenario.sessions.notifyLoginStarted(session)).toBeUndefined();
    expect(scenario.sessions.notifyLoginFailed(session, { attempt, code: 'late' })).toBe(false);
    expect(scenario.sessions.counters['login-attempts-used-up']).toBe(1);
    evaluateAt(scenario, 11_000);
    expect(scenario.trace(session).slice(-2)).toEqual([
      'login-pending → login-failed: login-timeout',
      'login-failed → disconnected: login-timeout',
    ]);
    expect(scenario.sessions.size).toBe(0);
  });

  test.each([
    { at: 10_999, state: 'logged-in' },
    { at: 11_000, state: 'timed-out' },
    { at: 11_001, state: 'timed-out' },
  ])('L10: silence since 1 000 is $state at $at', ({ at, state }) => {
    const scenario = new SessionScenario(NO_STALL);
    const session = scenario.logIn('anna');
    evaluateAt(scenario, at);
    expect(session.state).toBe(state);
    if (state === 'timed-out') {
      expect(session).toMatchObject({ enteredAt: at, lastCause: 'liveness-timeout' });
    }
  });

  test.each([
    { heardAt: 10_999, state: 'logged-in' },
    { heardAt: 1_000, state: 'timed-out' },
  ])('L10: a peer last heard at $heardAt is $state at 20 998', ({ heardAt, state }) => {
    const scenario = new SessionScenario(NO_STALL);
    const session = scenario.logIn('anna');
    scenario.clock.ms = heardAt;
    scenario.sessions.notifyInboundActivity(session);
    evaluateAt(scenario, 11_000);
    evaluateAt(scenario, 11_500);
    expect(session.state === 'logged-in').toBe(state === 'logged-in');
    evaluateAt(scenario, 20_998);
    expect(session.state === 'logged-in').toBe(state === 'logged-in');
    evaluateAt(scenario, 20_999);
    expect(session.state).not.toBe('logged-in');
  });

  test('L11: timed-out is seen for one evaluation, then the seat is held since its entry', () => {
    const scenario = new SessionScenario(NO_STALL);
    const session = scenario.logIn('anna');
    evaluateAt(scenario, 11_040);
    expect(session.state).toBe('timed-out');
    evaluateAt(scenario, 11_090);
    expect(session).toMatchObject({
      state: 'reconnecting',
      enteredAt: 11_090,
      deadline: 41_040,
      lastCause: 'liveness-timeout',
    });
  });

  test('L11: with a window of 0 a session that timed out is removed at a later evaluation', () => {
    const scenario = new SessionScenario({ ...NO_STALL, reconnectWindowMs: 0 });
    const session = scenario.logIn('anna');
    evaluateAt(scenario, 11_000);
    expect(session.state).toBe('timed-out');
    evaluateAt(scenario, 11_050);
    expect(scenario.trace(session).slice(-2)).toEqual([
      'logged-in → timed-out: liveness-timeout',
      'timed-out → disconnected: liveness-timeout',
    ]);
  });

  test.each([
    { at: 30_999, size: 1 },
    { at: 31_000, size: 0 },
    { at: 31_001, size: 0 },
  ])('L15: a seat held until 31 000 leaves $size sessions at $at', ({ at, size }) => {
    const scenario = new SessionScenario(NO_STALL);
    const session = scenario.logIn('anna');
    scenario.sessions.notifyTransportLost(session);
    evaluateAt(scenario, at);
    expect(scenario.sessions.size).toBe(size);
    if (size === 0) expect(session.lastCause).toBe('reconnect-window-expired');
  });

  test('an event that is handled first wins over a deadline that has passed', () => {
    const scenario = new SessionScenario(NO_STALL);
    const session = scenario.logIn('anna');
    scenario.clock.ms = 50_000;
    expect(scenario.sessions.notifyInboundActivity(session)).toBe(true);
    scenario.sessions.evaluate();
    expect(session.state).toBe('logged-in');
  });

  test('L21: one evaluation moves a session by one state, however late it is', () => {
    const scenario = new SessionScenario(NO_STALL);
    const session = scenario.logIn('anna');
    const states: string[] = [];
    for (const at of [900_000, 1_800_000, 2_700_000]) {
      evaluateAt(scenario, at);
      states.push(session.state);
    }
    expect(states).toEqual(['timed-out', 'reconnecting', 'disconnected']);
  });

  test('L21: deadlines are handled in their order, equal ones in order of creation', () => {
    const scenario = new SessionScenario(NO_STALL);
    const peers = ['dora', 'carl', 'bert', 'anna'];
    const sessions = peers.map((peer) => scenario.logIn(peer));
    scenario.clock.ms = 1_500;
    scenario.sessions.notifyInboundActivity(sessions[0] as Handle);
    evaluateAt(scenario, 60_000);
    expect(scenario.events.slice(-4).map(({ session }) => session.peerId)).toEqual([
      'carl',
      'bert',
      'anna',
      'dora',
    ]);
  });

  test('R2.S1: the silence of one moves no other', () => {
    const scenario = new SessionScenario();
    const silent = scenario.logIn('anna');
    const active = scenario.logIn('bert');
    for (let tick = 0; tick < 1_000; tick += 1) {
      scenario.sessions.notifyInboundActivity(active);
      scenario.pass(50);
    }
    expect(scenario.trace(silent).slice(-3)).toEqual([
      'logged-in → timed-out: liveness-timeout',
      'timed-out → reconnecting: liveness-timeout',
      'reconnecting → disconnected: reconnect-window-expired',
    ]);
    expect(scenario.trace(active)).toHaveLength(3);
    expect(active).toMatchObject({ state: 'logged-in', enteredAt: 1_000 });
  });
});

describe('MultiSessionManager: stalls', () => {
  test.each([
    { gapMs: 999, stallMs: 0 },
    { gapMs: 1_000, stallMs: 0 },
    { gapMs: 1_001, stallMs: 1_001 },
  ])('a gap of $gapMs ms between evaluations is a stall of $stallMs', ({ gapMs, stallMs }) => {
    const scenario = new SessionScenario();
    scenario.sessions.evaluate();
    expect(evaluateAt(scenario, 1_000 + gapMs).stallMs).toBe(stallMs);
    expect(scenario.sessions.counters.stall).toBe(stallMs > 0 ? 1 : 0);
  });

  test('the first evaluation ever finds no stall', () => {
    const scenario = new SessionScenario();
    scenario.contact('anna');
    expect(evaluateAt(scenario, 11_000).stallMs).toBe(0);
    expect(scenario.sessions.size).toBe(0);
  });

  test('after a stall nobody has been silent for less than two heartbeats', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.sessions.evaluate();
    evaluateAt(scenario, 41_000);
    expect(session).toMatchObject({ state: 'logged-in', deadline: 45_000 });
    scenario.pass(3_950);
    expect(session.state).toBe('logged-in');
    scenario.pass(50);
    expect(session.state).toBe('timed-out');
  });

  test('a stall leaves a liveness deadline alone that lies further away', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.sessions.evaluate();
    evaluateAt(scenario, 2_500);
    expect(session.deadline).toBe(11_000);
  });

  test('a stall extends login and reconnect deadlines by its length', () => {
    const scenario = new SessionScenario();
    const connected = scenario.contact('anna');
    const { session: pending } = scenario.startLogin('bert');
    const lost = scenario.logIn('carl');
    scenario.sessions.notifyTransportLost(lost);
    scenario.sessions.evaluate();
    evaluateAt(scenario, 51_000);
    expect([connected.deadline, pending.deadline, lost.deadline]).toEqual([61_000, 61_000, 81_000]);
    scenario.pass(9_950);
    expect(scenario.sessions.size).toBe(3);
    scenario.pass(100);
    expect(scenario.sessions.size).toBe(1);
    scenario.pass(20_000);
    expect(scenario.sessions.size).toBe(0);
  });

  test('a stall does not keep a session for longer whose last evaluation is due', () => {
    const scenario = new SessionScenario();
    const { session } = scenario.startLogin('anna');
    scenario.pass(10_000);
    expect(session.state).toBe('login-failed');
    evaluateAt(scenario, 20_000);
    expect(scenario.sessions.size).toBe(0);
  });

  test('a stall does not keep timed-out for longer, rounding included', () => {
    const scenario = new SessionScenario({ stallMsMax: 10_001 });
    scenario.clock.ms = 1_000.4;
    const session = scenario.logIn('anna');
    scenario.sessions.evaluate();
    evaluateAt(scenario, 11_000.4);
    expect(session).toMatchObject({ state: 'timed-out', deadline: 11_000.4 });
    // 11 000.4 plus the gap is more than 27 384.8 in floating point.
    expect(evaluateAt(scenario, 27_384.8).stallMs).toBeGreaterThan(0);
    expect(session.state).toBe('reconnecting');
  });

  test('a stall right after timed-out extends the reconnect window that began there', () => {
    const scenario = new SessionScenario();
    const session = scenario.logIn('anna');
    scenario.pass(10_000);
    expect(session).toMatchObject({ state: 'timed-out', enteredAt: 11_000 });
    evaluateAt(scenario, 15_000);
    expect(session).toMatchObject({ state: 'reconnecting', deadline: 45_000 });
  });

  test('after a stall every logged-in session is owed a heartbeat at once, and no other', () => {
    const scenario = new SessionScenario();
    scenario.contact('carl');
    const loggedIn = [scenario.logIn('anna'), scenario.logIn('bert')];
    scenario.sessions.evaluate();
    expect(evaluateAt(scenario, 6_000).heartbeatsDue).toEqual(loggedIn);
    expect(evaluateAt(scenario, 6_050).heartbeatsDue).toEqual([]);
  });
});

describe('MultiSessionManager: heartbeats', () => {
  /** Instants, since login at 0, at which a heartbeat was due. */
  function dueInstants(scenario: SessionScenario, durationMs: number, stepMs: number): number[] {
    const session = scenario.logIn('anna');
    const instants: number[] = [];
    for (let passed = 0; passed < durationMs; passed += stepMs) {
      scenario.clock.ms += stepMs;
      scenario.sessions.notifyInboundActivity(session);
      const { heartbeatsDue } = scenario.sessions.evaluate();
      if (heartbeatsDue.includes(session)) instants.push(scenario.clock.ms - 1_000);
    }
    return instants;
  }

  test('after login one is due every 250 ms for 2 s, then every interval', () => {
    expect(dueInstants(new SessionScenario(), 8_000, 50)).toEqual([
      250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000, 4_000, 6_000, 8_000,
    ]);
  });

  test('late evaluations do not add up', () => {
    const instants = dueInstants(new SessionScenario(), 9_000, 60);
    expect(instants.slice(-3)).toEqual([4_020, 6_000, 8_040]);
  });

  test('an interval shorter than 250 ms is kept from the start', () => {
    const policy = { heartbeatIntervalMs: 100 };
    expect(dueInstants(new SessionScenario(policy), 500, 50)).toEqual([100, 200, 300, 400, 500]);
  });

  test('a late evaluation owes one heartbeat, not one per interval that was missed', () => {
    const scenario = new SessionScenario(NO_STALL);
    const session = scenario.logIn('anna');
    expect(evaluateAt(scenario, 9_000).heartbeatsDue).toEqual([session]);
    expect(evaluateAt(scenario, 9_000).heartbeatsDue).toEqual([]);
  });

  test('a session that has just timed out is owed none', () => {
    const scenario = new SessionScenario(NO_STALL);
    scenario.logIn('anna');
    expect(evaluateAt(scenario, 11_000).heartbeatsDue).toEqual([]);
  });

  test('a session that a subscriber removes in the evaluation is owed none', () => {
    const scenario = new SessionScenario(NO_STALL);
    const anna = scenario.logIn('anna');
    scenario.contact('bert');
    scenario.sessions.subscribe(({ session }) => {
      if (session.peerId === 'bert') scenario.sessions.remove(anna, 'evicted');
    });
    scenario.clock.ms = 10_900;
    scenario.sessions.notifyInboundActivity(anna);
    expect(evaluateAt(scenario, 11_000).heartbeatsDue).toEqual([]);
    expect(anna.isAlive).toBe(false);
  });

  test('nobody else is owed a heartbeat', () => {
    const scenario = new SessionScenario();
    scenario.contact('anna');
    scenario.startLogin('bert');
    const carl = scenario.logIn('carl');
    scenario.sessions.notifyTransportLost(carl);
    for (let tick = 0; tick < 100; tick += 1) {
      scenario.clock.ms += 50;
      expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([]);
    }
    expect(scenario.sessions.notifyHeartbeatSent(carl)).toBe(false);
  });
});
