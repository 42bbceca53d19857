import { describe, expect, test } from 'vitest';

import { SeededRandom } from '../../test/support/seeded-random.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import {
  RecordingClient,
  RecordingHost,
  bytesOf,
  payloadOf,
  textOf,
} from '../../test/contract/transport-harness.ts';
import { createMemoryNetwork } from './memory-network.ts';
import type { MemoryClientTransport, MemoryNetworkOptions } from './memory-network.ts';
import type { TransportConnection } from './transport.ts';

async function scene(options: Partial<MemoryNetworkOptions> = {}) {
  const time = new VirtualTime();
  const host = new RecordingHost();
  const network = createMemoryNetwork({ scheduler: time, random: new SeededRandom(7), ...options });
  const url = await network.server.start(host);
  const connect = async (transport: MemoryClientTransport = network.client) => {
    const client = new RecordingClient();
    const connection = transport.connect(url, client);
    await time.advanceMs(1_000);
    return { client, connection, peer: host.connections.at(-1) as TransportConnection };
  };
  return { time, host, network, connect };
}

describe('views', () => {
  test('a receiver that keeps a view finds it destroyed', async () => {
    const { time, host, connect } = await scene();
    const kept: Uint8Array[] = [];
    host.onBytes = (_, __, bytes) => kept.push(bytes);
    const { client, connection, peer } = await connect();
    client.onBytes = (bytes) => kept.push(bytes);
    connection.write('reliable', bytesOf('up'));
    peer.write([payloadOf('down')]);
    await time.advanceMs(1);
    expect([host.messagesOf(peer), client.messages]).toEqual([['up'], ['down']]);
    expect(kept.map(textOf).toSorted()).toEqual(['ÝÝ', 'ÝÝÝÝ']);
  });

  test('the buffer of a view is not the message', async () => {
    const { time, host, connect } = await scene();
    let wholeBuffer = '';
    host.onBytes = (_, __, bytes) => (wholeBuffer = textOf(new Uint8Array(bytes.buffer)));
    const { connection } = await connect();
    connection.write('reliable', bytesOf('up'));
    await time.advanceMs(1);
    expect(wholeBuffer).toBe('\0\0\0\0up\0\0\0\0');
  });
});

describe('the sync lane', () => {
  const messages = Array.from({ length: 400 }, (_, index) => String(index));

  async function sendAll(options: Partial<MemoryNetworkOptions>) {
    const { time, host, connect } = await scene(options);
    const { connection, peer } = await connect();
    for (const text of messages) {
      connection.write('sync', bytesOf(text));
      connection.write('reliable', bytesOf(`r${text}`));
    }
    await time.advanceMs(1_000);
    const all = host.messagesOf(peer);
    return {
      sync: all.filter((text) => !text.startsWith('r')),
      reliable: all.filter((text) => text.startsWith('r')),
    };
  }

  test('is perfect where nothing else is asked for', async () => {
    expect((await sendAll({ syncLane: {} })).sync).toEqual(messages);
  });

  test('loses at its rate, and never what is reliable', async () => {
    const { sync, reliable } = await sendAll({ syncLane: { lossRate: 0.25 } });
    expect(sync.length).toBeGreaterThan(240);
    expect(sync.length).toBeLessThan(360);
    expect(sync).toEqual(messages.filter((text) => sync.includes(text)));
    expect(reliable).toEqual(messages.map((text) => `r${text}`));
    expect((await sendAll({ syncLane: { lossRate: 1 } })).sync).toEqual([]);
  });

  test('doubles at its rate', async () => {
    const { sync } = await sendAll({ syncLane: { duplicateRate: 0.25 } });
    expect(sync.length).toBeGreaterThan(440);
    expect(sync.length).toBeLessThan(560);
    expect([...new Set(sync)]).toEqual(messages);
  });

  test('lets messages overtake each other when their delays differ, the stream doesn’t', async () => {
    const delays = { delayMsMin: 5, delayMsMax: 50 };
    const { sync, reliable } = await sendAll({ syncLane: delays, reliableLane: delays });
    expect(sync).not.toEqual(messages);
    expect(sync.toSorted((a, b) => Number(a) - Number(b))).toEqual(messages);
    expect(reliable).toEqual(messages.map((text) => `r${text}`));
  });

  test('is lost on a reader that has stopped', async () => {
    const { time, connect } = await scene({ syncLane: {} });
    const { client, connection, peer } = await connect();
    connection.pauseReading();
    peer.write([payloadOf('gone', 'sync'), payloadOf('kept')]);
    await time.advanceMs(10);
    expect(client.messages).toEqual([]);
    connection.resumeReading();
    await time.advanceMs(10);
    expect(client.messages).toEqual(['kept']);
  });

  test('is lost with a drop, as everything in flight is', async () => {
    const { time, host, connect } = await scene({
      syncLane: { delayMsMin: 10 },
      reliableLane: { delayMsMin: 10 },
    });
    const { client, connection, peer } = await connect();
    peer.write([payloadOf('sync', 'sync'), payloadOf('reliable')]);
    connection.write('sync', bytesOf('sync'));
    connection.write('reliable', bytesOf('reliable'));
    peer.drop();
    await time.advanceMs(5);
    expect([client.log, host.logOf(peer)]).toEqual([['open'], ['open', 'closed']]);
    await time.advanceMs(5);
    expect(client.log).toEqual(['open', 'closed']);
  });
});

describe('the network', () => {
  test('takes the time that it is told to, each way', async () => {
    const { time, host, network } = await scene({ reliableLane: { delayMsMin: 30 } });
    const client = new RecordingClient();
    network.client.connect('memory://any', client);
    await time.advanceMs(29.9);
    expect(host.count('open')).toBe(0);
    await time.advanceMs(0.1);
    expect(host.count('open')).toBe(1);
    expect(client.isOpen).toBe(false);
    await time.advanceMs(30);
    expect(client.isOpen).toBe(true);
  });

  test('gives each client the address, origin and host that it was made with', async () => {
    const { time, host, network } = await scene();
    const other = network.createClient({ address: '10.0.0.7', origin: 'https://game.example' });
    other.connect('ws://game.example:81/play', new RecordingClient());
    network.client.connect('memory://holdfast', new RecordingClient());
    await time.advanceMs(1);
    expect(host.requests).toEqual([
      { address: '10.0.0.7', origin: 'https://game.example', requestedHost: 'game.example:81' },
      { address: '127.0.0.1', origin: undefined, requestedHost: 'holdfast' },
    ]);
    expect(host.connections.map(({ address, origin }) => [address, origin])).toEqual([
      ['10.0.0.7', 'https://game.example'],
      ['127.0.0.1', undefined],
    ]);
  });

  test('counts as buffered what is over its window, on both ends', async () => {
    const { time, connect } = await scene({ windowBytes: 10, reliableLane: { delayMsMin: 5 } });
    const { connection, peer } = await connect();
    peer.write([payloadOf('0123456789')]);
    connection.write('reliable', bytesOf('0123456789'));
    expect([peer.bufferedBytes, connection.bufferedBytes]).toEqual([0, 0]);
    peer.write([payloadOf('abc')]);
    connection.write('reliable', bytesOf('ab'));
    expect([peer.bufferedBytes, connection.bufferedBytes]).toEqual([3, 2]);
    await time.advanceMs(5);
    expect([peer.bufferedBytes, connection.bufferedBytes]).toEqual([0, 0]);
  });

  test('repeats a run exactly, and lets nobody’s traffic move another’s faults', async () => {
    const run = async (noise: number): Promise<string[]> => {
      const { time, host, network, connect } = await scene({
        syncLane: { lossRate: 0.3, duplicateRate: 0.2, delayMsMin: 0, delayMsMax: 40 },
      });
      const noisy = await connect(network.createClient({ random: new SeededRandom(1) }));
      const quiet = await connect(network.createClient({ random: new SeededRandom(2) }));
      for (let index = 0; index < 100; index += 1) {
        quiet.connection.write('sync', bytesOf(String(index)));
        for (let copy = 0; copy < noise; copy += 1) noisy.connection.write('sync', bytesOf('n'));
      }
      await time.advanceMs(100);
      return host.messagesOf(quiet.peer);
    };
    const alone = await run(0);
    expect(alone.length).toBeGreaterThan(0);
    expect(await run(0)).toEqual(alone);
    expect(await run(3)).toEqual(alone);
  });

  test('leaves no timer behind when everybody has gone', async () => {
    const { time, network, connect } = await scene();
    const one = await connect();
    const two = await connect();
    const three = await connect();
    one.peer.close('evicted');
    two.connection.close();
    three.connection.drop();
    await time.advanceMs(0);
    expect(time.pendingTimers).toBe(0);
    await network.server.stop();
    expect([time.pendingTimers, time.pendingDeferred]).toEqual([0, 0]);
  });
});
