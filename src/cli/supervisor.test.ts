import { constants } from 'node:os';

import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import type { ChildHandler, LaunchFacts } from './supervised-child.ts';
import { Supervisor } from './supervisor.ts';
import type { Listening } from './supervisor.ts';
import { validateSupervisorLimits } from './supervisor-limits.ts';

const UNIX_MS = 1_800_000_000_000;

/** A process that only remembers what it was told and does what the test says. */
class FakeChild {
  readonly signals: string[] = [];
  readonly facts: LaunchFacts;
  readonly handler: ChildHandler;

  constructor(facts: LaunchFacts, handler: ChildHandler) {
    this.facts = facts;
    this.handler = handler;
  }

  listen(port?: number): void {
    this.handler.handleListening(port);
  }

  die(signal = 'SIGKILL'): void {
    this.handler.handleEnded({ code: null, signal });
  }

  exit(code: number): void {
    this.handler.handleEnded({ code, signal: null });
  }
}

let time: VirtualTime;
let supervisor: Supervisor;
let children: FakeChild[];
let lines: string[];
let listenings: Listening[];
let exitCode: number | undefined;

beforeEach(() => {
  time = new VirtualTime();
  [children, lines, listenings, exitCode] = [[], [], [], undefined];
  supervisor = new Supervisor({
    clock: { now: () => time.now(), unixMs: () => UNIX_MS + time.now() },
    scheduler: time,
    limits: validateSupervisorLimits(),
    launch: (facts, handler) => {
      const launched = new FakeChild(facts, handler);
      children.push(launched);
      return { signal: (signal) => void launched.signals.push(signal) };
    },
    say: (line) => void lines.push(line),
    onListening: (listening) => void listenings.push(listening),
  });
  void supervisor.ended.then((code) => (exitCode = code));
  supervisor.start();
});

/** The process that was started last. */
function child(): FakeChild {
  const last = children.at(-1);
  if (last === undefined) throw new Error('nothing was started');
  return last;
}

/** Lives for a while, dies, and its successor serves at once. */
async function fall(lifeMs: number): Promise<void> {
  await time.advanceMs(lifeMs);
  child().die();
  child().listen();
}

async function expectEnd(code: number): Promise<void> {
  await time.advanceMs(0);
  expect(exitCode).toBe(code);
  expect(time.pendingTimers).toBe(0);
}

async function expectNoEnd(): Promise<void> {
  await time.advanceMs(0);
  expect(exitCode).toBeUndefined();
}

describe('a server that dies', () => {
  test.each([
    ['of a signal', 'SIGKILL', () => child().die('SIGKILL')],
    ['with a code', 'exit code 3', () => child().exit(3)],
  ])('%s is started again at once, and one line says so', async (_, how, die) => {
    child().listen();
    await time.advanceMs(12_340);
    die();
    expect(children).toHaveLength(2);
    expect(child().facts).toEqual({
      restarts: 1,
      previous: { how, endedAt: UNIX_MS + time.now() },
    });
    expect(lines).toEqual([]);
    await time.advanceMs(180);
    child().listen();
    expect(lines).toEqual([`server died (${how}) after 12.3 s; restarted in 180 ms`]);
    await expectNoEnd();
  });

  test('is followed by one on the port that the first one chose', async () => {
    child().listen(4_242);
    await fall(20_000);
    expect(child().facts.port).toBe(4_242);
    await fall(20_000);
    expect(child().facts).toMatchObject({ port: 4_242, restarts: 2 });
    expect(listenings).toEqual([
      { restarts: 0, port: 4_242 },
      { restarts: 1, port: 4_242 },
      { restarts: 2, port: 4_242 },
    ]);
  });

  test('has a line of its own each time', async () => {
    child().listen();
    await fall(20_000);
    await time.advanceMs(15_000);
    child().exit(2);
    await time.advanceMs(7);
    child().listen();
    expect(lines).toEqual([
      'server died (SIGKILL) after 20.0 s; restarted in 0 ms',
      'server died (exit code 2) after 15.0 s; restarted in 7 ms',
    ]);
    expect(child().facts.previous?.how).toBe('exit code 2');
  });

  test('has no port to hand on when it was told its own', async () => {
    child().listen();
    await fall(20_000);
    expect(child().facts).not.toHaveProperty('port');
  });

  test('says that it listens as often as it likes: the first time counts', () => {
    child().listen(1);
    child().listen(2);
    expect(listenings).toEqual([{ restarts: 0, port: 1 }]);
  });
});

describe('a supervisor ends', () => {
  test('with 0 when the server ends with 0', async () => {
    child().listen();
    child().exit(0);
    await expectEnd(0);
    expect(children).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  test.each([
    ['code', 7, () => child().exit(7)],
    ['signal', 139, () => child().die('SIGSEGV')],
  ])('with the %s of a server that never listened, silently', async (_, code, die) => {
    die();
    await expectEnd(code);
    expect(children).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  test('with the code of a successor that never listened, and says so', async () => {
    child().listen();
    await time.advanceMs(1_000);
    child().die();
    child().exit(1);
    await expectEnd(1);
    expect(lines).toEqual([
      'server died (SIGKILL) after 1.0 s; its successor never listened (exit code 1)',
    ]);
  });

  test.each([
    [9_999, true],
    [10_000, false],
    [10_001, false],
  ])('when the fifth death comes %i ms after the first: %s', async (spanMs, isOver) => {
    child().listen();
    await fall(60_000);
    await fall(1);
    await fall(1);
    await fall(1);
    await expectNoEnd();
    await time.advanceMs(spanMs - 3);
    child().die();
    if (!isOver) {
      expect(children).toHaveLength(6);
      return expectNoEnd();
    }
    await expectEnd(137);
    expect(lines.at(-1)).toBe('server died (SIGKILL) after 10.0 s; death 5 in 10.0 s, giving up');
    expect(children).toHaveLength(5);
  });

  test('when five deaths come together, however many lay apart before', async () => {
    child().listen();
    for (let death = 0; death < 7; death += 1) await fall(60_000);
    await fall(10_000);
    for (let death = 0; death < 3; death += 1) await fall(1_000);
    await expectNoEnd();
    await time.advanceMs(1_000);
    child().die();
    await expectEnd(137);
    expect(lines.at(-1)).toContain('death 5 in 4.0 s');
  });

  test('not because of deaths that lie apart, however many', async () => {
    child().listen();
    for (let death = 0; death < 100; death += 1) await fall(2_500);
    await expectNoEnd();
    expect(children).toHaveLength(101);
  });
});

describe('a signal to the server that nobody passed on', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('is a death when it ends by %s', async (signal) => {
    child().listen();
    for (let death = 1; death < 5; death += 1) {
      child().die(signal);
      child().listen();
    }
    await expectNoEnd();
    child().die(signal);
    expect(lines[0]).toBe(`server died (${signal}) after 0.0 s; restarted in 0 ms`);
    await time.advanceMs(0);
    expect([children.length, exitCode]).toEqual([5, 128 + constants.signals[signal as 'SIGTERM']]);
  });
});

describe('a signal to the supervisor', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s is passed on, and is the end', async (signal) => {
    child().listen();
    supervisor.handleSignal(signal);
    expect(child().signals).toEqual([signal]);
    await expectNoEnd();
    child().exit(0);
    await expectEnd(0);
    expect(children).toHaveLength(1);
  });

  test('is the end also when the server dies of something else then', async () => {
    child().listen();
    supervisor.handleSignal('SIGTERM');
    child().exit(4);
    await expectEnd(4);
    expect(children).toHaveLength(1);
  });

  test('ends a server that has no handlers yet, as it was wished', async () => {
    supervisor.handleSignal('SIGINT');
    child().die('SIGINT');
    await expectEnd(0);
  });

  test('that comes twice within a second is one wish', async () => {
    child().listen();
    supervisor.handleSignal('SIGINT');
    await time.advanceMs(1_000);
    supervisor.handleSignal('SIGINT');
    expect(child().signals).toEqual(['SIGINT']);
  });

  test('that comes again later kills, and the code is 130', async () => {
    child().listen();
    supervisor.handleSignal('SIGINT');
    await time.advanceMs(1_001);
    supervisor.handleSignal('SIGINT');
    expect(child().signals).toEqual(['SIGINT', 'SIGKILL']);
    child().die();
    await expectEnd(130);
  });

  test('that the server does not hear for 10 s becomes SIGKILL', async () => {
    child().listen();
    supervisor.handleSignal('SIGTERM');
    await time.advanceMs(9_999);
    expect(child().signals).toEqual(['SIGTERM']);
    await time.advanceMs(1);
    expect(child().signals).toEqual(['SIGTERM', 'SIGKILL']);
    child().die();
    await expectEnd(137);
  });
});

describe('a server that asks for a restart', () => {
  test('is stopped politely and started again, and that is no death', async () => {
    child().listen();
    for (let restart = 0; restart < 6; restart += 1) {
      await time.advanceMs(100);
      child().handler.handleRestartWish();
      expect(child().signals).toEqual(['SIGTERM']);
      child().exit(0);
      await time.advanceMs(200);
      child().listen();
    }
    await expectNoEnd();
    expect(children).toHaveLength(7);
    expect(child().facts.previous?.how).toBe('restart');
    expect(lines[0]).toBe('server stopped to restart after 0.1 s; restarted in 200 ms');
    expect(time.pendingTimers).toBe(0);
  });

  test('may end otherwise than politely: however often, that is no death', async () => {
    child().listen();
    for (let restart = 0; restart < 6; restart += 1) {
      child().handler.handleRestartWish();
      child().exit(4);
      child().listen();
    }
    await expectNoEnd();
    expect(children).toHaveLength(7);
  });

  test('is killed when it does not come to its end, and started again', async () => {
    child().listen();
    child().handler.handleRestartWish();
    await time.advanceMs(10_000);
    expect(child().signals).toEqual(['SIGTERM', 'SIGKILL']);
    child().die();
    expect(children).toHaveLength(2);
  });

  test('is not started again when a signal comes meanwhile', async () => {
    child().listen();
    child().handler.handleRestartWish();
    supervisor.handleSignal('SIGINT');
    expect(child().signals).toEqual(['SIGTERM', 'SIGINT']);
    child().exit(0);
    await expectEnd(0);
    expect(children).toHaveLength(1);
  });

  test('is not asked again while it ends', () => {
    child().listen();
    supervisor.handleSignal('SIGINT');
    child().handler.handleRestartWish();
    child().handler.handleRestartWish();
    expect(child().signals).toEqual(['SIGINT']);
  });
});

describe('the limits of a supervisor', () => {
  test.each([
    [{ deathsMax: 0 }, 'limits.deathsMax'],
    [{ deathsMax: 1.5 }, 'limits.deathsMax'],
    [{ deathsMax: 1_001 }, 'limits.deathsMax'],
    [{ deathWindowMs: 0 }, 'limits.deathWindowMs'],
    [{ endTimeoutMs: Number.NaN }, 'limits.endTimeoutMs'],
    [{ endTimeoutMs: 86_400_001 }, 'limits.endTimeoutMs'],
    [{ deaths: 3 }, 'limits.deaths is not an option'],
  ])('%j are refused by the name of what is wrong', (limits, words) => {
    const given: object = limits;
    expect(() => validateSupervisorLimits(given)).toThrow(words);
  });
});
