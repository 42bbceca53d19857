import { describe, expect, test } from 'vitest';
import type { SessionId } from '../protocol/ids.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Lifecycle, LifecycleEvent, LifecycleStep, SessionSide } from './lifecycle.ts';
import { step } from './step.ts';

const POLICY = {
  loginTimeoutMs: 10_000,
  loginAttemptsMax: 3,
  livenessTimeoutMs: 8_000,
  reconnectWindowMs: 30_000,
};

function session(side: SessionSide, changes: Partial<Lifecycle>): Lifecycle {
  return {
    ...createLifecycle({ side, policy: POLICY, at: 0 }),
    lastCause: 'transport-activity',
    ...changes,
  };
}

const server = (changes: Partial<Lifecycle>) => session('server', changes);
const client = (changes: Partial<Lifecycle>) => session('client', changes);

/** "from → to: cause" of each move; the words of each refusal. */
function told({ effects }: LifecycleStep): string[] {
  return effects.map((effect) =>
    effect.kind === 'publish-move'
      ? `${effect.from} → ${effect.to}: ${effect.cause}`
      : `refused: ${effect.refusal}`,
  );
}

function accepted(changes: Partial<Extract<LifecycleEvent, { kind: 'login-accepted' }>> = {}) {
  return {
    kind: 'login-accepted' as const,
    attempt: 1,
    sessionId: 'one' as SessionId,
    epoch: 1,
    livenessTimeoutMs: 6_000,
    reconnectWindowMs: 20_000,
    ...changes,
  };
}

describe('step, server', () => {
  test('L1: first contact runs the login deadline', () => {
    const after = step(server({}), { kind: 'transport-activity' }, 100);
    expect(told(after)).toEqual(['disconnected → transport-connected: transport-activity']);
    expect(after.session.deadline).toBe(10_100);
  });

  test('L3: a login counts an attempt and leaves the login deadline alone', () => {
    const before = server({ state: 'transport-connected', deadline: 10_000 });
    const after = step(before, { kind: 'login-started', attemptKind: 'login' }, 4_000);
    expect(told(after)).toEqual(['transport-connected → login-pending: login-started']);
    expect(after.session).toMatchObject({ attempt: 1, deadline: 10_000, enteredAt: 4_000 });
  });

  test('L3: a login after a refusal needs an attempt that is left', () => {
    const failed = { state: 'login-failed', deadline: 10_000, enteredAt: 500 } as const;
    const second = step(
      server({ ...failed, attempt: 2 }),
      { kind: 'login-started', attemptKind: 'login' },
      600,
    );
    expect(second.session).toMatchObject({ state: 'login-pending', attempt: 3 });
    const fourth = step(
      server({ ...failed, attempt: 3 }),
      { kind: 'login-started', attemptKind: 'login' },
      600,
    );
    expect(told(fourth)).toEqual(['refused: login-attempts-used-up']);
  });

  test('L4: a login that succeeds counts the epoch and runs the liveness deadline', () => {
    const before = server({ state: 'login-pending', attempt: 2, epoch: 4 });
    const after = step(before, { kind: 'login-succeeded', attempt: 2 }, 700);
    expect(told(after)).toEqual(['login-pending → logged-in: login-succeeded']);
    expect(after.session).toMatchObject({ epoch: 5, deadline: 8_700, lastLivenessAt: 700 });
  });

  test('L5: the last attempt that fails is told first and removed then', () => {
    const before = server({ state: 'login-pending', attempt: 3, deadline: 10_000 });
    const after = step(before, { kind: 'login-failed', attempt: 3, code: 'bad-credentials' }, 10);
    expect(told(after)).toEqual([
      'login-pending → login-failed: bad-credentials',
      'login-failed → disconnected: bad-credentials',
    ]);
  });

  test('L6: the login deadline after a refusal removes with the code of the refusal', () => {
    const before = server({ state: 'login-failed', lastCause: 'bad-credentials' });
    const after = step(before, { kind: 'deadline-passed', stallMs: 0 }, 10_000);
    expect(told(after)).toEqual(['login-failed → disconnected: bad-credentials']);
  });

  test('L7: a login that reaches the login deadline fails and cannot be tried again', () => {
    const before = server({ state: 'login-pending', attempt: 1, deadline: 10_000 });
    const after = step(before, { kind: 'deadline-passed', stallMs: 0 }, 10_000);
    expect(told(after)).toEqual(['login-pending → login-failed: login-timeout']);
    const again = step(after.session, { kind: 'login-started', attemptKind: 'login' }, 10_001);
    expect(told(again)).toEqual(['refused: login-attempts-used-up']);
  });

  test('L8: an answer to an older attempt is stale', () => {
    const before = server({ state: 'login-pending', attempt: 2 });
    for (const event of [
      { kind: 'login-succeeded', attempt: 1 },
      { kind: 'login-failed', attempt: 1, code: 'bad-credentials' },
    ] as const) {
      expect(told(step(before, event, 0))).toEqual(['refused: login-answer-stale']);
    }
  });

  test('L11: the reconnect window begins with the entry into timed-out', () => {
    const before = server({
      state: 'timed-out',
      enteredAt: 1_000,
      lastCause: 'liveness-timeout',
    });
    const after = step(before, { kind: 'deadline-passed', stallMs: 0 }, 1_050);
    expect(told(after)).toEqual(['timed-out → reconnecting: liveness-timeout']);
    expect(after.session.deadline).toBe(31_000);
  });

  test('L11: a stall is added to the reconnect window', () => {
    const before = server({
      state: 'timed-out',
      enteredAt: 1_000,
      lastCause: 'liveness-timeout',
    });
    const after = step(before, { kind: 'deadline-passed', stallMs: 4_000 }, 5_000);
    expect(after.session.deadline).toBe(35_000);
  });

  test('L12: a lost connection holds the seat, and without a window it does not', () => {
    const lost = { kind: 'transport-lost', cause: 'transport-lost' } as const;
    const held = step(server({ state: 'logged-in' }), lost, 500);
    expect(held.session).toMatchObject({ state: 'reconnecting', deadline: 30_500 });
    const policy = { ...POLICY, reconnectWindowMs: 0 };
    const gone = step(server({ state: 'logged-in', policy }), lost, 500);
    expect(told(gone)).toEqual(['logged-in → disconnected: transport-lost']);
  });
});

describe('step, server, resumes', () => {
  const login = { kind: 'login-started', attemptKind: 'login' } as const;
  const resume = { kind: 'login-started', attemptKind: 'resume' } as const;
  const failed = { state: 'login-failed', deadline: 10_000, enteredAt: 500 } as const;

  test.each([
    { event: login, attempt: 5, resumeAttempts: 3, outcome: 'login-pending' },
    { event: login, attempt: 6, resumeAttempts: 3, outcome: 'login-attempts-used-up' },
    { event: resume, attempt: 4, resumeAttempts: 2, outcome: 'login-pending' },
    { event: resume, attempt: 4, resumeAttempts: 3, outcome: 'resume-attempts-used-up' },
  ])('L3, L17: $event.attemptKind, $resumeAttempts of $attempt: $outcome', (given) => {
    const { event, attempt, resumeAttempts, outcome } = given;
    const after = step(server({ ...failed, attempt, resumeAttempts }), event, 600);
    const isTaken = outcome === 'login-pending';
    expect(told(after)).toEqual([
      isTaken ? 'login-failed → login-pending: login-started' : `refused: ${outcome}`,
    ]);
    if (isTaken) expect(after.session).toMatchObject({ attempt: attempt + 1, deadline: 10_000 });
  });

  test('L4: a Resume that is pending is no Login that could succeed', () => {
    const before = server({ state: 'login-pending', attempt: 1, attemptKind: 'resume' });
    const after = step(before, { kind: 'login-succeeded', attempt: 1 }, 0);
    expect(told(after)).toEqual(['refused: login-answer-stale']);
  });

  test('L17: a Resume that fails never removes', () => {
    const policy = { ...POLICY, loginAttemptsMax: 1 };
    const counts = { attempt: 4, resumeAttempts: 3, attemptKind: 'resume' } as const;
    const before = server({ state: 'login-pending', policy, ...counts });
    const after = step(before, { kind: 'login-failed', attempt: 4, code: 'resume-refused' }, 0);
    expect(told(after)).toEqual(['login-pending → login-failed: resume-refused']);
  });

  test.each([
    { awaitedUntil: 29_999, heldUntil: undefined, deadline: 30_000 },
    { awaitedUntil: 30_001, heldUntil: undefined, deadline: 30_001 },
    { awaitedUntil: undefined, heldUntil: 30_001, deadline: 30_001 },
    { awaitedUntil: 40_000, heldUntil: 50_000, deadline: 50_000 },
    { awaitedUntil: 59_999, heldUntil: 50_000, deadline: 59_999 },
    { awaitedUntil: 60_000, heldUntil: undefined, deadline: 60_000 },
    { awaitedUntil: 60_001, heldUntil: undefined, deadline: 60_000 },
  ])('L15: awaited until $awaitedUntil, held until $heldUntil: $deadline', (given) => {
    const { awaitedUntil, heldUntil, deadline } = given;
    const before = server({ state: 'logged-in', awaitedUntil, heldUntil });
    const lost = step(before, { kind: 'transport-lost', cause: 'transport-lost' }, 0);
    expect(lost.session).toMatchObject({ state: 'reconnecting', deadline, seatUntil: 30_000 });
    const seat = { state: 'reconnecting', deadline: 30_000, seatUntil: 30_000 } as const;
    const event = { kind: 'resume-awaited', until: awaitedUntil } as const;
    expect(step(server({ ...seat, heldUntil }), event, 0).session.deadline).toBe(deadline);
  });

  test('L15: who is told to come back has the time of a login for it', () => {
    const seat = { state: 'reconnecting', deadline: 30_000, seatUntil: 30_000 } as const;
    const event = { kind: 'resume-postponed', retryAfterMs: 2_000 } as const;
    expect(step(server(seat), event, 29_000).session).toMatchObject({
      state: 'reconnecting',
      heldUntil: 41_000,
      deadline: 41_000,
    });
  });

  test('L23: a restored session keeps its epoch and is held for a window', () => {
    const after = step(server({}), { kind: 'restored', epoch: 7 }, 500);
    expect(told(after)).toEqual(['disconnected → reconnecting: server-restarted']);
    expect(after.session).toMatchObject({ epoch: 7, deadline: 30_500, lastLivenessAt: 500 });
  });
});

describe('step, client', () => {
  test('C1: an opened connection starts, and starts again after the end', () => {
    for (const epoch of [0, 3]) {
      const after = step(client({ epoch }), { kind: 'transport-activity' }, 100);
      expect(after.session).toMatchObject({ state: 'transport-connected', deadline: 10_100 });
    }
  });

  test('C2: acceptance brings the session, its epoch and its policy', () => {
    const before = client({ state: 'login-pending', attempt: 1 });
    const after = step(before, accepted(), 200);
    expect(told(after)).toEqual(['login-pending → logged-in: login-succeeded']);
    expect(after.session).toMatchObject({ sessionId: 'one', epoch: 1, deadline: 6_200 });
    expect(after.session.policy).toMatchObject({ livenessTimeoutMs: 6_000 });
  });

  test('C5: the seat is sought until window and liveness have passed since the last frame', () => {
    const before = client({ state: 'logged-in', lastLivenessAt: 1_000, attempt: 1 });
    const after = step(before, { kind: 'transport-lost', cause: 'transport-lost' }, 5_000);
    expect(after.session).toMatchObject({ state: 'reconnecting', deadline: 39_000 });
  });

  test('C5: the acceptance that logged in once does not log in again', () => {
    const lost = { kind: 'transport-lost', cause: 'transport-lost' } as const;
    const before = step(client({ state: 'logged-in', attempt: 1 }), lost, 5_000).session;
    expect(told(step(before, accepted(), 5_100))).toEqual(['refused: login-answer-stale']);
  });

  test('C5: an attempt that was given up cannot be accepted any more', () => {
    const sent = step(
      client({ state: 'reconnecting' }),
      { kind: 'login-started', attemptKind: 'login' },
      0,
    ).session;
    const lost = { kind: 'transport-lost', cause: 'transport-lost' } as const;
    const givenUp = step(sent, lost, 2_000).session;
    expect(told(step(givenUp, accepted({ attempt: sent.attempt }), 2_100))).toEqual([
      'refused: login-answer-stale',
    ]);
    const next = step(givenUp, { kind: 'login-started', attemptKind: 'login' }, 2_200).session;
    expect(told(step(next, accepted({ attempt: next.attempt }), 2_300))).toEqual([
      'reconnecting → logged-in: login-succeeded',
    ]);
  });

  test('C6: a refusal that is not retryable is told first and ends then', () => {
    const event = {
      kind: 'login-refused',
      attempt: 1,
      code: 'bad-credentials',
      retryable: false,
    } as const;
    expect(told(step(client({ state: 'login-pending', attempt: 1 }), event, 0))).toEqual([
      'login-pending → login-failed: bad-credentials',
      'login-failed → disconnected: bad-credentials',
    ]);
  });

  test.each([
    { sessionId: 'one', epoch: 4, outcome: 'refused: login-epoch-stale' },
    { sessionId: 'one', epoch: 5, outcome: 'reconnecting → logged-in: login-succeeded' },
    { sessionId: 'one', epoch: 6, outcome: 'reconnecting → logged-in: login-succeeded' },
    { sessionId: 'two', epoch: 1, outcome: 'reconnecting → logged-in: login-succeeded' },
  ])('C7: epoch $epoch of session $sessionId after epoch 5 of one: $outcome', (given) => {
    const before = client({
      state: 'reconnecting',
      sessionId: 'one' as SessionId,
      epoch: 5,
      attempt: 1,
    });
    const event = accepted({ sessionId: given.sessionId as SessionId, epoch: given.epoch });
    expect(told(step(before, event, 0))).toEqual([given.outcome]);
  });

  test.each([
    { sessionId: 'one', epoch: 4, outcome: 'refused: login-epoch-stale' },
    { sessionId: 'one', epoch: 5, outcome: 'reconnecting → logged-in: resumed' },
    { sessionId: 'one', epoch: 6, outcome: 'reconnecting → logged-in: resumed' },
    { sessionId: 'two', epoch: 9, outcome: 'refused: resume-of-another-session' },
  ])('C7: a Resume is accepted as epoch $epoch of $sessionId: $outcome', (given) => {
    const known = { sessionId: 'one' as SessionId, epoch: 5, attempt: 1 };
    const before = client({ state: 'reconnecting', ...known });
    const event = { ...accepted(), kind: 'resume-accepted', epoch: given.epoch } as const;
    const after = step(before, { ...event, sessionId: given.sessionId as SessionId }, 0);
    expect(told(after)).toEqual([given.outcome]);
  });

  test('C7: who comes back without a memory takes the session that the server names', () => {
    const before = client({ state: 'login-pending', attempt: 1 });
    const after = step(before, { ...accepted({ epoch: 9 }), kind: 'resume-accepted' }, 0);
    expect(told(after)).toEqual(['login-pending → logged-in: resumed']);
    expect(after.session).toMatchObject({ sessionId: 'one', epoch: 9 });
  });

  test.each([
    { code: 'resume-refused', retryable: true, isOver: true },
    { code: 'resume-refused', retryable: false, isOver: true },
    { code: 'busy', retryable: true, isOver: false },
    { code: 'already-logged-in', retryable: true, isOver: false },
    { code: 'bad-credentials', retryable: false, isOver: true },
  ])('C9: while reconnecting $code (retryable: $retryable) is final: $isOver', (given) => {
    const { code, retryable, isOver } = given;
    const before = client({ state: 'reconnecting', attempt: 1 });
    const after = step(before, { kind: 'login-refused', attempt: 1, code, retryable }, 0);
    expect(told(after)).toEqual(isOver ? [`reconnecting → disconnected: ${code}`] : []);
    expect(after.session.attempt).toBe(isOver ? 1 : 2);
  });
});
