import { describe, expect, test } from 'vitest';

import {
  RecordingClient,
  RecordingHost,
  bytesOf,
  payloadOf,
  textOf,
} from '../../test/contract/transport-harness.ts';
import { MESSAGES, WILD, openNetworkScene } from '../../test/support/network-scene.ts';
import type { LinkConditions } from '../transport/link-conditions.ts';
import type { NetworkTap } from './network-tap.ts';

describe('lines', () => {
  test('what happens on one line never moves another', async () => {
    const arrivalsOfBob = async (adaConditions: Partial<LinkConditions>, adaMessages: number) => {
      const arrivals: string[] = [];
      const tap: NetworkTap = {
        handleDelivered: (peer, { bytes }, at) => {
          if (peer === 'bob') arrivals.push(`${at} ${textOf(bytes)}`);
        },
      };
      const { time, join } = await openNetworkScene({ tap, conditions: WILD });
      const ada = await join('ada');
      const bob = await join('bob');
      ada.line.setConditions('both', 'both', adaConditions);
      for (const text of MESSAGES) {
        for (let copy = 0; copy < adaMessages; copy += 1) {
          ada.connection.write('sync', bytesOf(text));
          ada.peer.write([payloadOf(text)]);
        }
        bob.connection.write('sync', bytesOf(text));
        bob.peer.write([payloadOf(text)]);
        if (text === '100') ada.line.reset();
        await time.advanceMs(10);
      }
      return arrivals;
    };
    const alone = await arrivalsOfBob({}, 0);
    expect(alone.length).toBeGreaterThan(300);
    expect(await arrivalsOfBob(WILD, 5)).toEqual(alone);
  });

  test('a partition holds the stream and loses datagrams until it heals', async () => {
    const { time, host, network, join } = await openNetworkScene({ conditions: { delayMs: 20 } });
    const { client, connection, peer, line } = await join('ada');
    connection.write('reliable', bytesOf('under way'));
    line.partition('up');
    connection.write('reliable', bytesOf('held'));
    connection.write('sync', bytesOf('lost'));
    peer.write([payloadOf('other way')]);
    await time.advanceMs(5_000);
    expect([host.messagesOf(peer), client.messages]).toEqual([[], ['other way']]);
    line.heal();
    await time.advanceMs(19);
    expect(host.messagesOf(peer)).toEqual([]);
    await time.advanceMs(1);
    expect(host.messagesOf(peer)).toEqual(['under way', 'held']);
    connection.write('sync', bytesOf('again'));
    await time.advanceMs(20);
    expect(host.messagesOf(peer).at(-1)).toBe('again');
    expect(network.faults.partition).toBe(3);
  });

  test('bytes behind a partition count as buffered beyond the window', async () => {
    const { join } = await openNetworkScene();
    const { connection, peer, line } = await join('ada');
    line.setWindow('up', 100);
    line.partition('both');
    connection.write('reliable', new Uint8Array(150));
    peer.write([{ lane: 'reliable', bytes: new Uint8Array(70_000) }]);
    expect([connection.bufferedBytes, peer.bufferedBytes]).toEqual([50, 70_000 - 65_536]);
  });

  test('a reset tells both ends, once, and what is in flight is lost', async () => {
    const { time, host, network, join } = await openNetworkScene({ conditions: { delayMs: 20 } });
    const { client, connection, peer, line } = await join('ada');
    connection.write('reliable', bytesOf('lost'));
    peer.write([payloadOf('lost')]);
    line.reset();
    expect(client.closedCount).toBe(0);
    await time.advanceMs(0);
    await time.advanceMs(5_000);
    expect([client.log, host.logOf(peer)]).toEqual([
      ['open', 'closed'],
      ['open', 'closed'],
    ]);
    expect([network.openLinks, network.faults.reset]).toEqual([0, 1]);
  });

  test.each([
    ['client', ['open', 'closed'], ['open']],
    ['server', ['open'], ['open', 'closed']],
  ] as const)('half-open at the %s tells that end alone', async (lostBy, ofClient, ofServer) => {
    const { time, host, network, join } = await openNetworkScene();
    const { client, connection, peer, line } = await join('ada');
    line.halfOpen(lostBy);
    for (let second = 0; second < 60; second += 1) {
      connection.write('reliable', new Uint8Array(10_000));
      peer.write([{ lane: 'reliable', bytes: new Uint8Array(10_000) }, payloadOf('x', 'sync')]);
      await time.advanceMs(1_000);
    }
    expect([client.log, host.logOf(peer)]).toEqual([ofClient, ofServer]);
    const survivor = lostBy === 'client' ? peer : connection;
    expect(survivor.bufferedBytes).toBe(600_000 - 65_536);
    survivor.close('liveness-timeout');
    await time.advanceMs(2_000);
    expect([client.closedCount, host.count('closed')]).toEqual([1, 1]);
    expect([network.openLinks, network.faults.halfOpen]).toEqual([0, 1]);
  });

  test('a reader that stops misses datagrams and keeps the stream for later', async () => {
    const { time, network, join } = await openNetworkScene();
    const { client, peer, line } = await join('ada');
    line.stopReading();
    peer.write([payloadOf('kept'), payloadOf('lost', 'sync')]);
    await time.advanceMs(1_000);
    expect(client.messages).toEqual([]);
    line.resumeReading();
    await time.advanceMs(0);
    expect(client.messages).toEqual(['kept']);
    expect(network.faults.stoppedReader).toBe(1);
  });

  test('makePerfect ends every fault', async () => {
    const { time, host, join } = await openNetworkScene({ conditions: WILD });
    const { client, connection, peer, line } = await join('ada');
    line.partition('both');
    line.stopReading();
    connection.write('reliable', bytesOf('up'));
    peer.write([payloadOf('down')]);
    await time.advanceMs(20_000);
    line.makePerfect();
    await time.advanceMs(0);
    expect([host.messagesOf(peer), client.messages]).toEqual([['up'], ['down']]);
  });
});

describe('makePerfect', () => {
  test('lets what lags behind arrive at once, in order, and nothing lag again', async () => {
    const { time, host, join } = await openNetworkScene({
      conditions: { bandwidthBytesPerSecond: 10, lossRate: 0.5 },
    });
    const { connection, peer, line } = await join('ada');
    for (const text of MESSAGES) connection.write('reliable', bytesOf(text));
    await time.advanceMs(5_000);
    expect(host.messagesOf(peer).length).toBeLessThan(50);
    line.makePerfect();
    await time.advanceMs(0);
    expect(host.messagesOf(peer)).toEqual(MESSAGES);
    connection.write('reliable', bytesOf('after'));
    await time.advanceMs(0);
    expect(host.messagesOf(peer).at(-1)).toBe('after');
  });
});

describe('nodes', () => {
  test('a paused node takes what has arrived when it resumes', async () => {
    const { time, node, host, join } = await openNetworkScene();
    const ada = await join('ada');
    const bob = await join('bob');
    bob.node.pause();
    node.pause();
    ada.connection.write('reliable', bytesOf('up'));
    bob.peer.write([payloadOf('down')]);
    await time.advanceMs(3_000);
    expect([host.messagesOf(ada.peer), bob.client.messages]).toEqual([[], []]);
    node.resume();
    await time.advanceMs(0);
    expect([host.messagesOf(ada.peer), bob.client.messages]).toEqual([['up'], []]);
    bob.node.resume();
    await time.advanceMs(0);
    expect(bob.client.messages).toEqual(['down']);
  });

  test.each([true, false])(
    'a client that dies hears nothing; the server is told: %s',
    async (tells) => {
      const { time, host, network, join } = await openNetworkScene();
      const { client, peer, line, node } = await join('ada');
      node.stop();
      line.die('client', tells);
      await time.advanceMs(10_000);
      expect(client.log).toEqual(['open']);
      expect(host.logOf(peer)).toEqual(tells ? ['open', 'closed'] : ['open']);
      expect(network.openLinks).toBe(tells ? 0 : 1);
      expect(network.faults.crash).toBe(1);
    },
  );

  test('a server that dies leaves its clients to another one', async () => {
    const { time, node, host, network, url, join } = await openNetworkScene();
    const { client } = await join('ada');
    node.stop();
    network.crashServer(true);
    const refused = new RecordingClient();
    const transport = network.createClient({ name: 'bob', scheduler: time.createNode('bob') });
    transport.connect(url, refused);
    await time.advanceMs(1_000);
    expect([client.log, refused.log]).toEqual([['open', 'closed'], ['closed']]);
    expect(host.count('closed')).toBe(0);
    node.start();
    const successor = new RecordingHost();
    await network.createServer({ scheduler: node }).start(successor);
    const back = new RecordingClient();
    transport.connect(url, back);
    await time.advanceMs(1_000);
    expect([back.log, successor.connections[0]?.peerId]).toEqual([['open'], 'bob#2']);
    expect(host.count('open')).toBe(1);
  });

  test('clients of a server that dies unheard go on believing in it', async () => {
    const { time, node, network, join } = await openNetworkScene();
    const { client, connection } = await join('ada');
    node.stop();
    network.crashServer(false);
    await time.advanceMs(60_000);
    expect(client.log).toEqual(['open']);
    connection.close();
    await time.advanceMs(2_000);
    expect([client.log, network.openLinks]).toEqual([['open', 'closed'], 0]);
  });
});
