/** Counted messages: a real run passes, and each kind of wrong that is done to it shows. */
import { beforeAll, describe, expect, test } from 'vitest';
import { checkReliable } from '../../src/simulator/oracles/check-reliable.ts';
import type { RunResult } from '../../src/simulator/run-result.ts';
import { forgeReceived, forgeSent } from './forged-trace.ts';
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
