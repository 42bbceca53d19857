import { describe, expect, test } from 'vitest';
import { SessionScenario } from '../../test/support/session-scenario.ts';
import type { Handle } from '../../test/support/session-scenario.ts';

/** Evaluations so far apart that none of them is a stall. */
const NO_STALL = { stallMsMax: 1_000_000 };

function evaluateAt(scenario: SessionScenario, at: number): void {
  scenario.clock.ms = at;
  scenario.sessions.evaluate();
}

/** A seat that is held from 1 000 until 31 000 by the defaults. */
function lostSeat(policy: object = {}): { scenario: SessionScenario; seat: Handle } {
  const scenario = new SessionScenario({ ...NO_STALL, ...policy });
  const seat = scenario.logIn('phone', { playerId: 'anna' });
  scenario.sessions.notifyTransportLost(seat);
  return { scenario, seat };
}

describe('MultiSessionManager: a seat that is asked for (L15)', () => {
  test.each([
    { at: 34_999, isHeld: true },
    { at: 35_000, isHeld: false },
    { at: 35_001, isHeld: false },
  ])('a Resume at 25 000 holds the seat for the time of a login: $at $isHeld', (given) => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 25_000;
    const { newcomer } = scenario.awaitResume('laptop', seat);
    expect(seat.deadline).toBe(35_000);
    evaluateAt(scenario, given.at);
    expect(seat.isAlive).toBe(given.isHeld);
    if (given.isHeld) return;
    expect(seat.lastCause).toBe('reconnect-window-expired');
    expect(newcomer.lastCause).toBe('login-timeout');
  });

  test.each([
    { at: 58_999, deadline: 61_000, isHeld: true },
    { at: 60_999, deadline: 61_000, isHeld: true },
    { at: 61_000, deadline: 61_000, isHeld: false },
    { at: 61_001, deadline: 61_000, isHeld: false },
  ])('never for longer than two windows: $at $isHeld', ({ at, deadline, isHeld }) => {
    const { scenario, seat } = lostSeat({ loginTimeoutMs: 40_000 });
    scenario.clock.ms = 30_000;
    scenario.awaitResume('laptop', seat);
    expect(seat.deadline).toBe(deadline);
    evaluateAt(scenario, at);
    expect(seat.isAlive).toBe(isHeld);
  });

  test('an early Resume takes nothing off the window', () => {
    const { scenario, seat } = lostSeat();
    scenario.awaitResume('laptop', seat);
    expect(seat.deadline).toBe(31_000);
  });

  test.each<[string, (scenario: SessionScenario, newcomer: Handle, attempt: number) => void]>([
    [
      'refused',
      ({ sessions }, newcomer, attempt) => sessions.notifyResumeRefused({ newcomer, attempt }),
    ],
    [
      'refused with a code of its own',
      ({ sessions }, newcomer, attempt) =>
        sessions.notifyLoginFailed(newcomer, { attempt, code: 'version-mismatch' }),
    ],
    ['gone', ({ sessions }, newcomer) => sessions.notifyTransportLost(newcomer)],
    ['closed', ({ sessions }, newcomer) => sessions.notifyHostClosed(newcomer, 'protocol-error')],
    ['removed', ({ sessions }, newcomer) => sessions.remove(newcomer, 'evicted')],
  ])('once the newcomer is %s the old deadline counts again', (_how, end) => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 30_900;
    const { newcomer, attempt } = scenario.awaitResume('laptop', seat);
    expect(seat.deadline).toBe(40_900);
    end(scenario, newcomer, attempt);
    expect(seat.deadline).toBe(31_000);
    evaluateAt(scenario, 30_999);
    expect(seat.state).toBe('reconnecting');
    evaluateAt(scenario, 31_000);
    expect(seat.isAlive).toBe(false);
  });

  test('a deadline that passed meanwhile acts at the next evaluation', () => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 30_900;
    const { newcomer, attempt } = scenario.awaitResume('laptop', seat);
    evaluateAt(scenario, 32_000);
    expect(seat.isAlive).toBe(true);
    scenario.sessions.notifyResumeRefused({ newcomer, attempt });
    expect(seat.isAlive).toBe(true);
    evaluateAt(scenario, 32_000);
    expect(seat.lastCause).toBe('reconnect-window-expired');
  });

  test('L7: a newcomer that reaches its login deadline holds no seat any longer', () => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 24_000;
    scenario.contact('laptop');
    scenario.clock.ms = 30_000;
    scenario.awaitResume('laptop', seat);
    expect(seat.deadline).toBe(40_000);
    evaluateAt(scenario, 34_000);
    expect(scenario.get('laptop')?.lastCause).toBe('login-timeout');
    expect(seat.deadline).toBe(31_000);
    evaluateAt(scenario, 34_000);
    expect(seat.isAlive).toBe(false);
  });

  test('of several that are verified the last one counts, whichever ends first', () => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 25_000;
    const early = scenario.awaitResume('laptop', seat);
    scenario.clock.ms = 26_000;
    const late = scenario.awaitResume('tablet', seat);
    expect(seat.deadline).toBe(36_000);
    scenario.sessions.notifyResumeRefused(late);
    expect(seat.deadline).toBe(35_000);
    scenario.sessions.notifyResumeRefused(early);
    expect(seat.deadline).toBe(31_000);
  });

  test('a resume that won ends the wait of all; the next loss has a window of its own', () => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 25_000;
    const first = scenario.awaitResume('laptop', seat);
    const second = scenario.awaitResume('tablet', seat);
    const handle = scenario.sessions.resume(first) as Handle;
    scenario.sessions.notifyTransportLost(handle);
    expect(handle.deadline).toBe(55_000);
    scenario.clock.ms = 54_000;
    scenario.sessions.notifyResumeRefused(second);
    expect(handle.deadline).toBe(55_000);
  });

  test('the loss after it is not held for those who came too late', () => {
    const scenario = new SessionScenario({ ...NO_STALL, reconnectWindowMs: 6_000 });
    const seat = scenario.logIn('phone', { playerId: 'anna' });
    const first = scenario.awaitResume('laptop', seat);
    scenario.awaitResume('tablet', seat);
    const handle = scenario.sessions.resume(first) as Handle;
    scenario.sessions.notifyTransportLost(handle);
    expect(handle.deadline).toBe(7_000);
  });

  test('a session whose connection is lost while it is resumed is held for that resume', () => {
    const scenario = new SessionScenario({ ...NO_STALL, reconnectWindowMs: 6_000 });
    const seat = scenario.logIn('phone', { playerId: 'anna' });
    scenario.awaitResume('laptop', seat);
    expect(seat.deadline).toBe(11_000);
    scenario.sessions.notifyTransportLost(seat);
    expect(seat.deadline).toBe(11_000);
    evaluateAt(scenario, 10_999);
    expect(seat.state).toBe('reconnecting');
  });

  test('the same for one that is timed-out', () => {
    const scenario = new SessionScenario({ ...NO_STALL, reconnectWindowMs: 6_000 });
    const seat = scenario.logIn('phone', { playerId: 'anna' });
    evaluateAt(scenario, 11_000);
    scenario.clock.ms = 11_010;
    scenario.awaitResume('laptop', seat);
    evaluateAt(scenario, 11_050);
    expect(seat).toMatchObject({ state: 'reconnecting', deadline: 21_010 });
  });

  test('without a window nothing is held', () => {
    const scenario = new SessionScenario({ ...NO_STALL, reconnectWindowMs: 0 });
    const seat = scenario.logIn('phone', { playerId: 'anna' });
    const resume = scenario.awaitResume('laptop', seat);
    scenario.sessions.notifyTransportLost(seat);
    expect(seat.isAlive).toBe(false);
    expect(scenario.sessions.resume(resume)).toBeUndefined();
  });

  test('a stall extends the wait and what it falls back to', () => {
    const scenario = new SessionScenario();
    const seat = scenario.logIn('phone', { playerId: 'anna' });
    scenario.sessions.notifyTransportLost(seat);
    scenario.pass(25_000);
    const early = scenario.awaitResume('laptop', seat);
    scenario.pass(50);
    const late = scenario.awaitResume('tablet', seat);
    evaluateAt(scenario, 46_050);
    expect(seat).toMatchObject({ state: 'reconnecting', deadline: 56_050 });
    scenario.sessions.notifyResumeRefused(late);
    expect(seat.deadline).toBe(56_000);
    scenario.sessions.notifyResumeRefused(early);
    expect(seat.deadline).toBe(51_000);
  });

  test('R2.S1: nobody else’s seat is held', () => {
    const { scenario, seat } = lostSeat();
    const other = scenario.logIn('bert');
    scenario.sessions.notifyTransportLost(other);
    scenario.clock.ms = 30_000;
    scenario.awaitResume('laptop', seat);
    evaluateAt(scenario, 31_000);
    expect([seat.isAlive, other.isAlive]).toEqual([true, false]);
  });
});

describe('MultiSessionManager: a Resume that is told to come back (L15)', () => {
  test.each([
    { at: 36_000, isHeld: true },
    { at: 45_999, isHeld: true },
    { at: 46_000, isHeld: false },
    { at: 46_001, isHeld: false },
  ])('finds the seat after the wait, and has the time of a login: $at', ({ at, isHeld }) => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 30_000;
    const { newcomer, attempt } = scenario.awaitResume('laptop', seat);
    const refusal = { newcomer, attempt, retryAfterMs: 6_000 };
    expect(scenario.sessions.notifyResumeRefused(refusal)).toBe(true);
    expect(newcomer).toMatchObject({ state: 'login-failed', lastCause: 'busy' });
    expect(scenario.sessions.counters).toMatchObject({
      'resume-postponed': 1,
      'resume-refused': 0,
    });
    evaluateAt(scenario, at);
    expect(seat.isAlive).toBe(isHeld);
  });

  test.each([
    { at: 60_999, isHeld: true },
    { at: 61_000, isHeld: false },
    { at: 61_001, isHeld: false },
  ])('all waits together end with the second window: $at', ({ at, isHeld }) => {
    const { scenario, seat } = lostSeat();
    for (const now of [10_000, 30_000, 50_000]) {
      scenario.clock.ms = now;
      const { newcomer, attempt } = scenario.awaitResume(`laptop ${now}`, seat);
      scenario.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs: 20_000 });
    }
    expect(seat.deadline).toBe(61_000);
    evaluateAt(scenario, at);
    expect(seat.isAlive).toBe(isHeld);
  });

  test('a shorter wait takes nothing off a longer one', () => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 30_000;
    for (const retryAfterMs of [9_000, 0]) {
      const { newcomer, attempt } = scenario.awaitResume(`for ${retryAfterMs}`, seat);
      scenario.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs });
    }
    expect(seat.deadline).toBe(49_000);
  });

  test('before the token was looked up the host names the session', () => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 30_000;
    const { session: newcomer, attempt } = scenario.startResume('laptop');
    const { sessionId } = seat;
    scenario.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs: 5_000, sessionId });
    expect(seat.deadline).toBe(45_000);
  });

  test('of a session that there is not it is a refusal like any other', () => {
    const scenario = new SessionScenario();
    const { session: newcomer, attempt } = scenario.startResume('laptop');
    scenario.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs: 5_000 });
    expect(newcomer.lastCause).toBe('busy');
  });

  test('what was promised while logged-in or timed-out counts from the loss on', () => {
    const scenario = new SessionScenario({ ...NO_STALL, reconnectWindowMs: 12_000 });
    const seat = scenario.logIn('phone', { playerId: 'anna' });
    const { newcomer, attempt } = scenario.awaitResume('laptop', seat);
    scenario.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs: 8_000 });
    scenario.sessions.notifyTransportLost(seat);
    expect(seat.deadline).toBe(19_000);
  });

  test('a stall extends the promise too', () => {
    const scenario = new SessionScenario();
    const seat = scenario.logIn('phone', { playerId: 'anna' });
    scenario.sessions.notifyTransportLost(seat);
    scenario.pass(29_000);
    const { newcomer, attempt } = scenario.awaitResume('laptop', seat);
    scenario.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs: 5_000 });
    expect(seat.deadline).toBe(45_000);
    evaluateAt(scenario, 34_000);
    expect(seat.deadline).toBe(49_000);
    scenario.awaitResume('tablet', seat);
    expect(seat.deadline).toBe(49_000);
  });

  test('a login ends the promise', () => {
    const { scenario, seat } = lostSeat();
    scenario.clock.ms = 30_000;
    const { newcomer, attempt } = scenario.awaitResume('laptop', seat);
    scenario.sessions.notifyResumeRefused({ newcomer, attempt, retryAfterMs: 20_000 });
    const handle = scenario.logIn('tablet', { playerId: 'anna' });
    scenario.sessions.notifyTransportLost(handle);
    expect(handle.deadline).toBe(60_000);
  });
});
