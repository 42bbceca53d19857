import { describe, expect, test } from 'vitest';
import type { SessionId } from '../protocol/ids.ts';
import { createLifecycle } from './lifecycle.ts';
import type {
  Lifecycle,
  LifecycleEvent,
  LifecycleEventKind,
  LifecycleStep,
  SessionSide,
} from './lifecycle.ts';
import { SESSION_CAUSES } from './session-cause.ts';
import { SESSION_STATES } from './session-state.ts';
import type { SessionState } from './session-state.ts';
import { step } from './step.ts';
import { SESSION_TRANSITIONS } from './transitions.ts';
import type { SessionTransition } from './transitions.ts';

const NOW = 5_000;
const SIDES: readonly SessionSide[] = ['server', 'client'];
const SESSION_ID = 'session-one' as SessionId;

const ACCEPTED = {
  kind: 'login-accepted',
  attempt: 2,
  sessionId: SESSION_ID,
  epoch: 7,
  livenessTimeoutMs: 10_000,
  reconnectWindowMs: 30_000,
} as const;

/** Every kind of event, with every content that a rule tells apart. */
const EVENTS = {
  'transport-activity': [{ kind: 'transport-activity' }],
  'login-started': [
    { kind: 'login-started', attemptKind: 'login' },
    { kind: 'login-started', attemptKind: 'resume' },
  ],
  'login-succeeded': [
    { kind: 'login-succeeded', attempt: 2 },
    { kind: 'login-succeeded', attempt: 1 },
  ],
  'login-failed': [
    { kind: 'login-failed', attempt: 2, code: 'bad-credentials' },
    { kind: 'login-failed', attempt: 1, code: 'bad-credentials' },
  ],
  'login-accepted': [
    ACCEPTED,
    { ...ACCEPTED, attempt: 1 },
    { ...ACCEPTED, epoch: 4 },
    { ...ACCEPTED, epoch: 1, sessionId: 'session-two' as SessionId },
  ],
  'resume-accepted': [
    { ...ACCEPTED, kind: 'resume-accepted' },
    { ...ACCEPTED, kind: 'resume-accepted', attempt: 1 },
    { ...ACCEPTED, kind: 'resume-accepted', epoch: 4 },
    { ...ACCEPTED, kind: 'resume-accepted', sessionId: 'session-two' as SessionId },
  ],
  'login-refused': [
    { kind: 'login-refused', attempt: 2, code: 'resume-refused', retryable: true },
    { kind: 'login-refused', attempt: 2, code: 'world-full', retryable: true },
    { kind: 'login-refused', attempt: 2, code: 'bad-credentials', retryable: false },
    { kind: 'login-refused', attempt: 1, code: 'bad-credentials', retryable: false },
  ],
  'deadline-passed': [
    { kind: 'deadline-passed', stallMs: 0 },
    { kind: 'deadline-passed', stallMs: 4_000 },
  ],
  'transport-lost': [{ kind: 'transport-lost', cause: 'transport-lost' }],
  left: [{ kind: 'left' }],
  'host-closed': [
    { kind: 'host-closed', code: 'slow-consumer', retryable: true },
    { kind: 'host-closed', code: 'protocol-error', retryable: false },
  ],
  removed: [{ kind: 'removed', reason: 'evicted' }],
  'taken-over': [{ kind: 'taken-over' }],
  resumed: [{ kind: 'resumed' }],
  merged: [{ kind: 'merged' }],
  'resume-awaited': [
    { kind: 'resume-awaited', until: 9_000 },
    { kind: 'resume-awaited', until: undefined },
  ],
  'resume-postponed': [{ kind: 'resume-postponed', retryAfterMs: 1_000 }],
  restored: [{ kind: 'restored', epoch: 8 }],
} as const satisfies Record<LifecycleEventKind, readonly LifecycleEvent[]>;

const KINDS = Object.keys(EVENTS) as LifecycleEventKind[];

/** A session in a state, in every shape that a rule tells apart. */
function sessions(side: SessionSide, state: SessionState): readonly Lifecycle[] {
  const policy = {
    loginTimeoutMs: 10_000,
    loginAttemptsMax: 3,
    livenessTimeoutMs: 10_000,
    reconnectWindowMs: 30_000,
  };
  const usual: Lifecycle = {
    ...createLifecycle({ side, policy, at: 0 }),
    state,
    sessionId: SESSION_ID,
    epoch: 5,
    attempt: 2,
    enteredAt: 4_000,
    deadline: 4_900,
    seatUntil: state === 'reconnecting' ? 4_900 : undefined,
    lastLivenessAt: 3_000,
    lastCause: 'transport-lost',
  };
  const shapes: readonly Lifecycle[] = [
    usual,
    { ...usual, policy: { ...policy, loginAttemptsMax: 2 } },
    { ...usual, policy: { ...policy, reconnectWindowMs: 0 } },
    { ...usual, deadline: 4_000 },
    { ...usual, attempt: 5, attemptKind: 'login', resumeAttempts: 3 },
    { ...usual, attemptKind: 'resume', resumeAttempts: 1 },
    { ...usual, sessionId: undefined },
    { ...usual, awaitedUntil: 9_000, heldUntil: 8_000 },
  ];
  return shapes.map((session) => Object.freeze(session));
}

interface Case {
  readonly side: SessionSide;
  readonly session: Lifecycle;
  readonly event: LifecycleEvent;
  readonly result: LifecycleStep;
}

function casesOf(side: SessionSide, state: SessionState, kind: LifecycleEventKind): Case[] {
  return sessions(side, state).flatMap((session) =>
    EVENTS[kind].map((event) => ({ side, session, event, result: step(session, event, NOW) })),
  );
}

function allCases(): Case[] {
  return SIDES.flatMap((side) =>
    SESSION_STATES.flatMap((state) => KINDS.flatMap((kind) => casesOf(side, state, kind))),
  );
}

/** What moves nothing and is no refusal either. */
const STAYS: readonly string[] = [
  // L2
  ...SESSION_STATES.filter((state) => state !== 'disconnected').map(
    (state) => `server ${state} transport-activity`,
  ),
  // L12b
  'server timed-out transport-lost',
  'server reconnecting transport-lost',
  // L15
  ...['logged-in', 'timed-out', 'reconnecting'].flatMap((state) => [
    `server ${state} resume-awaited`,
    `server ${state} resume-postponed`,
  ]),
  // C3: the client's own drop; C5: attempts while reconnecting
  'client timed-out transport-lost',
  'client timed-out host-closed',
  'client reconnecting transport-activity',
  'client reconnecting login-started',
  'client reconnecting login-refused',
  'client reconnecting transport-lost',
  'client reconnecting host-closed',
];

function rowsUsedBy({ side, event, result, session }: Case): SessionTransition[] {
  return result.effects.flatMap((effect) => {
    if (effect.kind !== 'publish-move') return [];
    const rows = SESSION_TRANSITIONS.filter(
      (row) =>
        row.side === side &&
        row.from === effect.from &&
        row.event === event.kind &&
        row.to === effect.to &&
        (row.cause === 'kept'
          ? effect.cause === session.lastCause
          : row.cause === 'given'
            ? givenBy(event).includes(effect.cause)
            : row.cause === effect.cause),
    );
    expect(rows, `${side} ${effect.from} ${event.kind} → ${effect.to}`).toHaveLength(1);
    return rows;
  });
}

function givenBy(event: LifecycleEvent): string[] {
  const words: string[] = [];
  if ('code' in event) words.push(event.code);
  if ('reason' in event) words.push(event.reason);
  if ('cause' in event) words.push(event.cause);
  return words;
}

describe('step, every state × event on both sides', () => {
  test('nothing moves outside the table', () => {
    for (const one of allCases()) rowsUsedBy(one);
  });

  test('each row of the table is reached', () => {
    const reached = new Set(allCases().flatMap(rowsUsedBy));
    expect(SESSION_TRANSITIONS.filter((row) => !reached.has(row))).toEqual([]);
  });

  test('rows are not repeated', () => {
    const keys = SESSION_TRANSITIONS.map((row) => [row.side, row.from, row.event, row.to].join());
    expect(new Set(keys).size).toBe(keys.length);
  });

  for (const side of SIDES) {
    for (const state of SESSION_STATES) {
      test.each(KINDS)(`${side}, ${state}: %s is a move, a known stay, or a refusal`, (kind) => {
        for (const { session, result } of casesOf(side, state, kind)) {
          const moves = result.effects.filter((effect) => effect.kind === 'publish-move');
          const refusals = result.effects.filter((effect) => effect.kind === 'count-refusal');
          if (moves.length > 0) {
            expect(refusals).toEqual([]);
            expect(moves[0]?.from).toBe(state);
            expect(moves.at(-1)?.to).toBe(result.session.state);
            expect(moves.at(-1)?.cause).toBe(result.session.lastCause);
            expect(result.session.enteredAt).toBe(NOW);
          } else if (refusals.length > 0) {
            expect(refusals).toHaveLength(1);
            expect(result.session).toBe(session);
          } else {
            expect(STAYS).toContain(`${side} ${state} ${kind}`);
            expect(result.session.state).toBe(state);
          }
        }
      });
    }
  }

  test('a known stay is one in some case', () => {
    const stays = new Set(
      allCases()
        .filter(({ result }) => result.effects.length === 0)
        .map(({ side, session, event }) => `${side} ${session.state} ${event.kind}`),
    );
    expect(STAYS.filter((cell) => !stays.has(cell))).toEqual([]);
  });

  test('the same question has the same answer', () => {
    for (const { session, event, result } of allCases()) {
      expect(step(session, event, NOW)).toEqual(result);
    }
  });

  test('a session that is disconnected has no deadline', () => {
    for (const { result } of allCases()) {
      if (result.effects.length === 0 || result.session.state !== 'disconnected') continue;
      if (result.effects[0]?.kind === 'publish-move')
        expect(result.session.deadline).toBe(Infinity);
    }
  });

  test('the epoch rises by one with each login on the server, and a restore brings it', () => {
    for (const { side, session, event, result } of allCases()) {
      if (side !== 'server') continue;
      if (event.kind === 'restored' && result.session !== session) {
        expect(result.session.epoch).toBe(event.epoch);
        continue;
      }
      const hasLoggedIn =
        result.session.state === 'logged-in' &&
        result.effects.some((effect) => effect.kind === 'publish-move');
      expect(result.session.epoch).toBe(session.epoch + (hasLoggedIn ? 1 : 0));
    }
  });

  test('a stay moves no deadline but that of a seat that is held', () => {
    for (const { session, event, result } of allCases()) {
      if (result.effects.length > 0 || result.session.deadline === session.deadline) continue;
      expect([session.state, event.kind]).toEqual([
        'reconnecting',
        expect.stringMatching(/^resume-(awaited|postponed)$/),
      ]);
    }
  });

  test('nobody waits any more for a session that was logged in', () => {
    for (const { side, result } of allCases()) {
      if (side !== 'server' || result.session.state !== 'logged-in') continue;
      if (result.effects.length === 0) continue;
      if (result.effects[0]?.kind !== 'publish-move') continue;
      const { seatUntil, awaitedUntil, heldUntil } = result.session;
      expect([seatUntil, awaitedUntil, heldUntil]).toEqual([undefined, undefined, undefined]);
    }
  });

  test('every fixed cause of the table is a word of the vocabulary', () => {
    const words: readonly string[] = [...SESSION_CAUSES, 'given', 'kept'];
    for (const { cause } of SESSION_TRANSITIONS) expect(words).toContain(cause);
  });
});
