/**
 * The part of the transport contract about ends: in every way that a connection or a server can
 * end, each side hears of it exactly once, and of nothing after it.
 */
import { describe, expect, test } from 'vitest';

import type { ClientConnection, TransportConnection } from '../../src/transport/transport.ts';
import { RecordingHost, TransportScene, bytesOf, payloadOf } from './transport-harness.ts';
import type { TransportHarness } from './transport-harness.ts';

interface Ends {
  readonly connection: ClientConnection;
  readonly peer: TransportConnection;
}

/** [name, what is done, what the client hears last]. */
const ENDINGS: readonly (readonly [string, (ends: Ends) => void, RegExp])[] = [
  ['the server closes', ({ peer }) => peer.close('evicted'), /^closed evicted$/],
  ['the server drops', ({ peer }) => peer.drop(), /^closed$/],
  ['the client closes', ({ connection }) => connection.close(), /^closed$/],
  ['the client drops', ({ connection }) => connection.drop(), /^closed$/],
  [
    'the server closes twice with two codes',
    ({ peer }) => {
      peer.close('evicted');
      peer.close('evicted');
    },
    /^closed evicted$/,
  ],
  [
    'the server closes, then drops',
    ({ peer }) => {
      peer.close('evicted');
      peer.drop();
      peer.drop();
    },
    // The goodbye may have left already.
    /^closed( evicted)?$/,
  ],
  [
    'the client closes, then drops',
    ({ connection }) => {
      connection.close();
      connection.close();
      connection.drop();
      connection.drop();
    },
    /^closed$/,
  ],
  [
    'both drop at once',
    ({ connection, peer }) => {
      connection.drop();
      peer.drop();
    },
    /^closed$/,
  ],
  [
    'the server drops while the client closes',
    ({ connection, peer }) => {
      connection.close();
      peer.drop();
    },
    /^closed$/,
  ],
];

export function describeEndings(
  open: () => Promise<TransportScene>,
  createHarness: () => TransportHarness,
): void {
  describe('ends', () => {
    for (const [name, act, last] of ENDINGS) {
      test(`when ${name}, each side hears of it once and of nothing after it`, async () => {
        const scene = await open();
        const { client, connection, peer } = await scene.connect();
        act({ connection, peer });
        connection.write('reliable', bytesOf('too late'));
        peer.write([payloadOf('too late')]);
        await scene.harness.until(() => client.closedCount > 0 && scene.host.count('closed') > 0);
        connection.write('reliable', bytesOf('too late'));
        peer.write([payloadOf('too late')]);
        connection.close();
        connection.drop();
        peer.close('evicted');
        peer.drop();
        await scene.harness.settle();
        expect(client.log.at(-1)).toMatch(last);
        expect(client.log.filter((entry) => entry.startsWith('closed'))).toHaveLength(1);
        expect(scene.host.logOf(peer).filter((entry) => entry === 'closed')).toHaveLength(1);
        expect(scene.host.logOf(peer).at(-1)).toBe('closed');
      });
    }

    describeOrder(open);
    describeEarlyEndings(open, createHarness);
    describeStop(open, createHarness);
  });
}

function describeOrder(open: () => Promise<TransportScene>): void {
  test('a close arrives behind what was written before it', async () => {
    const { harness, host, client, connection, peer } = await openPair(open);
    for (const text of ['a', 'b', 'c']) peer.write([payloadOf(text)]);
    peer.close('server-full');
    peer.write([payloadOf('d')]);
    await harness.until(() => client.closedCount > 0 && host.count('closed') > 0);
    expect(client.log).toEqual(['open', 'bytes a', 'bytes b', 'bytes c', 'closed server-full']);

    const other = await openPair(open);
    for (const text of ['a', 'b', 'c']) other.connection.write('reliable', bytesOf(text));
    other.connection.close();
    other.connection.write('reliable', bytesOf('d'));
    await other.harness.until(() => other.host.count('closed') > 0);
    expect(other.host.logOf(other.peer)).toEqual([
      'open',
      'bytes a',
      'bytes b',
      'bytes c',
      'closed',
    ]);
    connection.drop();
  });

  test('from its own close or drop on a side is delivered nothing, whatever is in flight', async () => {
    for (const end of ['close', 'drop'] as const) {
      const { harness, host, client, connection, peer } = await openPair(open);
      host.onBytes = () => (end === 'close' ? peer.close('evicted') : peer.drop());
      for (const text of ['a', 'b', 'c']) connection.write('reliable', bytesOf(text));
      await harness.until(() => client.closedCount > 0 && host.count('closed') > 0);
      await harness.settle();
      expect(host.logOf(peer)).toEqual(['open', 'bytes a', 'closed']);

      const other = await openPair(open);
      other.client.onBytes = () => other.connection[end]();
      for (const text of ['a', 'b', 'c']) other.peer.write([payloadOf(text)]);
      await other.harness.until(
        () => other.client.closedCount > 0 && other.host.count('closed') > 0,
      );
      await other.harness.settle();
      expect(other.client.log).toEqual(['open', 'bytes a', 'closed']);
    }
  });

  test('a client hears of its own drop before the call returns', async () => {
    const { client, connection } = await openPair(open);
    connection.drop();
    expect(client.log).toEqual(['open', 'closed']);
  });

  test('the host doesn’t hear of an end from within its own call', async () => {
    const { harness, host, peer } = await openPair(open);
    peer.drop();
    peer.close('evicted');
    expect(host.count('closed')).toBe(0);
    await harness.until(() => host.count('closed') === 1);
  });

  test('the end of one connection is nothing to the others', async () => {
    const scene = await open();
    const before = await scene.connect();
    const ending = await scene.connect();
    const after = await scene.connect();
    ending.peer.drop();
    await scene.harness.until(() => ending.client.closedCount > 0);
    for (const { connection, peer } of [before, after]) {
      connection.write('reliable', bytesOf('up'));
      peer.write([payloadOf('down')]);
    }
    await scene.harness.until(() => scene.host.count('bytes') === 2);
    for (const { client } of [before, after]) {
      await scene.harness.until(() => client.messages.length === 1);
    }
    for (const { client, peer } of [before, after]) {
      expect(client.log).toEqual(['open', 'bytes down']);
      expect(scene.host.logOf(peer)).toEqual(['open', 'bytes up']);
    }
  });
}

function describeEarlyEndings(
  open: () => Promise<TransportScene>,
  createHarness: () => TransportHarness,
): void {
  for (const end of ['close', 'drop'] as const) {
    test(`a client that calls ${end} before it is open hears of its end once`, async () => {
      const scene = await open();
      const { client, connection } = scene.begin();
      connection.write('reliable', bytesOf('too early'));
      connection[end]();
      connection[end]();
      await scene.harness.until(() => client.closedCount > 0);
      await scene.harness.settle();
      expect(client.log).toEqual(['closed']);
      expect(scene.host.count('bytes')).toBe(0);
      expect(scene.host.count('closed')).toBe(scene.host.count('open'));
    });

    test(`a host that calls ${end} while it hears of a connection ends it`, async () => {
      const scene = await open();
      scene.host.onOpen = (peer) => (end === 'close' ? peer.close('server-full') : peer.drop());
      const { client } = scene.begin();
      await scene.harness.until(() => client.closedCount > 0 && scene.host.count('closed') > 0);
      await scene.harness.settle();
      expect(client.log.at(-1)).toBe(end === 'close' ? 'closed server-full' : 'closed');
      expect(client.closedCount).toBe(1);
      expect(scene.host.events.map(({ kind }) => kind)).toEqual(['open', 'closed']);
    });
  }

  test('a client of nobody hears of its end once, and not before connect returns', async () => {
    const scene = new TransportScene(createHarness());
    for (const url of [scene.harness.deadUrl, 'no url at all']) {
      scene.url = url;
      const { client, connection } = scene.begin();
      expect(client.log).toEqual([]);
      await scene.harness.until(() => client.closedCount > 0);
      connection.drop();
      await scene.harness.settle();
      expect(client.log).toEqual(['closed']);
    }
  });
}

function describeStop(
  open: () => Promise<TransportScene>,
  createHarness: () => TransportHarness,
): void {
  test('stop ends every connection before it resolves, and tells the clients why', async () => {
    const scene = await open();
    const peers = [await scene.connect(), await scene.connect(), await scene.connect()];
    peers[0]?.peer.write([payloadOf('last words')]);
    await scene.harness.server.stop();
    expect(scene.host.count('closed')).toBe(3);
    await scene.harness.until(() => peers.every(({ client }) => client.closedCount > 0));
    expect(peers[0]?.client.log).toEqual(['open', 'bytes last words', 'closed server-stopped']);
    expect(peers[1]?.client.log).toEqual(['open', 'closed server-stopped']);
    for (const { peer } of peers) expect(scene.host.logOf(peer)).toEqual(['open', 'closed']);
  });

  test('stop keeps the code of a close that is under way', async () => {
    const { harness, client, peer } = await openPair(open);
    peer.close('evicted');
    await harness.server.stop();
    await harness.until(() => client.closedCount > 0);
    expect(client.closeCode).toBe('evicted');
  });

  test('stop is the same the second time, at the same time, and without a start', async () => {
    const { harness, host, client } = await openPair(open);
    await Promise.all([harness.server.stop(), harness.server.stop()]);
    await harness.server.stop();
    await harness.until(() => client.closedCount > 0);
    expect([client.closedCount, host.count('closed')]).toEqual([1, 1]);
    const { server } = createHarness();
    await server.stop();
    await expect(server.start(new RecordingHost())).rejects.toMatchObject({
      code: 'already-stopped',
    });
  });

  test('stop during a handshake leaves no connection behind', async () => {
    const scene = await open();
    const { client } = scene.begin();
    await scene.harness.server.stop();
    await scene.harness.until(() => client.closedCount > 0);
    await scene.harness.settle();
    expect(scene.host.count('open')).toBe(scene.host.count('closed'));
    expect(client.closedCount).toBe(1);
  });

  test('stop can be called from within an event', async () => {
    const { harness, host, client, connection } = await openPair(open);
    let stopping: Promise<void> | undefined;
    host.onBytes = () => {
      stopping = harness.server.stop();
    };
    connection.write('reliable', bytesOf('a'));
    connection.write('reliable', bytesOf('b'));
    await harness.until(() => client.closedCount > 0);
    await stopping;
    expect(host.events.map(({ kind }) => kind)).toEqual(['open', 'bytes', 'closed']);
  });

  test('a client that comes after stop hears of its end once', async () => {
    const scene = await open();
    await scene.harness.server.stop();
    const { client } = scene.begin();
    expect(client.log).toEqual([]);
    await scene.harness.until(() => client.closedCount > 0);
    expect(client.log).toEqual(['closed']);
  });

  test('a second start is refused and changes nothing', async () => {
    const scene = await open();
    const again = scene.harness.server.start(new RecordingHost());
    await expect(again).rejects.toMatchObject({ code: 'already-started' });
    const { client } = await scene.connect();
    expect(client.isOpen).toBe(true);
  });
}

async function openPair(open: () => Promise<TransportScene>) {
  const scene = await open();
  return { harness: scene.harness, host: scene.host, ...(await scene.connect()) };
}
