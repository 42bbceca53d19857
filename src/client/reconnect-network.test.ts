/** The way back when the platform speaks of its network: offline, online, woken up. */
import { describe, expect, test } from 'vitest';

import { createClientFixture, recordMoves } from '../../test/support/client-fixture.ts';
import { SimulatedNetworkStatus } from '../simulator/simulated-network-status.ts';

/** Logged in, with a network that the test holds in its hands. */
async function logIn() {
  const fixture = await createClientFixture();
  const network = new SimulatedNetworkStatus();
  const client = await fixture.logIn({ network });
  const moves = recordMoves(client);
  /** The knocks of clients at the server, refused or not. */
  let knocks = 0;
  fixture.server.handleKnock = () => (knocks += 1);
  return { ...fixture, network, client, moves, knocks: () => knocks };
}

describe('offline', () => {
  test('while reconnecting nothing is tried, however long, and no timer waits to', async () => {
    const { server, network, client, time, knocks } = await logIn();
    network.goOffline();
    server.peer.drop();
    await time.advanceMs(25_000);
    expect(client.state).toBe('reconnecting');
    expect(knocks()).toBe(0);
    // The end of the window.
    expect(time.pendingTimers).toBe(1);
  });

  test('that comes between two attempts calls the next one off', async () => {
    const { server, network, time, knocks } = await logIn();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(3_000);
    const before = knocks();
    expect(before).toBeGreaterThan(2);
    network.goOffline();
    await time.advanceMs(5_000);
    expect(knocks()).toBe(before);
  });

  test('that comes during an attempt leaves it its time, and no other follows', async () => {
    const { server, network, client, time, knocks } = await logIn();
    server.handleLogin = () => undefined;
    server.peer.drop();
    await time.advanceMs(150);
    expect([knocks(), server.openPeers.length]).toEqual([1, 1]);
    network.goOffline();
    await time.advanceMs(1_000);
    expect(server.openPeers).toHaveLength(1);
    await time.advanceMs(1_000);
    expect(server.openPeers).toHaveLength(0);
    await time.advanceMs(10_000);
    expect([client.state, knocks()]).toEqual(['reconnecting', 1]);
  });

  test('lets the window run on: the end comes when it would have come', async () => {
    const { server, network, moves, time } = await logIn();
    network.goOffline();
    server.peer.drop();
    await time.advanceMs(39_999);
    expect(moves).toEqual(['logged-in → reconnecting (transport-lost)']);
    await time.advanceMs(2);
    expect(moves.at(-1)).toBe('reconnecting → disconnected (reconnect-window-expired)');
    expect([time.pendingTimers, network.listenerCount]).toEqual([0, 0]);
  });

  test('while logged in is a hint that moves nothing', async () => {
    const { server, network, client, moves, time } = await logIn();
    network.goOffline();
    network.wakeUp();
    server.peer.heartbeat(1);
    await time.advanceMs(5_000);
    network.goOnline();
    await time.advanceMs(1_000);
    expect([client.state, moves]).toEqual(['logged-in', []]);
    expect(server.peers).toHaveLength(1);
    expect(server.peer.receivedOf('heartbeat-answer')).toHaveLength(1);
  });

  test('before the first login is no reason not to try', async () => {
    const fixture = await createClientFixture();
    const network = new SimulatedNetworkStatus();
    network.goOffline();
    const client = await fixture.logIn({ network });
    expect(client.state).toBe('logged-in');
  });
});

describe('online', () => {
  test('starts an attempt at once', async () => {
    const { server, network, client, time } = await logIn();
    network.goOffline();
    server.peer.drop();
    await time.advanceMs(12_345);
    network.goOnline();
    await time.advanceMs(0);
    expect(client.state).toBe('logged-in');
    expect(network.listenerCount).toBe(0);
  });

  test('resets the back-off: the next attempts come as after a fresh loss', async () => {
    const { server, network, time, knocks } = await logIn();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(20_000);
    network.goOffline();
    network.goOnline();
    await time.advanceMs(0);
    const before = knocks();
    // At most 100, 200, 400, 800 ms; without the reset up to 5 s each.
    await time.advanceMs(1_500);
    expect(knocks() - before).toBeGreaterThanOrEqual(4);
  });

  test('replaces an attempt that was sent into the network before', async () => {
    const { server, network, client, time, knocks } = await logIn();
    server.handleLogin = () => undefined;
    server.peer.drop();
    await time.advanceMs(150);
    expect(knocks()).toBe(1);
    server.handleLogin = (peer) => peer.accept({ epoch: 2 });
    network.goOnline();
    await time.advanceMs(500);
    expect([client.state, knocks(), server.openPeers.length]).toEqual(['logged-in', 2, 1]);
    await time.advanceMs(2_100);
    expect([client.state, knocks()]).toEqual(['logged-in', 2]);
  });

  test('that comes again and again starts an attempt in 250 ms at most', async () => {
    const { server, network, time } = await logIn();
    server.handleLogin = () => undefined;
    const knockedAt: number[] = [];
    server.handleKnock = () => knockedAt.push(time.now());
    network.goOffline();
    server.peer.drop();
    await time.advanceMs(5_000);
    for (let count = 0; count < 500; count += 1) {
      network.goOffline();
      network.goOnline();
      await time.advanceMs(10);
    }
    const gaps = knockedAt.slice(1).map((at, index) => at - (knockedAt[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
    // It goes on, though: nobody waits for the end of the flapping.
    expect(knockedAt.length).toBeGreaterThanOrEqual(10);
  });

  test('does not come before the time that the server asked for', async () => {
    const { server, network, client, time, knocks } = await logIn();
    server.handleLogin = (peer) =>
      peer.reject({ code: 'world-full', retryable: true, retryAfterMs: 5_000 });
    server.peer.drop();
    await time.advanceMs(200);
    expect(knocks()).toBe(1);
    server.handleLogin = (peer) => peer.accept({ epoch: 2 });
    for (const change of ['goOffline', 'goOnline', 'wakeUp'] as const) network[change]();
    await time.advanceMs(4_700);
    expect(knocks()).toBe(1);
    await time.advanceMs(300);
    expect([client.state, knocks()]).toEqual(['logged-in', 2]);
  });

  test('after leaving starts nothing', async () => {
    const { server, network, client, time, knocks } = await logIn();
    network.goOffline();
    server.peer.drop();
    await time.advanceMs(100);
    await client.leave();
    expect(network.listenerCount).toBe(0);
    network.goOnline();
    await time.advanceMs(10_000);
    expect([client.state, knocks()]).toEqual(['disconnected', 0]);
  });
});

describe('waking up', () => {
  test('starts the attempt that would have come later at once', async () => {
    const { server, network, client, time } = await logIn();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(15_000);
    server.isReachable = true;
    network.wakeUp();
    await time.advanceMs(0);
    expect(client.state).toBe('logged-in');
  });

  test('leaves an attempt that runs alone, however often it is said', async () => {
    const { server, network, time, knocks } = await logIn();
    server.handleLogin = () => undefined;
    server.peer.drop();
    await time.advanceMs(150);
    for (let count = 0; count < 10; count += 1) network.wakeUp();
    await time.advanceMs(0);
    expect([knocks(), server.openPeers.length]).toEqual([1, 1]);
  });

  test('during an attempt lets the next one follow as after a fresh loss', async () => {
    const { server, network, time, knocks } = await logIn();
    server.isReachable = false;
    server.peer.drop();
    await time.advanceMs(15_000);
    server.isReachable = true;
    server.handleLogin = () => undefined;
    while (server.openPeers.length === 0) await time.advanceMs(1);
    const before = knocks();
    // Late in the life of that attempt: 2 s for it, then 100 ms at most instead of 5 s.
    await time.advanceMs(1_900);
    network.wakeUp();
    await time.advanceMs(100 + 100 + 1);
    expect(knocks()).toBe(before + 1);
  });

  test('without a network starts nothing', async () => {
    const { server, network, client, time, knocks } = await logIn();
    network.goOffline();
    server.peer.drop();
    network.wakeUp();
    await time.advanceMs(10_000);
    expect([client.state, knocks()]).toEqual(['reconnecting', 0]);
  });
});
