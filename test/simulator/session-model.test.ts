/**
 * The model of the session rules: silent over a run that is right, and loud over the same run with
 * one fact of its log bent, for each kind of mistake that it is there to find.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { refuse } from '../../src/host/authentication.ts';
import { MESSAGE_KIND_BYTES } from '../../src/protocol/message-kinds.ts';
import { validateSessionPolicy } from '../../src/session/session-policy.ts';
import { checkSessions } from '../../src/simulator/oracles/check-sessions.ts';
import { RunRecorder } from '../../src/simulator/run-recorder.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import type { HeardMove, SessionFact } from '../../src/simulator/session-log.ts';
import { createSimulation, type Simulation } from '../../src/simulator/simulation.ts';

const POLICY = { loginTimeoutMs: 2_000, livenessTimeoutMs: 4_000, reconnectWindowMs: 3_000 };

/**
 * Ada falls silent and comes back, nobody answers fay's login, dan's two machines take the seat
 * from each other, eve claims to be others, bob sends garbage, cleo is removed, and the server
 * stands still for a while.
 */
async function recordTroubles(): Promise<RunResult> {
  let simulation: Simulation | undefined;
  const recorder = new RunRecorder({ clock: { now: () => simulation?.time.now() ?? 0 } });
  for (const name of ['ada', 'cleo']) recorder.addPeer({ name, role: 'honest', playerId: name });
  for (const name of ['dan', 'eve', 'bob', 'fay']) recorder.addPeer({ name, role: 'hostile' });
  simulation = await createSimulation({
    seed: 11,
    peers: ['ada', 'cleo'],
    faults: { delayMs: 20 },
    policy: POLICY,
    ...recorder.hooks,
    authenticate: recorder.hearLogins((credentials) => {
      const { playerId } = Object(credentials) as { readonly playerId?: unknown };
      if (playerId === 'fay') return new Promise(() => undefined);
      return typeof playerId === 'string' ? { playerId } : refuse('bad-credentials');
    }),
  });
  const startedAt = simulation.time.now();
  const { network, server } = simulation;
  simulation.addHostile({ name: 'dan', kind: 'double-login' });
  simulation.addHostile({ name: 'eve', kind: 'forged-identity' });
  simulation.addHostile({ name: 'bob', kind: 'garbage' });
  simulation.addHostile({ name: 'fay', kind: 'silent' });
  simulation.schedule(1_000, () => network.line('ada').partition('both'));
  simulation.schedule(8_000, () => network.line('ada').heal());
  simulation.schedule(9_000, () => {
    const session = [...server.sessions].find(({ playerId }) => playerId === 'cleo');
    if (session !== undefined) server.sessions.remove(session, 'by-hand');
  });
  simulation.schedule(10_000, () => server.node.pause());
  simulation.schedule(11_500, () => server.node.resume());
  // Ends between two ticks: what arrives at the instant of one is read in it.
  await simulation.advanceMs(16_025);
  const result = recorder.finish({
    seed: 11,
    name: 'troubles',
    tickRateHz: 20,
    policy: validateSessionPolicy(POLICY),
    startedAt,
    healedAt: undefined,
  });
  await simulation.stop();
  return result;
}

let run: RunResult;

beforeAll(async () => {
  run = await recordTroubles();
});

/** What the model says when the facts are others. */
function verdictOn(bentFacts: readonly SessionFact[]): string {
  const { sessions } = run;
  const bent = { facts: bentFacts, bytesOf: sessions!.bytesOf.bind(sessions) };
  const findings = checkSessions({ ...run, sessions: bent });
  return findings.map(({ text }) => text).join('\n');
}

function facts(): readonly SessionFact[] {
  return run.sessions!.facts;
}

/** The facts without the first that is like that. */
function without(isIt: (fact: SessionFact) => boolean): SessionFact[] {
  const index = facts().findIndex(isIt);
  expect(index).toBeGreaterThanOrEqual(0);
  return facts().toSpliced(index, 1);
}

/** The facts with the first that is like that changed. */
function withOther(
  isIt: (fact: SessionFact) => boolean,
  change: (fact: SessionFact) => SessionFact,
): SessionFact[] {
  const index = facts().findIndex(isIt);
  expect(index).toBeGreaterThanOrEqual(0);
  return facts().with(index, change(facts()[index]!));
}

function isMove(cause: string, to?: string): (fact: SessionFact) => boolean {
  return (fact) =>
    fact.kind === 'heard' && fact.move.cause === cause && (to ?? fact.move.to) === fact.move.to;
}

function withMove(cause: string, change: (move: HeardMove) => Partial<HeardMove>): SessionFact[] {
  return withOther(isMove(cause), (fact) => {
    if (fact.kind !== 'heard') return fact;
    return { ...fact, move: { ...fact.move, ...change(fact.move) } };
  });
}

function isFrame(kind: 'sent' | 'received', word: keyof typeof MESSAGE_KIND_BYTES) {
  return (fact: SessionFact): boolean =>
    fact.kind === kind && run.sessions!.bytesOf(fact)[0] === MESSAGE_KIND_BYTES[word];
}

describe('the model of the session rules', () => {
  test('has nothing to say against a run that is right', () => {
    expect(verdictOn(facts())).toBe('');
  });

  test('hears in that run of every move that there is', () => {
    const causes = new Set(
      facts().map((fact) => (fact.kind === 'heard' ? `${fact.move.cause} ${fact.move.to}` : '')),
    );
    for (const each of [
      'login-succeeded logged-in',
      'taken-over logged-in',
      'merged disconnected',
      'liveness-timeout timed-out',
      'liveness-timeout reconnecting',
      'reconnect-window-expired disconnected',
      'bad-credentials login-failed',
      'by-hand disconnected',
      'protocol-error disconnected',
    ]) {
      expect(causes).toContain(each);
    }
    expect(facts().some((fact) => fact.kind === 'evaluation-ends' && fact.stallMs > 0)).toBe(true);
  });

  test('misses a time-out that does not come', () => {
    const bent = without(isMove('liveness-timeout', 'timed-out'));
    expect(verdictOn(bent)).toMatch(/ada#1 stays logged-in: from \S+ ms on timed-out .* is due/);
  });

  test('objects to a time-out that comes before its deadline', () => {
    const index = facts().findIndex(isMove('liveness-timeout', 'timed-out'));
    const heard = facts()[index]!;
    const before = facts().findLastIndex(
      ({ kind, at }, place) => place < index && kind === 'evaluation-ends' && at < heard.at,
    );
    const early = { ...heard, at: facts()[before]!.at };
    const bent = facts().toSpliced(index, 1).toSpliced(before, 0, early);
    expect(verdictOn(bent)).toMatch(/ada#1 moves logged-in → timed-out .* without a cause/);
  });

  test('objects to a time-out of a peer that was heard', () => {
    const index = facts().findIndex(isMove('liveness-timeout', 'timed-out'));
    const frame = facts().find((fact) => fact.kind === 'received' && fact.peer === 'ada');
    expect(isFrame('received', 'login')(frame!)).toBe(true);
    const move = facts().find(isFrame('received', 'move-input'))!;
    const evaluation = facts().findLastIndex(
      ({ kind }, place) => place < index && kind === 'evaluation-begins',
    );
    const at = facts()[evaluation]!.at - 1;
    const word = { ...move, at, sentAt: at, peer: 'ada', connection: 1 } as SessionFact;
    const bent = facts().toSpliced(evaluation, 0, word);
    expect(verdictOn(bent)).toMatch(/ada#1 moves logged-in → timed-out .* without a cause/);
  });

  test('objects to a lost connection that was not lost', () => {
    const lost = facts().findIndex(isMove('protocol-error'));
    const { look } = (facts()[lost] as Extract<SessionFact, { kind: 'heard' }>).move;
    const move = { look, from: 'login-pending', to: 'disconnected', cause: 'transport-lost' };
    const bent = withMove('protocol-error', () => ({ ...move }) as Partial<HeardMove>);
    expect(verdictOn(bent)).toMatch(/\(transport-lost\) without a cause/);
  });

  test('objects to an epoch that stays', () => {
    const bent = withMove('taken-over', ({ epoch }) => ({ epoch: epoch - 1 }));
    expect(verdictOn(bent)).toMatch(/dan#\d+ .* with epoch 1, not 2/);
  });

  test('objects to a takeover that nobody has logged in for', () => {
    const bent = withOther(
      (fact) => fact.kind === 'login-answered' && fact.ask === askOf('taken-over'),
      (fact) => ({ ...fact, answer: { kind: 'refused', code: 'no' } }) as SessionFact,
    );
    expect(verdictOn(bent)).toMatch(/\(taken-over\) without a cause/);
  });

  test('misses the word superseded', () => {
    const heard = facts().findIndex(isMove('taken-over'));
    const close = facts().findLastIndex(
      (fact, place) => place < heard && isFrame('sent', 'close')(fact),
    );
    expect(verdictOn(facts().toSpliced(close, 1))).toMatch(/is told nothing, not 'superseded'/);
  });

  test('misses the end of a session that became part of another', () => {
    const bent = without(isMove('merged'));
    expect(verdictOn(bent)).toMatch(/is still login-pending, not disconnected \(merged\)/);
  });

  test('objects to an old connection that is found after a takeover', () => {
    const bent = withMove('taken-over', () => ({ isPreviousFound: true }));
    expect(verdictOn(bent)).toMatch(/get\('dan#\d+'\) finds somebody/);
  });

  test('misses a newcomer in the look-ups', () => {
    const bent = withMove('merged', ({ look }) => ({ look: { ...look, foundByPeer: undefined } }));
    expect(verdictOn(bent)).toMatch(/the look-ups have no session of its connection/);
  });

  test('objects to a removal that nobody ordered', () => {
    const bent = without((fact) => fact.kind === 'order');
    expect(verdictOn(bent)).toMatch(/cleo#1 .* \(by-hand\) without a cause/);
  });

  test('objects to a removal that is done twice', () => {
    const index = facts().findIndex(({ kind }) => kind === 'order-answered');
    const bent = facts().toSpliced(index, 0, facts()[index]!);
    expect(verdictOn(bent)).toMatch(/is removed more than once/);
  });

  test('objects to another word than the cause has', () => {
    const bent = withMove('by-hand', () => ({ cause: 'left' }));
    expect(verdictOn(bent)).toMatch(/cleo#1 is told evicted, not 'left'/);
  });

  test('objects to a stall that is not noticed', () => {
    const bent = withOther(
      (fact) => fact.kind === 'evaluation-ends' && fact.stallMs > 0,
      (fact) => ({ ...fact, stallMs: 0 }) as SessionFact,
    );
    expect(verdictOn(bent)).toMatch(/a stall of 1\d{3} ms is taken for 0 ms/);
  });

  test('objects to a subscriber that is left out', () => {
    const bent = without(({ kind }) => kind === 'heard-last');
    expect(verdictOn(bent)).toMatch(/the last subscriber has not heard/);
  });

  test('objects to a handle that is behind its event', () => {
    const bent = withMove('login-started', ({ look }) => ({
      look: { ...look, state: 'transport-connected' },
    }));
    expect(verdictOn(bent)).toMatch(/its handle says so when login-pending is heard/);
  });

  test('objects to look-ups that have forgotten somebody', () => {
    const bent = withOther(
      (fact) => fact.kind === 'look-ups' && fact.sessions.length > 2,
      (fact) => (fact.kind === 'look-ups' ? { ...fact, sessions: fact.sessions.slice(1) } : fact),
    );
    expect(verdictOn(bent)).toMatch(/the look-ups show \d+: .*; there are ada#1/);
  });

  test('objects to a message that waits while silence is judged', () => {
    const received = facts().findIndex(isFrame('received', 'move-input'));
    const evaluation = facts().findIndex(
      ({ kind }, place) => place > received && kind === 'evaluation-ends',
    );
    const { at } = facts()[evaluation]!;
    const late = { ...facts()[received]!, at } as SessionFact;
    const bent = facts().toSpliced(evaluation + 1, 0, late);
    expect(verdictOn(bent)).toMatch(/has a message waiting while silence is judged/);
  });

  test('misses a Login that is not begun', () => {
    const bent = without(isMove('login-started'));
    expect(verdictOn(bent)).toMatch(/due is login-pending \(login-started\)/);
  });

  test('objects to a hook that is not told that nobody waits', () => {
    const bent = facts().filter(({ kind }) => kind !== 'login-aborted');
    expect(verdictOn(bent)).toMatch(/and authenticate is not told/);
  });

  test('misses the answer to a login', () => {
    const isAdas = (fact: SessionFact): boolean => fact.kind === 'sent' && fact.peer === 'ada';
    const isAccepted = isFrame('sent', 'login-accepted');
    const accepted = without((fact) => isAdas(fact) && isAccepted(fact));
    expect(verdictOn(accepted)).toMatch(/ada#1 is not told that it is in/);
    const refused = without(isFrame('sent', 'login-rejected'));
    expect(verdictOn(refused)).toMatch(/is (not )?told '(bad-credentials|version-mismatch)'/);
  });
});

/** Which question to `authenticate` the first such move answers. */
function askOf(cause: string): number {
  const index = facts().findIndex(isMove(cause));
  const answered = facts().findLast(
    (fact, place) => place < index && fact.kind === 'login-answered',
  );
  return answered?.kind === 'login-answered' ? answered.ask : 0;
}
