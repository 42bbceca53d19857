import { describe, expect, test } from 'vitest';

import { bytesOf, payloadOf, textOf } from '../../test/contract/transport-harness.ts';
import { MESSAGES, WILD, openNetworkScene } from '../../test/support/network-scene.ts';
import type { NetworkTap } from './network-tap.ts';

describe('lanes', () => {
  test('the stream is complete and in order whatever is wrong with the line', async () => {
    const { time, host, join } = await openNetworkScene({
      conditions: { ...WILD, pieceBytesMax: 1 },
    });
    const { client, connection, peer } = await join('ada');
    for (const text of MESSAGES) {
      connection.write('reliable', bytesOf(text));
      peer.write([payloadOf(text)]);
    }
    await time.advanceMs(300_000);
    expect([host.messagesOf(peer), client.messages]).toEqual([MESSAGES, MESSAGES]);
  });

  test('datagrams are lost, doubled and overtake each other', async () => {
    const { time, host, network, join } = await openNetworkScene({ conditions: WILD });
    const { connection, peer } = await join('ada');
    for (const text of MESSAGES) connection.write('sync', bytesOf(text));
    await time.advanceMs(1_000);
    const received = host.messagesOf(peer);
    const unique = [...new Set(received)];
    expect(unique.length).toBeLessThan(MESSAGES.length);
    expect(received.length).toBeGreaterThan(unique.length);
    expect(unique).not.toEqual(unique.toSorted((one, other) => Number(one) - Number(other)));
    const { loss, duplicate, reorder, jitter, delay } = network.faults;
    expect([loss, duplicate, reorder, jitter, delay]).not.toContain(0);
  });

  test('a stream lost or held makes the messages behind it wait', async () => {
    const { time, host, join } = await openNetworkScene({ conditions: { delayMs: 10 } });
    const { connection, peer, line } = await join('ada');
    line.setConditions('up', 'reliable', { lossRate: 1 });
    connection.write('reliable', bytesOf('lost'));
    line.setConditions('up', 'reliable', {});
    connection.write('reliable', bytesOf('behind'));
    await time.advanceMs(12_599);
    expect(host.messagesOf(peer)).toEqual([]);
    await time.advanceMs(1);
    expect(host.messagesOf(peer)).toEqual(['lost', 'behind']);
  });

  test('conditions hold for their direction and lane alone', async () => {
    const { time, host, join } = await openNetworkScene();
    const { client, connection, peer, line } = await join('ada');
    line.setConditions('up', 'sync', { delayMs: 100 });
    line.setConditions('down', 'reliable', { delayMs: 200 });
    connection.write('sync', bytesOf('up sync'));
    connection.write('reliable', bytesOf('up reliable'));
    peer.write([payloadOf('down reliable'), payloadOf('down sync', 'sync')]);
    await time.advanceMs(0);
    expect([host.messagesOf(peer), client.messages]).toEqual([['up reliable'], ['down sync']]);
    await time.advanceMs(100);
    expect(host.messagesOf(peer)).toEqual(['up reliable', 'up sync']);
    await time.advanceMs(100);
    expect(client.messages).toEqual(['down sync', 'down reliable']);
  });
});

describe('the network', () => {
  test('names connections by their peer, whoever else connects', async () => {
    const { host, join } = await openNetworkScene();
    for (const name of ['ada', '__proto__', 'ada', '1', '__proto__']) await join(name);
    expect(host.connections.map(({ peerId }) => peerId)).toEqual([
      'ada#1',
      '__proto__#1',
      'ada#2',
      '1#1',
      '__proto__#2',
    ]);
  });

  test('lends one view after the other, and destroys each', async () => {
    const { time, host, join } = await openNetworkScene();
    const kept: Uint8Array[] = [];
    host.onBytes = (_, __, bytes) => kept.push(bytes);
    const { connection, peer } = await join('ada');
    for (const text of ['first', 'other', 'x'.repeat(3_000)]) {
      connection.write('reliable', bytesOf(text));
    }
    await time.advanceMs(1);
    expect(host.messagesOf(peer)).toHaveLength(3);
    for (const view of kept) expect(new Set(view)).toEqual(new Set([0xdd]));
    for (const view of kept) expect(view.buffer.byteLength).toBeGreaterThan(view.length);
  });

  test('reads a message when it arrives: bytes that change on the way arrive changed', async () => {
    const { time, join } = await openNetworkScene({ conditions: { delayMs: 5 } });
    const { client, peer } = await join('ada');
    const bytes = bytesOf('before');
    peer.write([{ lane: 'reliable', bytes }]);
    bytes.set(bytesOf('after!'));
    await time.advanceMs(5);
    expect(client.messages).toEqual(['after!']);
  });

  test('a receiver that throws breaks nothing but its own call', async () => {
    const { time, host, join } = await openNetworkScene();
    const { connection, peer } = await join('ada');
    host.onBytes = (_, __, bytes) => {
      if (textOf(bytes) === 'a') throw new Error('hostile host');
    };
    for (const text of ['a', 'b']) connection.write('reliable', bytesOf(text));
    await expect(time.advanceMs(1)).rejects.toThrow('hostile host');
    await time.advanceMs(1);
    expect(host.messagesOf(peer)).toEqual(['a', 'b']);
  });

  test('tells a tap everything that moves, in order', async () => {
    const log: string[] = [];
    const tap: NetworkTap = {
      handleBegun: (peer, { client, connection, at }) =>
        log.push(`${at} ${peer} begun ${connection} by client ${client}`),
      handleOpened: (peer, connection, at) => log.push(`${at} ${peer} opened ${connection}`),
      handleSent: (peer, { direction, lane, bytes, sentAt }) =>
        log.push(`${sentAt} ${peer} sent ${direction} ${lane} ${textOf(bytes)}`),
      handleDelivered: (peer, { direction, lane, bytes }, at) =>
        log.push(`${at} ${peer} delivered ${direction} ${lane} ${textOf(bytes)}`),
      handleEnded: (peer, { side, connection, code, unread, at }) =>
        log.push(`${at} ${peer} ended ${side} ${connection} ${code ?? ''} ${unread}`),
    };
    const { time, join } = await openNetworkScene({ tap, conditions: { delayMs: 10 } });
    const { connection, peer } = await join('ada');
    connection.write('sync', bytesOf('up'));
    peer.write([payloadOf('down')]);
    peer.close('evicted');
    await time.advanceMs(100);
    expect(log).toEqual([
      '0 ada begun 1 by client 1',
      '0 ada opened 1',
      '1000 ada sent up sync up',
      '1000 ada sent down reliable down',
      '1010 ada delivered down reliable down',
      '1010 ada ended client 1 evicted 0',
      '1020 ada ended server 1  0',
    ]);
  });

  test('tells a tap what was given up unread', async () => {
    const log: string[] = [];
    const tap: NetworkTap = {
      handleEnded: (_, { side, unread }) => log.push(`${side} ${unread}`),
    };
    const { time, join } = await openNetworkScene({ tap, conditions: { delayMs: 10 } });
    const { connection, peer, node } = await join('ada');
    peer.write([payloadOf('read')]);
    await time.advanceMs(10);
    node.pause();
    peer.write([payloadOf('waits'), payloadOf('waits too')]);
    await time.advanceMs(5);
    peer.write([payloadOf('is on its way')]);
    await time.advanceMs(5);
    connection.drop();
    await time.advanceMs(100);
    expect(log).toEqual(['client 2', 'server 0']);
  });

  test('text is refused as such, and ends nothing', async () => {
    const { time, host, join } = await openNetworkScene();
    const { connection, peer } = await join('ada');
    connection.writeText();
    connection.write('reliable', bytesOf('on'));
    await time.advanceMs(1);
    expect(host.logOf(peer)).toEqual(['open', 'malformed text-frame', 'bytes on']);
  });

  test('nothing waits once every connection is over', async () => {
    const { time, node, host, network, join } = await openNetworkScene({ conditions: WILD });
    const peers = [await join('ada'), await join('bob'), await join('cleo'), await join('dan')];
    for (const { connection, peer } of peers) {
      for (const text of MESSAGES) connection.write('sync', bytesOf(text));
      peer.write(MESSAGES.map((text) => payloadOf(text)));
    }
    peers[0]?.connection.drop();
    peers[1]?.peer.drop();
    peers[2]?.line.reset();
    peers[3]?.peer.close('evicted');
    await time.advanceMs(200_000);
    expect([network.openLinks, host.count('closed')]).toEqual([0, 4]);
    expect(
      [node, ...peers.map((peer) => peer.node)].map(({ pendingEvents }) => pendingEvents),
    ).toEqual([0, 0, 0, 0, 0]);
  });
});
