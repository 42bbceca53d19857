/** A session over several connections: rules C3 to C7 and leaving. */
import { describe, expect, test } from 'vitest';

import { createClientFixture, recordMoves } from '../../test/support/client-fixture.ts';
import type { SessionId } from '../protocol/ids.ts';

/** Heartbeats for as long as the test runs, so that only the test's own silence counts. */
function keepAlive(fixture: Awaited<ReturnType<typeof createClientFixture>>): () => void {
  let isOn = true;
  const beat = (tick: number): void => {
    if (!isOn) return;
    for (const peer of fixture.server.openPeers) {
      if (peer.received.length > 0) peer.heartbeat(tick);
    }
    fixture.time.setTimer(1_000, () => beat(tick + 20));
  };
  beat(20);
  return () => (isOn = false);
}

describe('liveness', () => {
  test('a heartbeat is answered at once with its nonce and tick', async () => {
    const { server, logIn, time } = await createClientFixture();
    await logIn();
    server.peer.heartbeat(77);
    await time.advanceMs(0);
    expect(server.peer.receivedOf('heartbeat-answer')).toEqual([
      { kind: 'heartbeat-answer', nonce: 'nonce-77', serverTick: 77, reliableReceived: 0 },
    ]);
  });

  test('silence for ten seconds walks through timed-out to reconnecting and back', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    await time.advanceMs(9_999);
    expect(moves).toEqual([]);
    await time.advanceMs(2);
    expect(moves).toEqual([
      'logged-in → timed-out (liveness-timeout)',
      'timed-out → reconnecting (liveness-timeout)',
    ]);
    expect(server.openPeers).toHaveLength(0);
    await time.advanceMs(110);
    expect(moves.at(-1)).toBe('reconnecting → logged-in (login-succeeded)');
    expect(client.stats.reconnects).toBe(1);
  });

  test('any message is proof of life, bytes that are none are not', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    await time.advanceMs(6_000);
    server.peer.send({ kind: 'input-ack', lastInputTick: 0, marginTicks: 0 });
    await time.advanceMs(6_000);
    expect(moves).toEqual([]);
    server.peer.sendBytes(new Uint8Array([250, 1]));
    await time.advanceMs(4_001);
    expect(moves[0]).toBe('logged-in → timed-out (liveness-timeout)');
  });

  test('after a stall of the page what has arrived is read before silence is judged', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    await time.advanceMs(1_000);
    server.peer.heartbeat(1);
    time.stallMs(60_000);
    await time.advanceMs(0);
    expect(client.state).toBe('logged-in');
    expect(moves).toEqual([]);
  });
});

describe('reconnecting', () => {
  test('a lost connection leads to a fresh Login with the same credentials', async () => {
    const fixture = await createClientFixture();
    const { server, logIn, time } = fixture;
    const client = await logIn();
    const moves = recordMoves(client);
    server.handleLogin = (peer) => peer.accept({ epoch: 2, entity: 9 });
    server.peer.drop();
    await time.advanceMs(100);
    expect(moves).toEqual([
      'logged-in → reconnecting (transport-lost)',
      'reconnecting → logged-in (login-succeeded)',
    ]);
    expect(server.peers).toHaveLength(2);
    expect(server.peer.received).toEqual(server.peers[0]?.received);
    expect(client.epoch).toBe(2);
  });

  test('a plain loss while the server is away stays reconnecting until it is back', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(8_000);
    expect(client.state).toBe('reconnecting');
    server.isReachable = true;
    await time.advanceMs(1_100);
    expect(moves).toEqual([
      'logged-in → reconnecting (transport-lost)',
      'reconnecting → logged-in (login-succeeded)',
    ]);
  });

  test('an attempt without answer is abandoned after two seconds, one at a time', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    server.handleLogin = () => undefined;
    server.peer.drop();
    let openMax = 0;
    const openings: number[] = [];
    let known = server.peers.length;
    for (let ms = 0; ms < 9_000; ms += 1) {
      await time.advanceMs(1);
      openMax = Math.max(openMax, server.openPeers.length);
      if (server.peers.length > known) openings.push(time.now());
      known = server.peers.length;
    }
    expect(client.state).toBe('reconnecting');
    expect(openMax).toBe(1);
    expect(openings.length).toBeGreaterThan(2);
    for (const [index, at] of openings.slice(1).entries()) {
      expect(at - (openings[index] ?? 0)).toBeGreaterThanOrEqual(1_999);
      expect(at - (openings[index] ?? 0)).toBeLessThanOrEqual(3_002);
    }
  });

  test('the answer of an abandoned attempt touches nothing', async () => {
    const { server, connect, time } = await createClientFixture({
      reliableLane: { delayMsMin: 1_200 },
    });
    const connecting = connect();
    await time.advanceMs(6_000);
    const client = await connecting;
    const before = server.peers.length;
    // Knock, answer and Login together take longer than an attempt may.
    server.peer.drop();
    await time.advanceMs(12_000);
    expect(server.peers.length).toBeGreaterThan(before);
    expect(client.state).toBe('reconnecting');
  });

  test('a refusal that is not retryable ends the session with its code', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    const closed: unknown[] = [];
    client.on('closed', (event) => closed.push(event));
    server.handleLogin = (peer) => peer.reject({ code: 'banned', retryable: false });
    server.peer.drop();
    await time.advanceMs(200);
    expect(moves).toEqual([
      'logged-in → reconnecting (transport-lost)',
      'reconnecting → disconnected (banned)',
    ]);
    expect(closed).toEqual([{ reason: 'banned', retryable: false }]);
    expect(server.openPeers).toHaveLength(0);
    expect(time.pendingTimers).toBe(0);
  });

  test('a retryable refusal is tried again, not before the time that was asked for', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    server.handleLogin = (peer) =>
      peer.reject({ code: 'world-full', retryable: true, retryAfterMs: 5_000 });
    server.peer.drop();
    await time.advanceMs(200);
    expect(server.peers).toHaveLength(2);
    await time.advanceMs(4_700);
    expect(server.peers).toHaveLength(2);
    expect(server.openPeers).toHaveLength(0);
    server.handleLogin = (peer) => peer.accept();
    await time.advanceMs(400);
    expect(server.peers).toHaveLength(3);
    expect(client.state).toBe('logged-in');
  });

  test('ends forty seconds after the last frame when the server stays away', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    const closed: unknown[] = [];
    client.on('closed', (event) => closed.push(event));
    await time.advanceMs(5_000);
    server.peer.heartbeat(1);
    await time.advanceMs(3_000);
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(36_999);
    expect(client.state).toBe('reconnecting');
    await time.advanceMs(2);
    expect(moves.at(-1)).toBe('reconnecting → disconnected (reconnect-window-expired)');
    expect(closed).toEqual([{ reason: 'reconnect-window-expired', retryable: true }]);
    await time.advanceMs(60_000);
    expect(time.pendingTimers).toBe(0);
  });

  test('an older epoch of the same session is refused as stale, and tried again', async () => {
    const { server, logIn, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.accept({ epoch: 5 });
    const client = await logIn();
    server.handleLogin = (peer) => peer.accept({ epoch: 4, entity: 4 });
    server.peer.drop();
    await time.advanceMs(101);
    expect(server.peers).toHaveLength(2);
    expect(client).toMatchObject({ state: 'reconnecting', epoch: 5 });
    server.handleLogin = (peer) => peer.accept({ epoch: 6 });
    await time.advanceMs(400);
    expect(client).toMatchObject({ state: 'logged-in', epoch: 6 });
    expect(server.peers).toHaveLength(3);
    expect(server.openPeers).toHaveLength(1);
  });

  test('another session starts its epochs anew', async () => {
    const { server, logIn, time } = await createClientFixture();
    server.handleLogin = (peer) => peer.accept({ epoch: 5 });
    const client = await logIn();
    server.handleLogin = (peer) => peer.accept({ epoch: 1, sessionId: 'other' as SessionId });
    server.peer.drop();
    await time.advanceMs(200);
    expect(client).toMatchObject({ state: 'logged-in', epoch: 1, sessionId: 'other' });
  });

  test.each(['superseded', 'evicted', 'server-stopped', 'protocol-error'] as const)(
    'a close with %s is final',
    async (code) => {
      const { server, logIn, time } = await createClientFixture();
      const client = await logIn();
      const moves = recordMoves(client);
      server.peer.close(code);
      await time.advanceMs(60_000);
      expect(moves).toEqual([`logged-in → disconnected (${code})`]);
      expect(server.peers).toHaveLength(1);
      expect(time.pendingTimers).toBe(0);
    },
  );

  test.each(['slow-consumer', 'server-full', 'liveness-timeout'] as const)(
    'a close with %s is a loss with that cause',
    async (code) => {
      const { server, logIn, time } = await createClientFixture();
      const client = await logIn();
      const moves = recordMoves(client);
      server.peer.close(code);
      await time.advanceMs(200);
      expect(moves).toEqual([
        `logged-in → reconnecting (${code})`,
        'reconnecting → logged-in (login-succeeded)',
      ]);
    },
  );

  test("a Close message's code is the reason even if the socket then dies plainly", async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    server.peer.send({ kind: 'close', code: 'superseded', retryable: false, message: '' });
    server.peer.send({ kind: 'close', code: 'slow-consumer', retryable: true, message: '' });
    time.setTimer(5, () => server.peers[0]?.drop());
    await time.advanceMs(1_000);
    expect(moves).toEqual(['logged-in → disconnected (superseded)']);
    expect(server.peers).toHaveLength(1);
  });

  test('a loss after a login that lasted backs off from the beginning', async () => {
    const fixture = await createClientFixture();
    const { server, logIn, time } = fixture;
    const client = await logIn();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(20_000);
    server.isReachable = true;
    await time.advanceMs(5_100);
    expect(client.state).toBe('logged-in');
    await time.advanceMs(5_000);
    server.peer.drop();
    await time.advanceMs(101);
    expect(client.state).toBe('logged-in');
    expect(client.stats.reconnects).toBe(2);
  });
});

describe('leaving', () => {
  test('says Leave, ends the session at once and resolves when the connection has ended', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    const closed: unknown[] = [];
    client.on('closed', (event) => closed.push(event));
    const leaving = client.leave();
    expect(client.state).toBe('disconnected');
    await time.advanceMs(10);
    await leaving;
    expect(server.peer.receivedOf('leave')).toHaveLength(1);
    expect(server.openPeers).toHaveLength(0);
    expect(moves).toEqual(['logged-in → disconnected (left)']);
    expect(closed).toEqual([{ reason: 'left', retryable: false }]);
    expect(time.pendingTimers).toBe(0);
  });

  test('is idempotent', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const first = client.leave();
    expect(client.leave()).toBe(first);
    await time.advanceMs(10);
    await first;
    await client.leave();
    expect(server.peer.receivedOf('leave')).toHaveLength(1);
  });

  test('is over after a second when the server does not answer', async () => {
    const { server, connect, time } = await createClientFixture({
      reliableLane: { delayMsMin: 400 },
    });
    const connecting = connect();
    await time.advanceMs(2_000);
    const client = await connecting;
    let isOver = false;
    const leaving = client.leave().then(() => (isOver = true));
    server.network.server.stop().catch(() => undefined);
    await time.advanceMs(1_000);
    await leaving;
    expect(isOver).toBe(true);
    expect(client.state).toBe('disconnected');
  });

  test('while reconnecting stops the attempts', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(300);
    expect(client.state).toBe('reconnecting');
    await client.leave();
    expect(client.state).toBe('disconnected');
    expect(time.pendingTimers).toBe(0);
    server.isReachable = true;
    await time.advanceMs(60_000);
    expect(server.peers).toHaveLength(1);
  });

  test('after the end resolves and sends nothing', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    server.peer.close('evicted');
    await time.advanceMs(10);
    await client.leave();
    expect(client.lastCause).toBe('evicted');
  });

  test('from inside a listener ends the session in order', async () => {
    const { server, logIn, time } = await createClientFixture();
    const client = await logIn();
    const moves = recordMoves(client);
    client.on('state', ({ to }) => {
      if (to === 'reconnecting') void client.leave();
    });
    server.peer.drop();
    await time.advanceMs(1_000);
    expect(moves).toEqual([
      'logged-in → reconnecting (transport-lost)',
      'reconnecting → disconnected (left)',
    ]);
    expect(server.peers).toHaveLength(1);
    expect(time.pendingTimers).toBe(0);
  });

  test('what arrives after it touches nothing', async () => {
    const fixture = await createClientFixture({ reliableLane: { delayMsMin: 20 } });
    const { server, connect, time } = fixture;
    const connecting = connect();
    await time.advanceMs(200);
    const client = await connecting;
    const stop = keepAlive(fixture);
    const heard: unknown[] = [];
    client.on('combat', (event) => heard.push(event));
    const event = { kind: 'combat-event', tick: 1, event: 'shoot-rejected' } as const;
    server.peer.send({ ...event, inputTick: 1, code: 'cooldown' });
    await time.advanceMs(10);
    void client.leave();
    await time.advanceMs(3_000);
    stop();
    expect(heard).toEqual([]);
    expect(client.stats.messagesIgnored).toBe(0);
  });
});
