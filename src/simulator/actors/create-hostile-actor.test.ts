import { beforeAll, describe, expect, test } from 'vitest';

import { openHostileStage } from '../../../test/support/hostile-stage.ts';
import type { HostileStage } from '../../../test/support/hostile-stage.ts';
import type { HostCounters } from '../../host/host-counters.ts';
import { createHostileActor, HOSTILE_ACTOR_KINDS } from './create-hostile-actor.ts';
import type { HostileActorKind } from './create-hostile-actor.ts';

/** What each kind does within 15 s, and what of it the server notices. */
interface Doings {
  readonly done: readonly string[];
  readonly noticed?: (counters: HostCounters) => readonly number[];
}

const DOINGS: Readonly<Record<HostileActorKind, Doings>> = {
  flood: {
    done: ['closed rate-limited'],
    noticed: ({ overBudgetMessages, rateLimited }) => [overBudgetMessages, rateLimited],
  },
  garbage: {
    done: [
      'noise',
      'noise of a kind',
      'cut short',
      'flipped bit',
      'grown',
      'of a server',
      'too large',
      'empty',
      'text',
      'closed protocol-error',
    ],
    noticed: ({ protocolErrors, malformedByCode }) => [
      protocolErrors,
      malformedByCode.get('text-frame'),
      malformedByCode.get('frame-empty'),
      malformedByCode.get('frame-too-large'),
      malformedByCode.get('unknown-kind'),
      malformedByCode.get('malformed'),
    ],
  },
  'poison-numbers': {
    done: ['move float', 'move tick', 'shot float', 'shot tick', 'shot view'],
    noticed: ({ malformedByCode }) => [malformedByCode.get('out-of-range')],
  },
  'wrong-ticks': {
    done: ['stale', 'duplicate', 'future', 'out of order', 'fair'].flatMap((kind) => [
      `move ${kind}`,
      `shot ${kind}`,
    ]),
  },
  'forged-identity': {
    done: [
      'login again',
      'login of another version',
      'guessed nonce',
      'repeated nonce',
      'odd target',
      'claimed player',
      'login elsewhere',
    ],
    noticed: ({ unknownNonces, misplacedMessages, loginsRefusedByCode }) => [
      unknownNonces,
      misplacedMessages,
      loginsRefusedByCode.get('bad-credentials'),
      loginsRefusedByCode.get('version-mismatch'),
    ],
  },
  'slow-reader': { done: ['stalls', 'moves'] },
  'half-open': { done: ['lost by the client', 'lost by the server', 'given up', 'moves'] },
  'login-storm': {
    done: [
      'knock right',
      'knock wrong',
      'knock right and wrong',
      'knock none',
      'knock gone at once',
      'let in',
      'closed superseded',
      'closed login-failed',
    ],
    noticed: ({ misplacedMessages, loginsRefusedByCode }) => [
      misplacedMessages,
      loginsRefusedByCode.get('bad-credentials'),
    ],
  },
  'reconnect-storm': { done: ['let in', 'drop', 'close', 'leave', 'reset', 'stay'] },
  'early-talker': {
    done: ['move', 'shot', 'heartbeat-answer', 'user-message', 'leave', 'login'],
    noticed: ({ misplacedMessages }) => [misplacedMessages],
  },
  'double-login': { done: ['let in', 'moves', 'closed superseded'] },
  'twin-login': {
    done: ['together', 'a moment apart', 'twice on each', 'let in', 'closed superseded'],
    noticed: ({ misplacedMessages }) => [misplacedMessages],
  },
  guesser: {
    done: ['wrong', 'right', 'gives up', 'refused', 'let in', 'closed login-failed'],
    noticed: ({ loginsRefusedByCode }) => [loginsRefusedByCode.get('bad-credentials')],
  },
  silent: { done: ['let in', 'closed without a code'] },
  babbler: {
    done: [
      'malformed',
      'wrong lane',
      'login again',
      'guessed nonce',
      'used nonce',
      'let in',
      'closed without a code',
    ],
    noticed: ({ malformedByCode, misplacedMessages, unknownNonces }) => [
      malformedByCode.get('unknown-kind'),
      misplacedMessages,
      unknownNonces,
    ],
  },
  'token-guesser': {
    done: ['own session', 'no session', 'empty', 'long', 'other version', 'login', 'refused'],
    noticed: ({ misplacedMessages, loginsRefusedByCode }) => [
      misplacedMessages,
      loginsRefusedByCode.get('resume-refused'),
      loginsRefusedByCode.get('version-mismatch'),
    ],
  },
  'token-replayer': {
    done: [
      'raced',
      'raced apart',
      'spent',
      'void since the login',
      'played elsewhere',
      'answer lost',
      'resumes',
      'resumed',
      'let in',
      'refused',
      'closed superseded',
    ],
    noticed: ({ tokensReused, loginsRefusedByCode }) => [
      tokensReused,
      loginsRefusedByCode.get('resume-refused'),
      loginsRefusedByCode.get('busy'),
    ],
  },
  'resume-storm': {
    done: [
      'honest',
      'forgetful',
      'taken back',
      'absurd count',
      'absurd tick',
      'false acknowledgement',
      'resumed',
      'let in',
      'refused',
      'drop',
    ],
    noticed: ({ seatMovesRefused, falseAcknowledgements, resyncs, countedMessagesResent }) => [
      seatMovesRefused,
      falseAcknowledgements,
      resyncs,
      countedMessagesResent,
    ],
  },
  'input-flood': {
    done: ['let in', 'moves', 'copies'],
    noticed: ({ verdicts, overBudgetMessages }) => [verdicts.duplicate, overBudgetMessages],
  },
  'lag-switch': {
    done: ['let in', 'moves', 'released'],
    noticed: ({ verdicts }) => [verdicts.stale],
  },
  'input-burst': {
    done: ['let in', 'moves', 'released'],
    noticed: ({ verdicts }) => [verdicts.stale],
  },
  'fast-clock': {
    done: ['let in', 'moves', 'clock set'],
    noticed: ({ inputsRejectedByCode }) => [inputsRejectedByCode.get('too-far-ahead')],
  },
  'tick-jump': {
    done: ['let in', 'moves', 'jump ahead', 'jump back', 'jump far'],
    noticed: ({ verdicts, inputsRejectedByCode, malformedByCode }) => [
      verdicts.stale,
      inputsRejectedByCode.get('too-far-ahead'),
      malformedByCode.get('out-of-range'),
    ],
  },
  'teleport-claim': {
    done: ['let in', 'moves'],
    noticed: ({ verdicts, inputsRejectedByCode }) => [
      verdicts.clamped,
      inputsRejectedByCode.get('not-finite'),
    ],
  },
  'shot-liar': {
    done: [
      'let in',
      'view of now',
      'view just past',
      'view of the beginning',
      'view long past',
      'view future',
      'view far future',
      'at nobody',
      'at itself',
      'at a stranger',
      'at somebody',
      'aimed where it is',
      'aimed where it was',
    ],
    noticed: ({ inputsRejectedByCode }) => [
      inputsRejectedByCode.get('target-self'),
      inputsRejectedByCode.get('target-unknown'),
      inputsRejectedByCode.get('aim-mismatch'),
    ],
  },
};

async function watch(kind: HostileActorKind, durationMs: number): Promise<HostileStage> {
  const stage = await openHostileStage((options) => createHostileActor(kind, options));
  const { simulation, actor } = stage;
  await simulation.waitUntil(() => stage.honest.every(({ isLoggedIn }) => isLoggedIn));
  actor.start();
  await simulation.advanceMs(durationMs);
  return stage;
}

/** What the actor did, and what of it arrived. */
function doingsOf({ actor, simulation }: HostileStage) {
  const { counters } = simulation.server.host;
  return { counts: [...actor.counts], bytesReceived: counters.bytesReceived };
}

describe.each(HOSTILE_ACTOR_KINDS)('%s', (kind) => {
  let stage: HostileStage;

  beforeAll(async () => {
    stage = await watch(kind, 20_000);
  });

  test('does all that it can do, and the server counts it', () => {
    const { done, noticed } = DOINGS[kind];
    expect(done.filter((name) => stage.actor.counts.get(name) === 0)).toEqual([]);
    expect(noticed?.(stage.simulation.server.host.counters) ?? []).not.toContain(0);
  });

  test('costs nobody else anything', () => {
    const { counters } = stage.simulation.server.host;
    expect(stage.honest.map(({ state }) => state)).toEqual(['logged-in', 'logged-in']);
    expect(stage.honest.map(({ client }) => client?.stats.reconnects)).toEqual([0, 0]);
    expect(stage.honest.map(({ client }) => client?.epoch)).toEqual([1, 1]);
    expect([counters.internalErrors, counters.worldsFailed]).toEqual([0, 0]);
    expect(stage.errors).toEqual([]);
  });

  test('does nothing once it has stopped, and leaves nothing behind', async () => {
    stage.actor.stop();
    stage.actor.stop();
    await stage.simulation.advanceMs(1_000);
    const before = [...stage.actor.counts];
    const { connections } = stage.simulation.network.line('eve');
    await stage.simulation.advanceMs(3_000);
    expect([...stage.actor.counts]).toEqual(before);
    expect(stage.simulation.network.line('eve').connections).toBe(connections);
    await stage.end();
  });

  test('does the same again from the same seed', async () => {
    const one = await watch(kind, 3_000);
    const other = await watch(kind, 3_000);
    expect(doingsOf(one)).toEqual(doingsOf(other));
  });
});

test('a slow reader is closed as such when the server may keep no more for it', async () => {
  const stage = await openHostileStage((options) => createHostileActor('slow-reader', options), {
    limits: { reliableQueueBytesMax: 1_024 },
  });
  await stage.simulation.waitUntil(() => stage.honest.every(({ isLoggedIn }) => isLoggedIn));
  stage.actor.start();
  await stage.simulation.advanceMs(15_000);
  const { slowConsumers } = stage.simulation.server.host.counters;
  expect(slowConsumers).toBeGreaterThan(0);
  expect(stage.actor.counts.get('closed slow-consumer')).toBeGreaterThan(0);
  expect(stage.honest.map(({ client }) => client?.stats.reconnects)).toEqual([0, 0]);
  await stage.end();
});

test('an impostor is never let in', async () => {
  const stage = await watch('forged-identity', 10_000);
  expect(stage.actor.counts.get('login elsewhere')).toBeGreaterThan(0);
  expect(stage.actor.counts.get('impostor let in')).toBe(0);
});

test('nobody ever guesses a token', async () => {
  const stage = await watch('token-guesser', 15_000);
  expect(stage.actor.counts.get('own session')).toBeGreaterThan(10);
  expect(stage.actor.counts.get('guessed right')).toBe(0);
});

test('a babbler times out on each connection: noise is no proof of life', async () => {
  const stage = await watch('babbler', 15_000);
  const { counts } = stage.actor;
  expect(counts.get('closed protocol-error')).toBe(0);
  // What it was let in for and has lost again, but for the last one.
  expect(counts.get('closed without a code')).toBeGreaterThanOrEqual(counts.get('let in') - 1);
  expect(counts.get('let in')).toBeGreaterThanOrEqual(5);
});
