/** Oracles over one run: each passes a right one and objects to each kind of wrong. */
import { describe, expect, test } from 'vitest';
import { checkBounds } from '../../src/simulator/oracles/check-bounds.ts';
import { checkLegalLifecycle } from '../../src/simulator/oracles/check-legal-lifecycle.ts';
import { checkLiveness } from '../../src/simulator/oracles/check-liveness.ts';
import { checkRun } from '../../src/simulator/oracles/check-run.ts';
import { RunGauges } from '../../src/simulator/run-gauges.ts';
import { SERVER_BEGINS } from '../../src/simulator/run-recorder.ts';
import { HandMadeTrace, handMadeRun, wholeLife, type ShortMove } from './hand-made-run.ts';

const CONTACT = 'disconnected > transport-connected transport-activity';
const LOGIN = 'transport-connected > login-pending login-started';
const ACCEPTED = 'login-pending > logged-in login-succeeded';

function serverLife(...moves: readonly (string | Partial<ShortMove>)[]): HandMadeTrace {
  const trace = new HandMadeTrace('ada');
  let epoch = 0;
  moves.forEach((given, index) => {
    const move = typeof given === 'string' ? given : (given.move ?? '');
    if (move.includes('> logged-in')) epoch += 1;
    trace.serverMove({ at: index, epoch, ...(typeof given === 'string' ? {} : given), move });
  });
  return trace;
}

function textsOf(findings: readonly { readonly text: string }[]): string[] {
  return findings.map(({ text }) => text);
}

describe('O7: checkLegalLifecycle', () => {
  test.each([
    ['a whole life', wholeLife('ada')],
    ['a refused login', serverLife(CONTACT, LOGIN, 'login-pending > login-failed bad-credentials')],
    [
      'a time-out, and the cause that stays',
      serverLife(
        CONTACT,
        LOGIN,
        ACCEPTED,
        'logged-in > timed-out liveness-timeout',
        'timed-out > reconnecting liveness-timeout',
        'reconnecting > disconnected reconnect-window-expired',
      ),
    ],
    [
      'a takeover by another connection',
      serverLife(CONTACT, LOGIN, ACCEPTED, {
        move: 'logged-in > logged-in taken-over',
        connection: 2,
      }),
    ],
  ])('%s is legal', (_, trace) => {
    expect(checkLegalLifecycle(handMadeRun([trace]))).toEqual([]);
  });

  test.each([
    [
      'a move the table lacks',
      'the table has no',
      serverLife(CONTACT, 'transport-connected > logged-in login-succeeded'),
    ],
    [
      'another cause',
      'the table has no',
      serverLife(CONTACT, LOGIN, 'login-pending > logged-in left'),
    ],
    [
      'a cause that did not stay',
      'the table has no',
      serverLife(
        CONTACT,
        LOGIN,
        ACCEPTED,
        'logged-in > timed-out liveness-timeout',
        'timed-out > reconnecting left',
      ),
    ],
    ['a gap', 'begins at', serverLife(CONTACT, ACCEPTED)],
    [
      'a second end',
      'begins at',
      serverLife(
        CONTACT,
        'transport-connected > disconnected evicted',
        'transport-connected > disconnected evicted',
      ),
    ],
    [
      'a second beginning',
      'begins twice',
      serverLife(CONTACT, 'transport-connected > disconnected evicted', CONTACT),
    ],
    [
      'an epoch that stands still',
      'epoch 0',
      serverLife(CONTACT, LOGIN, { move: ACCEPTED, epoch: 0 }),
    ],
    ['an epoch that leaps', 'epoch 2', serverLife(CONTACT, LOGIN, { move: ACCEPTED, epoch: 2 })],
    ['an epoch without a login', 'epoch 1', serverLife(CONTACT, { move: LOGIN, epoch: 1 })],
    [
      'time that falls',
      'happens before',
      serverLife({ move: CONTACT, at: 5 }, { move: LOGIN, at: 4 }),
    ],
    ['a foreign connection', 'speaks for', serverLife(CONTACT, { move: LOGIN, connection: 2 })],
    ['a word that is no state', 'a state that there is not', serverLife('disconnected > open x')],
  ])('%s is found', (_, words, trace) => {
    const texts = textsOf(checkLegalLifecycle(handMadeRun([trace])));
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain(words);
  });

  test('a session without an end is found once everything was stopped', () => {
    const run = handMadeRun([serverLife(CONTACT)]);
    expect(textsOf(checkLegalLifecycle(run, { isStopped: true }))[0]).toContain('has no end');
    expect(checkLegalLifecycle(run)).toEqual([]);
  });

  test('a server that dies takes its sessions along', () => {
    const life = serverLife(CONTACT);
    life.trace.recordText(9, 'note', SERVER_BEGINS);
    expect(checkLegalLifecycle(handMadeRun([life]), { isStopped: true })).toEqual([]);
  });

  test('the client’s side has its own rows', () => {
    const good = new HandMadeTrace('ada')
      .clientMove({ at: 1, move: 'login-pending > logged-in login-succeeded' })
      .clientMove({ at: 2, move: 'logged-in > reconnecting transport-lost' })
      .clientMove({ at: 3, move: 'reconnecting > logged-in login-succeeded' });
    expect(checkLegalLifecycle(handMadeRun([good]))).toEqual([]);
    good.clientMove({ at: 4, move: 'logged-in > logged-in taken-over' });
    expect(checkLegalLifecycle(handMadeRun([good]))).toHaveLength(1);
  });
});

describe('O8: checkBounds', () => {
  const gaugesOf = (...values: readonly number[]): RunGauges => {
    const gauges = new RunGauges();
    values.forEach((value, at) => gauges.read('queue', { value, bound: 10, at, of: 'ada' }));
    return gauges;
  };

  test.each([[[10]], [[3, 10, 4]], [[-1]]])('%j is within a bound of 10', (values) => {
    expect(checkBounds(handMadeRun([], { gauges: gaugesOf(...values) }))).toEqual([]);
  });

  test.each([[[11, 0]], [[0, 10.001]], [[Number.NaN, 0]], [[0, Number.NaN, 3]]])(
    '%j is beyond it',
    (values) => {
      expect(checkBounds(handMadeRun([], { gauges: gaugesOf(...values) }))).toHaveLength(1);
    },
  );

  test('a bound that falls is held as well', () => {
    const gauges = gaugesOf(9);
    gauges.read('queue', { value: 5, bound: 4, at: 7, of: 'bob' });
    const [finding] = checkBounds(handMadeRun([], { gauges }));
    expect(finding).toMatchObject({ at: 7 });
  });

  test('a gauge that nobody has read is found', () => {
    expect(checkBounds(handMadeRun([]), ['displacement'])).toHaveLength(1);
  });
});

describe('O9: checkLiveness', () => {
  const OPTIONS = { withinMs: 100, snapshotGapMsMax: 60, until: 500 };
  const healed = (trace: HandMadeTrace, role: 'honest' | 'hostile' = 'honest') =>
    handMadeRun([trace], { healedAt: 200, role });

  /** Logged in at 210, with snapshots each 50 ms but for those that are left out. */
  function liveLife(withoutSnapshotAt?: number): HandMadeTrace {
    const trace = new HandMadeTrace('ada')
      .serverMove({ at: 210, move: 'login-pending > logged-in login-succeeded', epoch: 1 })
      .clientMove({ at: 220, move: 'login-pending > logged-in login-succeeded' });
    for (let at = 250; at <= 600; at += 50) {
      if (at !== withoutSnapshotAt) trace.snapshot(at, at / 50);
    }
    return trace;
  }

  test('who is in and sees the world is alive', () => {
    expect(checkLiveness(healed(liveLife()), OPTIONS)).toEqual([]);
  });

  test('a takeover does not interrupt it, nor does what happens after the end', () => {
    const trace = liveLife()
      .serverMove({ at: 400, move: 'logged-in > logged-in taken-over', epoch: 2 })
      .serverMove({ at: 500, move: 'logged-in > disconnected left' });
    expect(checkLiveness(healed(trace), OPTIONS)).toEqual([]);
  });

  test.each([
    [
      'a server that lets go',
      'on the server',
      liveLife().serverMove({ at: 300.5, move: 'logged-in > timed-out liveness-timeout' }),
    ],
    [
      'a client that lets go',
      'on the client',
      liveLife().clientMove({ at: 499, move: 'logged-in > reconnecting transport-lost' }),
    ],
    ['a missing snapshot', 'no snapshot for 100 ms from 350 ms', liveLife(400)],
    ['a server that began anew', 'on the server', withRestart(liveLife())],
  ])('%s is found', (_, words, trace) => {
    const texts = textsOf(checkLiveness(healed(trace), OPTIONS));
    expect(texts.join('\n')).toContain(words);
  });

  function withRestart(trace: HandMadeTrace): HandMadeTrace {
    trace.trace.recordText(350, 'note', SERVER_BEGINS);
    return trace;
  }

  test('who never came in is found on the server and without snapshots', () => {
    const texts = textsOf(checkLiveness(healed(new HandMadeTrace('ada')), OPTIONS));
    expect(texts).toHaveLength(2);
  });

  test('who came in too late is found', () => {
    const late = new HandMadeTrace('ada');
    for (let at = 250; at <= 500; at += 50) late.snapshot(at, at);
    late.serverMove({ at: 301, move: 'login-pending > logged-in login-succeeded', epoch: 1 });
    expect(textsOf(checkLiveness(healed(late), OPTIONS))[0]).toContain('at 300 ms');
  });

  test('of the hostile and the absent nothing is asked', () => {
    const nobody = new HandMadeTrace('ada');
    expect(checkLiveness(healed(nobody, 'hostile'), OPTIONS)).toEqual([]);
    const absent = new Set(['ada']);
    expect(checkLiveness(healed(nobody), { ...OPTIONS, absent })).toEqual([]);
  });

  test('a run without healing, or too short, is no proof', () => {
    expect(checkLiveness(handMadeRun([liveLife()]), OPTIONS)).toHaveLength(1);
    expect(checkLiveness(healed(liveLife()), { ...OPTIONS, withinMs: 250 })).toHaveLength(1);
  });
});

describe('checkRun', () => {
  test('a right run has no findings', () => {
    expect(checkRun(handMadeRun([wholeLife('ada')]), { isStopped: true })).toEqual([]);
  });

  test('gathers the findings of each oracle, and what threw', () => {
    const gauges = new RunGauges();
    gauges.read('queue', { value: 2, bound: 1, at: 0, of: 'ada' });
    const errors = [{ at: 5, where: 'holdfast itself', text: 'AssertionFailure' }];
    const run = handMadeRun([serverLife(ACCEPTED)], { gauges, errors });
    const liveness = { withinMs: 1, snapshotGapMsMax: 1 };
    const findings = checkRun(run, { liveness });
    expect(findings.map(({ oracle }) => oracle)).toEqual(['errors', 'O7', 'O8', 'O9']);
  });
});
