/** Counted messages: a real run passes, and each kind of wrong that is done to it shows. */
import { beforeAll, describe, expect, test } from 'vitest';
import { checkReliable } from '../../src/simulator/oracles/check-reliable.ts';
import type { PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import { SERVER_BEGINS, SERVER_DRAINS } from '../../src/simulator/run-recorder.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { ACCEPTED } from '../support/fake-server.ts';
import { forgeReceived, forgeSent } from './forged-trace.ts';
import { HandMadeTrace, handMadeRun } from './hand-made-run.ts';
import { recordRun } from './recorded-run.ts';

function problemsOf(run: RunResult): string {
  return checkReliable(run)
    .map(({ text }) => text)
    .join('\n');
}

describe('the oracle of counted messages', () => {
  let run: RunResult;

  beforeAll(async () => {
    run = await recordRun({
      peers: [{ name: 'ada', faults: { delayMs: 40 } }, { name: 'bo' }, { name: 'cleo' }],
      options: { policy: { livenessTimeoutMs: 4_000, reconnectWindowMs: 6_000 } },
      // What is said in that time reaches nobody.
      prepare: (simulation) => {
        simulation.schedule(2_000, () => simulation.network.line('ada').partition('both'));
        simulation.schedule(3_500, () => simulation.network.line('ada').heal());
        simulation.schedule(3_500, () => simulation.dropConnection('ada'));
      },
    });
  });

  test('has nothing to say against a run that is right', () => {
    expect(problemsOf(run)).toBe('');
  });

  test('hears in that run of messages that are sent again, both ways', () => {
    const ada = run.peers.get('ada')!.trace;
    const resumed = [...ada.entries('server-move')].filter(({ text }) => text?.includes('resumed'));
    expect(resumed).toHaveLength(1);
    const { at } = resumed[0]!;
    const told = [...ada.entries('server-sent')].filter((entry) => entry.at === at);
    // login-accepted, at least one message, heartbeat
    expect(told.length).toBeGreaterThan(2);
  });

  test.each<[string, (right: RunResult) => RunResult]>([
    [
      'of its messages were taken',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'heartbeat',
          nth: 6,
          change: (told) => ({ ...told, reliableReceived: told.reliableReceived + 1 }),
        }),
    ],
    [
      'of its messages were taken',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'login-accepted',
          nth: 2,
          change: (told) => ({ ...told, reliableReceived: (told.reliableReceived ?? 0) + 1 }),
        }),
    ],
    [
      'is told of counts with a fresh login',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'login-accepted',
          change: (told) => ({ ...told, reliableReceived: 0 }),
        }),
    ],
    [
      'gets something else before its roster|gets no roster',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'roster',
          isIt: ({ isComplete }) => isComplete,
          change: () => undefined,
        }),
    ],
    [
      'begins to count anew',
      (right) =>
        forgeSent(right, 'ada', {
          kind: 'login-accepted',
          nth: 2,
          change: (told) => ({ ...told, reliableReceived: undefined }),
        }),
    ],
    [
      'another message|were sent',
      (right) => forgeSent(right, 'ada', { kind: 'combat-event', nth: 2, change: () => undefined }),
    ],
    [
      'the client says that it has taken',
      (right) =>
        forgeReceived(right, 'ada', {
          kind: 'heartbeat-answer',
          nth: 3,
          change: (said) => ({ ...said, reliableReceived: said.reliableReceived + 1 }),
        }),
    ],
    [
      'the client says that it has taken',
      (right) =>
        forgeReceived(right, 'ada', {
          kind: 'resume',
          change: (said) => ({ ...said, reliableReceived: 0 }),
        }),
    ],
  ])('objects: %s', (problem, forge) => {
    expect(problemsOf(forge(run))).toMatch(new RegExp(problem));
  });
});

describe('counts that a process has written down', () => {
  const accepted = {
    ...ACCEPTED,
    sessionId: 's1' as SessionId,
    playerId: 'ada' as PlayerId,
    worldId: 'main' as WorldId,
    heartbeatIntervalMs: 1_000,
    livenessTimeoutMs: 4_000,
    reconnectWindowMs: 3_000,
    snapshotFields: [],
    resumeToken: 'token',
  };
  const roster = {
    kind: 'roster',
    isComplete: true,
    entered: [{ entity: 1, playerId: 'ada' as PlayerId }],
    left: [],
  } as const;
  const heartbeat = { kind: 'heartbeat', serverTick: 1, tickFraction: 0 } as const;

  function welcome(life: HandMadeTrace, at: number, isResumed: boolean): void {
    const nonce = `00000000000000${at}`;
    life.down(at, { ...accepted, isResumed });
    if (isResumed) {
      const counts = { ticksLost: 0, eventsMissed: 0, reliableSent: 0 };
      life.down(at, { kind: 'resynced', fromTick: 1, ...counts });
    }
    life.down(at, roster);
    life.down(at, { ...heartbeat, nonce, roundTripTimeMs: 0, reliableReceived: 0 });
    life.up(at + 1, { kind: 'heartbeat-answer', nonce, serverTick: 1, reliableReceived: 1 });
  }

  function begin(life: HandMadeTrace, at: number, note?: string): void {
    if (note !== undefined) life.trace.recordText(at, 'note', note);
    life.trace.recordText(at, 'note', SERVER_BEGINS);
    life.serverMove({ at, move: 'logged-in > reconnecting server-restarted', epoch: 1 });
  }

  /** A life in which the server has died, or not, before it stops in good order. */
  function problemsAfter(hasCrashed: boolean): string {
    const life = new HandMadeTrace('ada');
    life.trace.recordText(10, 'connection-opened', 'server opens connection 1');
    life.serverMove({ at: 10, move: 'login-pending > logged-in login-succeeded', epoch: 1 });
    welcome(life, 10, false);
    if (hasCrashed) begin(life, 20);
    begin(life, 30, SERVER_DRAINS);
    life.trace.recordText(40, 'connection-opened', 'server opens connection 1');
    life.up(40, {
      kind: 'resume',
      protocolVersion: accepted.protocolVersion,
      sessionId: accepted.sessionId,
      token: 'token',
      lastTick: 1,
      reliableReceived: 1,
    });
    life.serverMove({ at: 40, move: 'reconnecting > logged-in resumed', epoch: 2 });
    welcome(life, 40, true);
    const durability = { journal: 'behind', facts: [], troubles: [], losses: [] } as const;
    const run = handMadeRun([life], { durability });
    return checkReliable(run)
      .map(({ text }) => text)
      .filter((text) => text.includes('at the server'))
      .join();
  }

  test('are owed to whoever comes back', () => {
    expect(problemsAfter(false)).toContain('begins to count anew, having taken 1 of 1');
  });

  test('are none where one before it had forgotten them', () => {
    expect(problemsAfter(true)).toBe('');
  });
});
