import { describe, expect, test } from 'vitest';
import { SessionScenario } from '../../test/support/session-scenario.ts';
import type { Handle } from '../../test/support/session-scenario.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';

const ANNA = 'anna' as PlayerId;
const ANSWER = { playerId: ANNA, worldId: 'arena' as WorldId, data: 'new' };
const STATES = ['logged-in', 'timed-out', 'reconnecting'] as const;
const BEFORE_LOGIN = ['transport-connected', 'login-pending', 'login-failed'] as const;
type State = (typeof STATES)[number];

function bring(scenario: SessionScenario, state: State): Handle {
  const session = scenario.logIn('phone', { playerId: 'anna', data: 'red' });
  if (state === 'reconnecting') scenario.sessions.notifyTransportLost(session);
  if (state === 'timed-out') scenario.pass(10_000);
  expect(session.state).toBe(state);
  return session;
}

/** Whatever a refused Resume must leave as it was. */
function look(session: Handle): object {
  const { sessionId, peerId, state, epoch, enteredAt, deadline, data, isAlive } = session;
  return { sessionId, peerId, state, epoch, enteredAt, deadline, data, isAlive };
}

describe('MultiSessionManager: resume (L16)', () => {
  test.each(STATES)('a session that is %s goes on with the newcomer’s connection', (state) => {
    const scenario = new SessionScenario();
    const older = bring(scenario, state);
    scenario.sessions.notifyHeartbeatReceived(older, { serverTick: 1, sentAt: 0 });
    const resume = scenario.awaitResume('laptop', older);
    scenario.clock.ms += 40;
    const handle = scenario.sessions.resume(resume);
    expect(handle).toMatchObject({
      sessionId: older.sessionId,
      peerId: 'laptop',
      playerId: 'anna',
      worldId: 'arena',
      data: 'red',
      state: 'logged-in',
      epoch: 2,
      lastCause: 'resumed',
      enteredAt: scenario.clock.ms,
      lastLivenessAt: scenario.clock.ms,
      deadline: scenario.clock.ms + 10_000,
      roundTripTimeMs: undefined,
      roundTripTimeMsMax: undefined,
      isAlive: true,
    });
    expect(scenario.sessions.size).toBe(1);
    expect(scenario.sessions.counters['session-resumed']).toBe(1);
    expect(scenario.sessions.counters['session-taken-over']).toBe(0);
  });

  test.each(STATES)('from %s the move is told first, then the newcomer’s end', (state) => {
    const scenario = new SessionScenario();
    const older = bring(scenario, state);
    const resume = scenario.awaitResume('laptop', older);
    const handle = scenario.sessions.resume(resume);
    const [resumed, merged] = scenario.events.slice(-2);
    expect(resumed?.session).toBe(handle);
    expect(resumed).toMatchObject({
      from: state,
      to: 'logged-in',
      cause: 'resumed',
      epoch: 2,
      previousPeerId: 'phone',
    });
    expect(merged?.session).toBe(resume.newcomer);
    expect(merged).toMatchObject({
      from: 'login-pending',
      to: 'disconnected',
      cause: 'merged',
      mergedInto: older.sessionId,
    });
  });

  test('look-ups find the new handle, and both older handles are dead', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    const resume = scenario.awaitResume('laptop', older);
    const handle = scenario.sessions.resume(resume);
    const { sessions } = scenario;
    expect(scenario.get('phone')).toBeUndefined();
    expect(scenario.get('laptop')).toBe(handle);
    expect(sessions.getByPlayer(ANNA)).toBe(handle);
    expect(sessions.getBySession(older.sessionId)).toBe(handle);
    expect(sessions.getBySession(resume.newcomer.sessionId)).toBeUndefined();
    expect([older.isAlive, resume.newcomer.isAlive]).toEqual([false, false]);
    expect(older.lastCause).toBe('resumed');
    expect(sessions.notifyTransportLost(older)).toBe(false);
    expect(sessions.notifyLeft(resume.newcomer)).toBe(false);
    expect(handle?.state).toBe('logged-in');
  });

  test('the timeline of the session goes on', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'reconnecting');
    scenario.sessions.resume(scenario.awaitResume('laptop', older));
    const moves = scenario.sessions
      .timeline(older.sessionId)
      .map(({ peerId, cause, epoch }) => `${peerId}: ${cause} ${epoch}`);
    expect(moves.slice(-3)).toEqual([
      'phone: login-succeeded 1',
      'phone: transport-lost 1',
      'laptop: resumed 2',
    ]);
  });

  test('heartbeats begin anew, and silence is judged from the resume on', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'reconnecting');
    scenario.pass(20_000);
    const handle = scenario.sessions.resume(scenario.awaitResume('laptop', older)) as Handle;
    scenario.clock.ms += 250;
    expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([handle]);
    scenario.pass(9_700);
    expect(handle.state).toBe('logged-in');
    scenario.pass(50);
    expect(handle.state).toBe('timed-out');
  });

  test('a verification under way owes a logged-in session no heartbeat and keeps its step', () => {
    const scenario = new SessionScenario({ stallMsMax: 10_000 });
    const older = scenario.logIn('phone', { playerId: 'anna' });
    scenario.pass(2_100);
    scenario.awaitResume('laptop', older);
    scenario.clock.ms += 1_899;
    expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([]);
    scenario.clock.ms += 1;
    expect(scenario.sessions.evaluate().heartbeatsDue).toEqual([older]);
  });

  test('each resume counts the epoch, a takeover between them too', () => {
    const scenario = new SessionScenario();
    let handle = scenario.logIn('one', { playerId: 'anna' });
    handle = scenario.sessions.resume(scenario.awaitResume('two', handle)) as Handle;
    handle = scenario.logIn('three', { playerId: 'anna' });
    handle = scenario.sessions.resume(scenario.awaitResume('four', handle)) as Handle;
    expect(handle).toMatchObject({ epoch: 4, sessionId: 'session-1', peerId: 'four' });
  });

  test('a session keeps its place in the order of creation', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    scenario.logIn('bert');
    scenario.sessions.resume(scenario.awaitResume('laptop', older));
    expect([...scenario.sessions].map(({ playerId }) => playerId)).toEqual(['anna', 'bert']);
  });
});

describe('MultiSessionManager: a resume that is refused (L17)', () => {
  test.each(STATES)('changes nothing for a session that is %s', (state) => {
    const scenario = new SessionScenario();
    const older = bring(scenario, state);
    const before = look(older);
    const { newcomer, attempt } = scenario.awaitResume('laptop', older);
    expect(scenario.sessions.notifyResumeRefused({ newcomer, attempt })).toBe(true);
    expect(look(older)).toEqual(before);
    expect(newcomer).toMatchObject({ state: 'login-failed', lastCause: 'resume-refused' });
    expect(newcomer.isAlive).toBe(true);
    expect(scenario.lastMoves(1)).toEqual(['login-pending → login-failed: resume-refused']);
    expect(scenario.sessions.counters['resume-refused']).toBe(1);
  });

  test.each([1, 3])('leaves all %d logins of the connection', (loginAttemptsMax) => {
    const scenario = new SessionScenario({ loginAttemptsMax });
    const { sessions } = scenario;
    const newcomer = scenario.contact('laptop');
    for (let times = 0; times < 3; times += 1) {
      const attempt = sessions.notifyLoginStarted(newcomer, 'resume')!;
      sessions.notifyResumeRefused({ newcomer, attempt });
    }
    for (let times = 1; times <= loginAttemptsMax; times += 1) {
      expect(newcomer.isAlive).toBe(true);
      const attempt = sessions.notifyLoginStarted(newcomer)!;
      expect(attempt).toBe(3 + times);
      sessions.notifyLoginFailed(newcomer, { attempt, code: 'bad-credentials' });
    }
    expect(newcomer.isAlive).toBe(false);
  });

  test.each([
    { resumes: 2, isTaken: true },
    { resumes: 3, isTaken: false },
  ])('after $resumes of them one more is taken: $isTaken', ({ resumes, isTaken }) => {
    const scenario = new SessionScenario();
    const { sessions } = scenario;
    const newcomer = scenario.contact('laptop');
    for (let times = 0; times < resumes; times += 1) {
      const attempt = sessions.notifyLoginStarted(newcomer, 'resume')!;
      sessions.notifyResumeRefused({ newcomer, attempt });
    }
    expect(sessions.notifyLoginStarted(newcomer, 'resume') !== undefined).toBe(isTaken);
    expect(sessions.counters['resume-attempts-used-up']).toBe(isTaken ? 0 : 1);
  });

  test('a login that failed leaves the resumes alone', () => {
    const scenario = new SessionScenario();
    const { session, attempt } = scenario.startLogin('laptop');
    scenario.sessions.notifyLoginFailed(session, { attempt, code: 'bad-credentials' });
    expect(scenario.sessions.notifyLoginStarted(session, 'resume')).toBe(2);
  });

  test('L7: at the login deadline it was the last attempt of either kind', () => {
    const scenario = new SessionScenario({ stallMsMax: 1_000_000 });
    const { session } = scenario.startResume('laptop');
    scenario.clock.ms = 11_000;
    scenario.sessions.evaluate();
    expect(session).toMatchObject({ state: 'login-failed', lastCause: 'login-timeout' });
    expect(scenario.sessions.notifyLoginStarted(session, 'resume')).toBeUndefined();
    expect(scenario.sessions.notifyLoginStarted(session)).toBeUndefined();
  });

  test.each(BEFORE_LOGIN)('there is nothing to resume in one that is %s', (state) => {
    const scenario = new SessionScenario();
    const target = scenario.contact('bert');
    if (state !== 'transport-connected') {
      const attempt = scenario.sessions.notifyLoginStarted(target)!;
      if (state === 'login-failed') {
        scenario.sessions.notifyLoginFailed(target, { attempt, code: 'bad-credentials' });
      }
    }
    const { session: newcomer, attempt } = scenario.startResume('laptop');
    const { sessionId } = target;
    const start = { sessionId, newcomer, attempt };
    expect(scenario.sessions.notifyResumeStarted(start)).toBeUndefined();
    expect(scenario.sessions.resume({ ...start, expectedEpoch: 0 })).toBeUndefined();
    expect(target.state).toBe(state);
    expect(newcomer).toMatchObject({ state: 'login-failed', lastCause: 'resume-refused' });
    expect(scenario.sessions.counters['resume-target-unknown']).toBe(1);
  });

  test.each(['nobody’s', '__proto__', ''])('a session %j that there is not', (sessionId) => {
    const scenario = new SessionScenario();
    const { session: newcomer, attempt } = scenario.startResume('laptop');
    const start = { sessionId: sessionId as SessionId, newcomer, attempt };
    expect(scenario.sessions.notifyResumeStarted(start)).toBeUndefined();
    expect(newcomer.state).toBe('login-pending');
    expect(scenario.sessions.counters['resume-target-unknown']).toBe(1);
  });

  test('another epoch than at its start refuses by itself: of two one wins', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'reconnecting');
    const first = scenario.awaitResume('laptop', older);
    const second = scenario.awaitResume('tablet', older);
    const winner = scenario.sessions.resume(second) as Handle;
    const before = look(winner);
    expect(scenario.sessions.resume(first)).toBeUndefined();
    expect(look(winner)).toEqual(before);
    expect(first.newcomer).toMatchObject({ state: 'login-failed', lastCause: 'resume-refused' });
    expect(scenario.sessions.counters).toMatchObject({
      'resume-epoch-changed': 1,
      'resume-refused': 1,
      'session-resumed': 1,
    });
  });

  test('a takeover on the way refuses it too', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    const resume = scenario.awaitResume('laptop', older);
    const winner = scenario.logIn('tablet', { playerId: 'anna' });
    expect(scenario.sessions.resume(resume)).toBeUndefined();
    expect(winner).toMatchObject({ state: 'logged-in', epoch: 2, peerId: 'tablet' });
  });

  test('a session that left meanwhile is not there any more', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'logged-in');
    const resume = scenario.awaitResume('laptop', older);
    scenario.sessions.notifyLeft(older);
    expect(scenario.sessions.resume(resume)).toBeUndefined();
    expect(resume.newcomer.lastCause).toBe('resume-refused');
    expect(scenario.sessions.size).toBe(1);
  });

  test('a session that was not named at the start is not resumed, its epoch known or not', () => {
    const scenario = new SessionScenario();
    const anna = bring(scenario, 'reconnecting');
    const bert = scenario.logIn('bert');
    const resume = scenario.awaitResume('laptop', anna);
    const forged = { ...resume, sessionId: bert.sessionId };
    expect(scenario.sessions.resume(forged)).toBeUndefined();
    expect(bert).toMatchObject({ state: 'logged-in', epoch: 1, isAlive: true });
  });

  test('L8: what is not for the pending Resume is ignored and counted', () => {
    const scenario = new SessionScenario();
    const { sessions } = scenario;
    const older = bring(scenario, 'reconnecting');
    const resume = scenario.awaitResume('laptop', older);
    const { newcomer } = resume;
    const late = { ...resume, attempt: 7 };
    expect(sessions.resume(late)).toBeUndefined();
    expect(sessions.notifyResumeStarted(late)).toBeUndefined();
    expect(sessions.notifyResumeRefused(late)).toBe(false);
    expect(sessions.notifyLoginSucceeded(newcomer, { attempt: 1, ...ANSWER })).toBeUndefined();
    expect(sessions.counters['login-answer-stale']).toBe(4);
    expect(newcomer.state).toBe('login-pending');
    expect(sessions.resume(resume)?.state).toBe('logged-in');
  });

  test('L8: a Login that is pending is no Resume', () => {
    const scenario = new SessionScenario();
    const { sessionId } = bring(scenario, 'reconnecting');
    const { session: newcomer, attempt } = scenario.startLogin('laptop');
    const start = { sessionId, newcomer, attempt };
    expect(scenario.sessions.notifyResumeStarted(start)).toBeUndefined();
    expect(scenario.sessions.resume({ ...start, expectedEpoch: 1 })).toBeUndefined();
    expect(scenario.sessions.notifyResumeRefused(start)).toBe(false);
    expect(newcomer.state).toBe('login-pending');
    expect(scenario.sessions.counters['login-answer-stale']).toBe(3);
  });

  test('L14: through a dead handle nothing is resumed', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'reconnecting');
    const resume = scenario.awaitResume('laptop', older);
    scenario.sessions.notifyTransportLost(resume.newcomer);
    const heard = scenario.events.length;
    expect(scenario.sessions.resume(resume)).toBeUndefined();
    expect(scenario.sessions.notifyResumeStarted(resume)).toBeUndefined();
    expect(scenario.sessions.notifyResumeRefused(resume)).toBe(false);
    expect(scenario.sessions.counters['dead-handle']).toBe(3);
    expect(scenario.events).toHaveLength(heard);
    expect(older.state).toBe('reconnecting');
  });

  test('one attempt resumes one session once', () => {
    const scenario = new SessionScenario();
    const older = bring(scenario, 'reconnecting');
    const resume = scenario.awaitResume('laptop', older);
    expect(scenario.sessions.notifyResumeStarted(resume)).toBeUndefined();
    const bert = scenario.logIn('bert');
    const other = { ...resume, sessionId: bert.sessionId };
    expect(scenario.sessions.notifyResumeStarted(other)).toBeUndefined();
    expect(scenario.sessions.counters['login-not-expected']).toBe(2);
    expect(scenario.sessions.resume(resume)?.epoch).toBe(2);
    expect(scenario.sessions.resume(resume)).toBeUndefined();
  });

  test('L3b: a Resume where one is pending or accepted already is refused and counted', () => {
    const scenario = new SessionScenario();
    const { session } = scenario.startResume('laptop');
    expect(scenario.sessions.notifyLoginStarted(session, 'resume')).toBeUndefined();
    const bert = scenario.logIn('bert');
    expect(scenario.sessions.notifyLoginStarted(bert, 'resume')).toBeUndefined();
    expect(scenario.sessions.counters['login-not-expected']).toBe(2);
  });
});
