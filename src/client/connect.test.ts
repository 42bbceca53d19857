/** The first login: rules C1, C2 and C8, and what `connect` rejects with. */
import { getEventListeners } from 'node:events';

import { describe, expect, test } from 'vitest';

import { createClientFixture } from '../../test/support/client-fixture.ts';
import { encodeServerMessage } from '../protocol/server-codec.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { ConnectOptions } from './client-options.ts';

describe('connect', () => {
  test('sends one Login with the credentials as JSON and resolves logged in', async () => {
    const { server, logIn } = await createClientFixture();
    const client = await logIn({ credentials: { secret: [1, null] } });
    expect(server.peer.received).toEqual([
      {
        kind: 'login',
        protocolVersion: PROTOCOL_VERSION,
        credentials: '{"secret":[1,null]}',
      },
    ]);
    expect(client.state).toBe('logged-in');
    expect(client.lastCause).toBe('login-succeeded');
    expect(client).toMatchObject({
      sessionId: 'session-1',
      playerId: 'anna',
      worldId: 'world',
      epoch: 1,
      tickRateHz: 20,
    });
  });

  test('a refusal rejects with its code and whether another attempt can help', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) =>
      peer.reject({ code: 'world-full', retryable: true, message: 'come back' });
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({
      name: 'HoldfastError',
      code: 'login-refused',
      reason: 'world-full',
      retryable: true,
      message: expect.stringContaining('come back') as string,
    });
    expect(server.openPeers).toHaveLength(0);
    expect(time.pendingTimers).toBe(0);
  });

  test('a refusal that is not retryable says so', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.reject({ code: 'bad-credentials', retryable: false });
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({ reason: 'bad-credentials', retryable: false });
  });

  test('a server that speaks another version is refused', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.accept({ protocolVersion: PROTOCOL_VERSION + 1 });
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({
      code: 'login-refused',
      reason: 'version-mismatch',
      retryable: false,
    });
  });

  test('a connection that does not come about rejects with connection-failed', async () => {
    const { server, connect, time } = await createClientFixture();
    server.isReachable = false;
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({
      code: 'connection-failed',
      reason: undefined,
      retryable: true,
    });
    expect(time.pendingTimers).toBe(0);
  });

  test('a connection that is lost before the answer rejects with connection-lost', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.drop();
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({ code: 'connection-lost', reason: undefined });
    expect(server.peers).toHaveLength(1);
  });

  test('a close before the answer rejects with its code as the reason', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.close('protocol-error');
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({
      code: 'connection-lost',
      reason: 'protocol-error',
      retryable: false,
    });
  });

  test('a Close message is the reason even if the socket then dies plainly', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => {
      peer.send({ kind: 'close', code: 'server-full', retryable: true, message: '' });
      time.setTimer(10, () => peer.drop());
    };
    const promise = connect();
    await time.advanceMs(20);
    await expect(promise).rejects.toMatchObject({ reason: 'server-full', retryable: true });
  });

  test('no answer rejects with login-timeout after ten seconds', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = () => undefined;
    const promise = connect();
    let isSettled = false;
    promise.catch(() => (isSettled = true));
    await time.advanceMs(9_999);
    expect(isSettled).toBe(false);
    await time.advanceMs(1);
    await expect(promise).rejects.toMatchObject({ code: 'login-timeout', retryable: true });
    expect(server.peers).toHaveLength(1);
    await time.advanceMs(10);
    expect(server.openPeers).toHaveLength(0);
    expect(time.pendingTimers).toBe(0);
  });

  test.each([50, 25_000])('loginTimeoutMs of %d is kept', async (loginTimeoutMs) => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = () => undefined;
    const promise = connect({ loginTimeoutMs });
    let isSettled = false;
    promise.catch(() => (isSettled = true));
    await time.advanceMs(loginTimeoutMs - 1);
    expect(isSettled).toBe(false);
    await time.advanceMs(1);
    await expect(promise).rejects.toMatchObject({ code: 'login-timeout' });
  });

  test("the server's login-timeout is one too", async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.close('login-timeout');
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({
      code: 'login-timeout',
      reason: 'login-timeout',
      retryable: true,
    });
  });

  test('the signal ends the login with its reason and leaves nothing behind', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = () => undefined;
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const promise = connect({ signal: controller.signal });
    await time.advanceMs(100);
    controller.abort(reason);
    await expect(promise).rejects.toBe(reason);
    await time.advanceMs(10);
    expect(server.openPeers).toHaveLength(0);
    expect(time.pendingTimers).toBe(0);
  });

  test('a signal that was aborted before connects to nobody', async () => {
    const { server, connect, time } = await createClientFixture();
    const reason = new Error('never mind');
    await expect(connect({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await time.advanceMs(0);
    expect(server.peers).toHaveLength(0);
  });

  test('the signal has no effect after the login', async () => {
    const { logIn, time } = await createClientFixture();
    const controller = new AbortController();
    const client = await logIn({ signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    controller.abort();
    await time.advanceMs(100);
    expect(client.state).toBe('logged-in');
  });

  test('messages before the answer and bytes that are none are counted and ignored', async () => {
    const { server, logIn, time } = await createClientFixture();
    server.handleLogin = (peer) => {
      peer.heartbeat(5);
      peer.sendBytes(new Uint8Array([250, 1, 2]));
      peer.sendBytes(new Uint8Array(0));
      peer.accept();
    };
    const client = await logIn();
    await time.advanceMs(10);
    expect(client.stats).toMatchObject({ messagesIgnored: 1, framesRejected: 2 });
    expect(server.peer.receivedOf('heartbeat-answer')).toHaveLength(0);
  });

  test('listeners that are added after the await hear what came with the answer', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => {
      peer.accept();
      const sentAtOnce = encodeServerMessage({
        kind: 'combat-event',
        tick: 3,
        event: 'shoot-rejected',
        inputTick: 2,
        code: 'cooldown',
      });
      peer.sendBytes(sentAtOnce);
    };
    const heard: unknown[] = [];
    const listening = connect().then(async (client) => {
      await Promise.resolve();
      client.on('combat', (event) => heard.push(event.event));
    });
    await time.advanceMs(0);
    await listening;
    expect(heard).toEqual(['shoot-rejected']);
  });

  test.each([
    ['url', { url: '' }],
    ['url', { url: 7 as never }],
    ['url', { url: 'http://example.org' }],
    ['credentials', { credentials: undefined }],
    ['credentials', { credentials: () => 1 }],
    ['credentials', { credentials: 1n }],
    ['loginTimeoutMs', { loginTimeoutMs: 0 }],
    ['loginTimeoutMs', { loginTimeoutMs: 2 ** 31 }],
    ['loginTimeoutMs', { loginTimeoutMs: Number.NaN }],
    ['interpolationDelayMs', { interpolationDelayMs: -1 }],
    ['interpolationDelayMs', { interpolationDelayMs: 1_001 }],
    ['interpolationDelayMs', { interpolationDelayMs: '5' as never }],
    ['extrapolationMsMax', { extrapolationMsMax: -1 }],
    ['extrapolationMsMax', { extrapolationMsMax: 501 }],
    ['extrapolationMsMax', { extrapolationMsMax: 0.5 }],
    ['extrapolationMsMax', { extrapolationMsMax: '5' as never }],
    ['retransmitBytesMax', { retransmitBytesMax: 4_095 }],
    ['retransmitBytesMax', { retransmitBytesMax: 524_289 }],
    ['resume', { resume: 'yes' as never }],
    ['tokenStorage', { tokenStorage: 'all' as never }],
    ['tokenStorage', { tokenStorage: null as never }],
    ['messages', { messages: null as never }],
    ['onListenerError', { onListenerError: 'log' as never }],
  ] satisfies [string, Partial<ConnectOptions>][])(
    'a wrong %s is named: %o',
    async (name, wrong) => {
      const { server, connect, time } = await createClientFixture();
      await expect(connect(wrong)).rejects.toMatchObject({
        code: 'invalid-argument',
        message: expect.stringMatching(new RegExp(`^${name}: `)) as string,
      });
      await time.advanceMs(0);
      expect(server.peers).toHaveLength(0);
    },
  );

  test.each([4_096, 524_288])('a retransmitBytesMax of %i is taken', async (bytes) => {
    const { logIn } = await createClientFixture();
    expect((await logIn({ retransmitBytesMax: bytes })).state).toBe('logged-in');
  });

  test.each([0, 500])('an extrapolationMsMax of %i is taken', async (extrapolationMsMax) => {
    const { logIn } = await createClientFixture();
    expect((await logIn({ extrapolationMsMax })).state).toBe('logged-in');
  });

  test('credentials of exactly 2 048 bytes are taken', async () => {
    const { logIn } = await createClientFixture();
    const client = await logIn({ credentials: 'x'.repeat(2_046) });
    expect(client.state).toBe('logged-in');
  });

  test('credentials of one byte more are too large, and no server is asked', async () => {
    const { server, connect, time } = await createClientFixture();
    await expect(connect({ credentials: 'x'.repeat(2_047) })).rejects.toMatchObject({
      code: 'message-too-large',
      retryable: false,
      message: expect.stringMatching(/^credentials: /) as string,
    });
    await time.advanceMs(0);
    expect(server.peers).toHaveLength(0);
  });
});
