/** Going on with a session: tokens and counted messages (C5, C7, C9). */
import { describe, expect, test } from 'vitest';

import { createClientFixture, recordMoves } from '../../test/support/client-fixture.ts';
import { createResumeStage, DEATH, RESUME_MESSAGES } from '../../test/support/resume-stage.ts';
import type { SessionId } from '../protocol/ids.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { ClientTransport } from '../transport/transport.ts';

describe('a lost connection', () => {
  test('is followed by a Resume with the token, the newest tick and what was counted', async () => {
    const { server, client, time, resumes, dropAndReturn } = await createResumeStage();
    const moves = recordMoves(client);
    server.peer.send(
      { kind: 'snapshot', tick: 40, players: [] },
      { kind: 'user-message', name: 'chat', payload: '1' },
      { ...DEATH, tick: 41 },
      { kind: 'roster', isComplete: true, entered: [], left: [] },
      { kind: 'verdict-report', tick: 12, entries: [], omitted: 1 },
      { kind: 'user-update', name: 'typing', payload: '2' },
      { kind: 'input-ack', lastInputTick: 99, marginTicks: 1 },
    );
    server.peer.heartbeat(42);
    await time.advanceMs(0);
    await dropAndReturn();
    expect(resumes).toEqual([
      {
        kind: 'resume',
        protocolVersion: PROTOCOL_VERSION,
        sessionId: 'session-1',
        token: 'token-1',
        lastTick: 42,
        reliableReceived: 4,
      },
    ]);
    expect(moves).toEqual([
      'logged-in → reconnecting (transport-lost)',
      'reconnecting → logged-in (resumed)',
    ]);
    expect(server.peer.receivedOf('login')).toEqual([]);
  });

  test('uses each token once, and the newest', async () => {
    const { client, resumes, dropAndReturn } = await createResumeStage();
    for (let loss = 0; loss < 3; loss += 1) await dropAndReturn();
    expect(resumes.map(({ token }) => token)).toEqual(['token-1', 'token-2', 'token-3']);
    expect(client.stats.reconnects).toBe(3);
    expect(client.epoch).toBe(4);
  });

  test('asks again with the same token when no answer came', async () => {
    const { client, time, resumes, answerResumes, resumed, dropAndReturn } =
      await createResumeStage();
    answerResumes(() => undefined);
    await dropAndReturn();
    expect(resumes).toHaveLength(1);
    answerResumes(resumed(0));
    await time.advanceMs(2_300);
    expect(resumes.map(({ token }) => token)).toEqual(['token-1', 'token-1']);
    expect(client.state).toBe('logged-in');
  });

  test('without a token is followed by a Login, as from a server that keeps no seats', async () => {
    const { server, client, resumes, accept, dropAndReturn } = await createResumeStage();
    server.handleLogin = (peer) => accept(peer, { resumeToken: '' });
    server.handleResume = (peer) => accept(peer, { resumeToken: '' });
    await dropAndReturn();
    await dropAndReturn();
    expect(server.peer.receivedOf('login')).toHaveLength(1);
    expect([client.state, resumes]).toEqual(['logged-in', []]);
  });
});

describe('a resume', () => {
  test('that is refused ends the session, and no Login follows by itself', async () => {
    const { server, client, time, answerResumes } = await createResumeStage();
    const moves = recordMoves(client);
    const closed: unknown[] = [];
    client.on('closed', (event) => closed.push(event));
    // Whatever is said of trying again (C9).
    answerResumes((peer) => peer.reject({ code: 'resume-refused', retryable: true }));
    server.peer.drop();
    await time.advanceMs(60_000);
    expect(moves).toEqual([
      'logged-in → reconnecting (transport-lost)',
      'reconnecting → disconnected (resume-refused)',
    ]);
    expect(closed).toEqual([{ reason: 'resume-refused', retryable: false }]);
    expect([server.peers.length, time.pendingTimers]).toEqual([2, 0]);
  });

  test('that finds the server busy waits as long as it was told', async () => {
    const { server, client, time, answerResumes, resumed, dropAndReturn } =
      await createResumeStage();
    answerResumes((peer) => peer.reject({ code: 'busy', retryable: true, retryAfterMs: 3_000 }));
    await dropAndReturn();
    expect([client.state, server.peers.length]).toEqual(['reconnecting', 2]);
    answerResumes(resumed(0));
    await time.advanceMs(2_800);
    expect(server.peers).toHaveLength(2);
    await time.advanceMs(1_000);
    expect([client.state, server.peers.length]).toEqual(['logged-in', 3]);
  });

  test('accepted as another session is refused and tried again', async () => {
    const { client, time, accept, answerResumes, resumed, dropAndReturn } =
      await createResumeStage();
    const other = 'other' as SessionId;
    answerResumes((peer) => accept(peer, { isResumed: true, sessionId: other, epoch: 9 }));
    await dropAndReturn();
    expect(client).toMatchObject({ state: 'reconnecting', sessionId: 'session-1', epoch: 1 });
    answerResumes(resumed(0));
    await time.advanceMs(500);
    expect(client).toMatchObject({ state: 'logged-in', sessionId: 'session-1' });
  });

  test('after a close for draining is tried as after a loss', async () => {
    const { server, client, time } = await createResumeStage();
    const moves = recordMoves(client);
    server.peer.close('draining');
    await time.advanceMs(150);
    expect(moves).toEqual([
      'logged-in → reconnecting (draining)',
      'reconnecting → logged-in (resumed)',
    ]);
    expect(client.state).toBe('logged-in');
  });
});

describe('messages to the server', () => {
  test('that it lacks are sent again, in order, before anything else', async () => {
    const { server, client, time, answerResumes, resumed, dropAndReturn, chatAt } =
      await createResumeStage();
    for (const payload of [1, 2, 3]) client.send({ name: 'chat', payload });
    await time.advanceMs(0);
    answerResumes(resumed(1));
    client.on('state', ({ to }) => {
      if (to === 'logged-in') client.send({ name: 'chat', payload: 4 });
    });
    await dropAndReturn();
    expect(server.peer.received[0]?.kind).toBe('resume');
    expect(chatAt(server.peer)).toEqual([2, 3, 4]);
    expect(client.stats).toMatchObject({ messagesRetransmitted: 2, messagesLost: 0 });
  });

  test('that it has acknowledged with a heartbeat are forgotten', async () => {
    const { server, client, time, answerResumes, resumed, dropAndReturn, chatAt } =
      await createResumeStage();
    for (const payload of [1, 2, 3]) client.send({ name: 'chat', payload });
    server.peer.heartbeat(7, 0, 2);
    await time.advanceMs(0);
    answerResumes(resumed(2));
    await dropAndReturn();
    expect(chatAt(server.peer)).toEqual([3]);
  });

  test('on the sync lane are neither counted nor sent again', async () => {
    const { server, client, time, dropAndReturn } = await createResumeStage();
    client.send({ name: 'typing', payload: 1 });
    await time.advanceMs(0);
    expect(server.peer.receivedOf('user-update')).toHaveLength(1);
    await dropAndReturn();
    expect(server.peer.received.map(({ kind }) => kind)).toEqual(['resume']);
  });

  test('shots are counted as well', async () => {
    const { server, client, time, dropAndReturn } = await createResumeStage();
    server.peer.send({ kind: 'snapshot', tick: 100, players: [] });
    await time.advanceMs(0);
    const tick = client.shoot({ directionX: 1, directionY: 0 });
    await time.advanceMs(0);
    await dropAndReturn();
    expect(server.peer.receivedOf('shoot-input').map((shot) => shot.tick)).toEqual([tick]);
  });

  test('are given up when the counting begins anew, and said to be lost', async () => {
    const { server, client, time, answerResumes, resumed, dropAndReturn, chatAt } =
      await createResumeStage();
    for (const payload of [1, 2]) client.send({ name: 'chat', payload });
    await time.advanceMs(0);
    answerResumes(resumed(undefined));
    await dropAndReturn();
    client.send({ name: 'chat', payload: 3 });
    await time.advanceMs(0);
    expect(chatAt(server.peer)).toEqual([3]);
    expect(client.stats).toMatchObject({ messagesRetransmitted: 0, messagesLost: 2 });
    // The count is the new one: the server says that it has this one, and it is not sent again.
    answerResumes(resumed(1));
    await dropAndReturn();
    expect(chatAt(server.peer)).toEqual([]);
  });

  test('are counted from 0 by a fresh Login, in both directions', async () => {
    const { server, client, time, accept, answerResumes, dropAndReturn, chatAt, resumes } =
      await createResumeStage();
    client.send({ name: 'chat', payload: 1 });
    server.peer.send(DEATH, { kind: 'snapshot', tick: 900, players: [] });
    await time.advanceMs(0);
    answerResumes((peer) => accept(peer, { isResumed: false }));
    await dropAndReturn();
    expect(chatAt(server.peer)).toEqual([]);
    expect(client.stats.messagesLost).toBe(1);
    await dropAndReturn();
    expect(resumes.at(-1)).toMatchObject({ lastTick: 0, reliableReceived: 0 });
  });

  test('that the connection does not take are not sent, and not sent later', async () => {
    const inner = await createClientFixture();
    let isFull = false;
    const transport: ClientTransport = {
      connect: (url, handler) => {
        const connection = inner.server.network.client.connect(url, handler);
        return {
          isSyncOrdered: true,
          get bufferedBytes() {
            return isFull ? 1_048_577 : 0;
          },
          write: (lane, bytes) => connection.write(lane, bytes),
          close: () => connection.close(),
          drop: () => connection.drop(),
        };
      },
    };
    const { server, time } = inner;
    server.handleLogin = (peer) => peer.accept({ resumeToken: 'token' });
    server.handleResume = (peer) => peer.accept({ isResumed: true, reliableReceived: 0 });
    const client = await inner.logIn({ messages: RESUME_MESSAGES, transport });
    isFull = true;
    expect(client.send({ name: 'chat', payload: 1 })).toBe(false);
    expect(client.stats.messagesHeldBack).toBe(1);
    isFull = false;
    server.peer.drop();
    await time.advanceMs(101);
    expect(server.peer.received.map(({ kind }) => kind)).toEqual(['resume']);
  });

  test('are held back while unacknowledged ones fill the bound, and nothing is dropped', async () => {
    const payload = 'x'.repeat(1_000);
    const { server, client, time, dropAndReturn, chatAt } = await createResumeStage({
      retransmitBytesMax: 4_096,
    });
    server.peer.send({ kind: 'snapshot', tick: 100, players: [] });
    await time.advanceMs(0);
    const sent = Array.from({ length: 5 }, () => client.send({ name: 'chat', payload }));
    expect(sent).toEqual([true, true, true, true, false]);
    expect(client.stats.messagesHeldBack).toBe(1);
    // What is small still has room, and what is not counted needs none.
    expect(client.send({ name: 'chat', payload: 'y' })).toBe(true);
    expect(client.send({ name: 'typing', payload })).toBe(true);
    await dropAndReturn();
    expect(chatAt(server.peer)).toHaveLength(5);
    server.peer.heartbeat(101, 0, 1);
    await time.advanceMs(0);
    expect(client.send({ name: 'chat', payload })).toBe(true);
  });

  test('a shot is held back likewise', async () => {
    const { server, client, time } = await createResumeStage({ retransmitBytesMax: 4_096 });
    server.peer.send({ kind: 'snapshot', tick: 100, players: [] });
    await time.advanceMs(0);
    for (let bytes = 2_000; bytes > 0; bytes = Math.floor(bytes / 2)) {
      while (client.send({ name: 'chat', payload: 'x'.repeat(bytes) })) await time.advanceMs(0);
    }
    const before = client.stats.messagesHeldBack;
    expect(client.shoot({ directionX: 1, directionY: 0 })).toBeUndefined();
    expect(client.stats.messagesHeldBack).toBe(before + 1);
    expect(client.sendMove({ directionX: 1, directionY: 0, yaw: 0 })).toBeDefined();
  });

  test('of 256 kB in all may wait by default', async () => {
    const { client } = await createResumeStage();
    const payload = 'x'.repeat(2_000);
    let bytes = 0;
    for (;;) {
      const before = client.stats.bytesSent;
      if (!client.send({ name: 'chat', payload })) break;
      bytes += client.stats.bytesSent - before;
    }
    expect(bytes).toBeLessThanOrEqual(262_144);
    expect(bytes).toBeGreaterThan(262_144 - 2_100);
  });

  test('an acknowledgement of what was never sent is counted and changes nothing', async () => {
    const { server, client, time, dropAndReturn, chatAt } = await createResumeStage();
    client.send({ name: 'chat', payload: 1 });
    await time.advanceMs(0);
    server.peer.heartbeat(7, 0, 2);
    await time.advanceMs(0);
    expect(client.stats.messagesIgnored).toBe(1);
    await dropAndReturn();
    expect(chatAt(server.peer)).toEqual([1]);
  });
});

describe('messages from the server', () => {
  test('are acknowledged with each heartbeat answer, on every connection of the session', async () => {
    const { server, time, dropAndReturn } = await createResumeStage();
    server.peer.send(DEATH, DEATH);
    server.peer.heartbeat(7);
    await time.advanceMs(0);
    expect(server.peer.receivedOf('heartbeat-answer').at(-1)?.reliableReceived).toBe(2);
    await dropAndReturn();
    server.peer.send(DEATH);
    server.peer.heartbeat(8);
    await time.advanceMs(0);
    expect(server.peer.receivedOf('heartbeat-answer').at(-1)?.reliableReceived).toBe(3);
  });

  test('count even where they are no message, so that both sides count alike', async () => {
    const { server, client, time } = await createResumeStage();
    server.peer.sendBytes(new Uint8Array([0x27, 255, 255]));
    server.peer.heartbeat(7);
    await time.advanceMs(0);
    expect(client.stats.framesRejected).toBe(1);
    expect(server.peer.receivedOf('heartbeat-answer').at(-1)?.reliableReceived).toBe(1);
  });

  test('before the login is answered, and after the connection was given up, do not', async () => {
    const { server, time, resumes, answerResumes, accept, dropAndReturn } =
      await createResumeStage();
    answerResumes((peer) => {
      peer.send(DEATH);
      accept(peer, { isResumed: true, reliableReceived: 0 });
    });
    await dropAndReturn();
    server.peer.send(DEATH);
    await dropAndReturn();
    expect(resumes.map(({ reliableReceived }) => reliableReceived)).toEqual([0, 0]);
    await time.advanceMs(0);
  });
});
