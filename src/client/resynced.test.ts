/** Going on with a session of which something is lost: what the client says, counts and shows. */
import { describe, expect, test } from 'vitest';

import { createResumeStage, DEATH, RESYNCED } from '../../test/support/resume-stage.ts';
import type { PlayerId } from '../protocol/ids.ts';

describe('resynced', () => {
  test('after a crash: both counts begin anew, and the client says what was lost', async () => {
    const { server, client, time, heard, resumes, answerResumes, accept, resumed, dropAndReturn } =
      await createResumeStage();
    const order: string[] = [];
    client.on('state', ({ to }) => order.push(to));
    client.on('resynced', () => order.push('resynced'));
    server.peer.send(DEATH, { kind: 'snapshot', tick: 512, players: [] });
    await time.advanceMs(0);
    answerResumes((peer) => {
      accept(peer, { isResumed: true, reliableReceived: undefined });
      peer.send(RESYNCED, DEATH);
    });
    await dropAndReturn();
    expect(heard).toEqual([
      'death',
      { fromTick: 500, ticksLost: 12, eventsMissed: undefined },
      'death',
    ]);
    expect(order).toEqual(['reconnecting', 'logged-in', 'resynced']);
    answerResumes(resumed(0));
    await dropAndReturn();
    expect(resumes.at(-1)).toMatchObject({ lastTick: 500, reliableReceived: 1 });
  });

  test('after a gap: the count goes on from where the server says', async () => {
    const { server, heard, resumes, answerResumes, accept, dropAndReturn, time } =
      await createResumeStage();
    server.peer.send(DEATH);
    await time.advanceMs(0);
    answerResumes((peer) => {
      accept(peer, { isResumed: true, reliableReceived: 0 });
      peer.send({ ...RESYNCED, ticksLost: 0, eventsMissed: 30, reliableSent: 31 });
      peer.send({ kind: 'roster', isComplete: true, entered: [], left: [] });
    });
    await dropAndReturn();
    expect(heard.at(-1)).toEqual({ fromTick: 500, ticksLost: 0, eventsMissed: 30 });
    await dropAndReturn();
    expect(resumes.map(({ reliableReceived }) => reliableReceived)).toEqual([1, 32]);
  });
});

test.each([
  ['too many', Number.MAX_SAFE_INTEGER],
  ['none', 0],
])('a server that counts %s neither throws the client off nor stops it', async (_what, count) => {
  const { server, client, time, accept, answerResumes, dropAndReturn } = await createResumeStage();
  client.send({ name: 'chat', payload: 1 });
  server.peer.heartbeat(7, 0, 1);
  await time.advanceMs(0);
  answerResumes((peer) => {
    accept(peer, { isResumed: true, reliableReceived: count });
    peer.send({ ...RESYNCED, reliableSent: count }, DEATH, DEATH);
    peer.heartbeat(8, 0, count);
  });
  await dropAndReturn();
  expect(server.peer.receivedOf('heartbeat-answer').at(-1)?.reliableReceived).toBe(
    Math.min(Number.MAX_SAFE_INTEGER, count + 2),
  );
  expect(client.send({ name: 'chat', payload: 2 })).toBe(true);
  await dropAndReturn();
  expect(client.state).toBe('logged-in');
});

describe('players', () => {
  const ANNA = { entity: 1, playerId: 'anna' as PlayerId };
  const BERT = { entity: 2, playerId: 'bert' as PlayerId };
  const PLAYERS = [1, 2].map((entity) => ({ entity, fields: [0, 0, 0, 1] }));

  test('are known by name after a resume without a roster, with what changed meanwhile', async () => {
    const { server, client, time, dropAndReturn } = await createResumeStage();
    server.peer.send({ kind: 'roster', isComplete: true, entered: [ANNA], left: [] });
    server.peer.send({ kind: 'snapshot', tick: 100, players: PLAYERS });
    await time.advanceMs(0);
    await dropAndReturn();
    expect(client.players.size).toBe(0);
    server.peer.send({ kind: 'roster', isComplete: false, entered: [BERT], left: [] });
    server.peer.send({ kind: 'snapshot', tick: 103, players: PLAYERS });
    await time.advanceMs(0);
    expect([...client.players.keys()]).toEqual(['anna', 'bert']);
  });

  test('are known by the complete roster alone where the counting began anew', async () => {
    const { server, client, time, answerResumes, accept, dropAndReturn } =
      await createResumeStage();
    server.peer.send({ kind: 'snapshot', tick: 600, players: PLAYERS });
    server.peer.send({ kind: 'roster', isComplete: false, entered: [ANNA, BERT], left: [] });
    await time.advanceMs(0);
    answerResumes((peer) => {
      accept(peer, { isResumed: true, reliableReceived: undefined });
      peer.send(RESYNCED, { kind: 'roster', isComplete: true, entered: [ANNA], left: [] });
      // Numbers that were seen before come again after a crash.
      peer.send({ kind: 'snapshot', tick: 501, players: PLAYERS });
    });
    await dropAndReturn();
    expect([...client.players.keys()]).toEqual(['anna']);
  });
});
