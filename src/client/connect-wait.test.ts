/** A first login that finds its player in (L18) waits as told, when it has the time. */
import { describe, expect, test } from 'vitest';

import { createClientFixture } from '../../test/support/client-fixture.ts';
import type { FakePeer } from '../../test/support/fake-server.ts';

const TAKEN = { code: 'already-logged-in', retryable: true } as const;

/** Refuses so many times, then accepts. */
function refusing(times: number, retryAfterMs: number): (peer: FakePeer) => void {
  let left = times;
  return (peer) => {
    left -= 1;
    if (left < 0) peer.accept();
    else peer.reject({ ...TAKEN, retryAfterMs });
  };
}

describe('connect, when the seat is taken', () => {
  test('asks again on the same connection when the wait is over, and is in', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = refusing(1, 4_000);
    const promise = connect();
    await time.advanceMs(3_999);
    expect(server.peer.receivedOf('login')).toHaveLength(1);
    await time.advanceMs(1);
    const client = await promise;
    expect(server.peer.receivedOf('login')).toHaveLength(2);
    expect(server.peers).toHaveLength(1);
    expect(client.state).toBe('logged-in');
    expect(client.stats.reconnects).toBe(0);
    const left = client.leave();
    await time.advanceMs(1_000);
    await left;
    expect(time.pendingTimers).toBe(0);
  });

  test.each([
    { retryAfterMs: 9_999, isAwaited: true },
    { retryAfterMs: 10_000, isAwaited: false },
    { retryAfterMs: 10_001, isAwaited: false },
  ])('with 10 s for the login $retryAfterMs ms are awaited: $isAwaited', async (given) => {
    const { retryAfterMs, isAwaited } = given;
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = refusing(1, retryAfterMs);
    const promise = connect();
    await time.advanceMs(0);
    if (isAwaited) {
      await time.advanceMs(retryAfterMs);
      expect((await promise).state).toBe('logged-in');
      return;
    }
    await expect(promise).rejects.toMatchObject({
      code: 'login-refused',
      reason: 'already-logged-in',
      retryable: true,
      retryAfterMs,
    });
    expect(server.openPeers).toHaveLength(0);
    expect(time.pendingTimers).toBe(0);
  });

  test('one that is overdue is asked for again after 100 ms, not at once', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = refusing(1, 0);
    const promise = connect();
    await time.advanceMs(99);
    expect(server.peer.receivedOf('login')).toHaveLength(1);
    await time.advanceMs(1);
    expect((await promise).state).toBe('logged-in');
  });

  test('whoever stays in is named when the time is up', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = refusing(9, 3_000);
    const promise = connect();
    await time.advanceMs(9_000);
    await expect(promise).rejects.toMatchObject({
      reason: 'already-logged-in',
      retryAfterMs: 3_000,
    });
    expect(server.peer.receivedOf('login')).toHaveLength(4);
    expect(time.pendingTimers).toBe(0);
  });

  test('a connection that ends meanwhile rejects with the refusal', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = refusing(1, 3_000);
    const promise = connect();
    await time.advanceMs(1_000);
    server.peer.close('login-failed');
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({
      code: 'login-refused',
      reason: 'already-logged-in',
      retryable: true,
    });
    expect(time.pendingTimers).toBe(0);
  });

  test('a signal ends the wait', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = refusing(1, 3_000);
    const abort = new AbortController();
    const promise = connect({ signal: abort.signal });
    await time.advanceMs(1_000);
    abort.abort(new Error('enough'));
    await expect(promise).rejects.toThrow('enough');
    await time.advanceMs(5_000);
    expect(server.peers).toHaveLength(1);
    expect(server.peer.receivedOf('login')).toHaveLength(1);
    expect(time.pendingTimers).toBe(0);
  });

  test('a server that says it is final is believed', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.reject({ ...TAKEN, retryable: false, retryAfterMs: 10 });
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({ reason: 'already-logged-in', retryable: false });
  });

  test('any other refusal rejects at once and says what it was told', async () => {
    const { server, connect, time } = await createClientFixture();
    server.handleLogin = (peer) =>
      peer.reject({ code: 'world-full', retryable: true, retryAfterMs: 50 });
    const promise = connect();
    await time.advanceMs(0);
    await expect(promise).rejects.toMatchObject({ reason: 'world-full', retryAfterMs: 50 });
  });
});

describe('a client that comes back to a seat that is still taken', () => {
  test('waits as long as it was told, then goes on', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    server.handleLogin = refusing(1, 6_000);
    server.peer.drop();
    await time.advanceMs(100);
    expect(client.state).toBe('reconnecting');
    expect(server.peers).toHaveLength(2);
    await time.advanceMs(5_800);
    expect(server.peers).toHaveLength(2);
    await time.advanceMs(1_500);
    expect(client.state).toBe('logged-in');
  });
});
