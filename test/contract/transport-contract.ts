/**
 * The transport contract (src/transport/transport.ts) as a test suite: what every transport
 * promises to the host and to a client. In: a maker of harnesses. Out: tests.
 */
import { afterEach, describe, expect, test } from 'vitest';

import { CLOSE_CODES } from '../../src/protocol/codes.ts';
import type { CloseCode } from '../../src/protocol/codes.ts';
import type { OutboundPayload, TransportConnection } from '../../src/transport/transport.ts';
import { describeEndings } from './transport-endings.ts';
import {
  RecordingClient,
  TransportScene,
  bytesOf,
  patternOf,
  payloadOf,
  textOf,
} from './transport-harness.ts';
import type { OpenPair, TransportHarness } from './transport-harness.ts';

export function describeTransportContract(
  name: string,
  createHarness: () => TransportHarness,
): void {
  describe(`transport contract: ${name}`, () => {
    let scenes: TransportScene[] = [];
    const open = async (): Promise<TransportScene> => {
      const scene = new TransportScene(createHarness());
      scenes.push(scene);
      return scene.start();
    };
    afterEach(async () => {
      await Promise.all(scenes.map(({ harness }) => harness.server.stop()));
      scenes = [];
    });

    describeDelivery(open);
    describeWriting(open);
    describeAdmission(open);
    describeEndings(open, createHarness);
  });
}

type OpenScene = () => Promise<TransportScene>;

function describeDelivery(open: OpenScene): void {
  test('reliable messages arrive complete and in order, both ways', async () => {
    const { harness, host, connect } = bound(await open());
    const { client, connection, peer } = await connect();
    const messages = Array.from({ length: 300 }, (_, index) => patternOf(index * 7, index));
    for (const bytes of messages) {
      connection.write('reliable', bytes);
      peer.write([{ lane: 'reliable', bytes }]);
    }
    await harness.until(() => client.messages.length >= 300);
    await harness.until(() => host.messagesOf(peer).length >= 300);
    await harness.settle();
    expect(client.messages).toEqual(messages.map(textOf));
    expect(host.messagesOf(peer)).toEqual(messages.map(textOf));
  });

  test('a sync message arrives on the lane that the transport has for it', async () => {
    const { harness, host, connect } = bound(await open());
    const lanes: string[] = [];
    host.onBytes = (_, lane) => lanes.push(lane);
    const { client, connection, peer } = await connect();
    connection.write('sync', bytesOf('up'));
    peer.write([payloadOf('down', 'sync')]);
    await harness.until(() => client.messages.length === 1 && lanes.length === 1);
    expect(lanes).toEqual([harness.syncArrivesAs]);
    expect([...client.lanes]).toEqual([harness.syncArrivesAs]);
  });

  test('both ends say whether the sync lane is ordered', async () => {
    const { harness, connect } = bound(await open());
    const { connection, peer } = await connect();
    expect([connection.isSyncOrdered, peer.isSyncOrdered]).toEqual(
      harness.isSyncOrdered ?? [true, true],
    );
  });

  test('a message is whole at every length that frames differ by, empty and largest too', async () => {
    const { harness, host, connect } = bound(await open());
    const { client, connection, peer } = await connect();
    const lengths = [0, 1, 125, 126, 127, 4_095, 65_535, 65_536];
    const up = lengths.filter((length) => length <= harness.clientMessageBytesMax);
    up.push(harness.clientMessageBytesMax);
    const down = lengths.filter((length) => length <= harness.serverMessageBytesMax);
    down.push(harness.serverMessageBytesMax);
    for (const length of up) connection.write('reliable', patternOf(length, length));
    for (const length of down) {
      peer.write([{ lane: 'reliable', bytes: patternOf(length, length) }]);
    }
    await harness.until(() => client.messages.length >= down.length);
    await harness.until(() => host.messagesOf(peer).length >= up.length);
    expect(host.messagesOf(peer)).toEqual(up.map((length) => textOf(patternOf(length, length))));
    expect(client.messages).toEqual(down.map((length) => textOf(patternOf(length, length))));
  });

  test('one byte over the largest message ends that peer as malformed, and no other', async () => {
    const { harness, host, connect } = bound(await open());
    const offender = await connect();
    const bystander = await connect();
    offender.connection.write('reliable', bytesOf('before'));
    offender.connection.write('reliable', new Uint8Array(harness.clientMessageBytesMax + 1));
    offender.connection.write('reliable', bytesOf('after'));
    await harness.until(() => offender.client.closedCount > 0 && host.count('closed') > 0);
    bystander.connection.write('reliable', bytesOf('unmoved'));
    await harness.until(() => host.messagesOf(bystander.peer).length === 1);
    expect(host.logOf(offender.peer)).toEqual([
      'open',
      'bytes before',
      'malformed frame-too-large',
      'closed',
    ]);
    expect(offender.client.log).toEqual(['open', 'closed protocol-error']);
    expect(host.logOf(bystander.peer)).toEqual(['open', 'bytes unmoved']);
    expect(bystander.client.log).toEqual(['open']);
  });

  test('bytes are a plain Uint8Array, so that slice copies', async () => {
    const { harness, host, connect } = bound(await open());
    const { client, connection, peer } = await connect();
    const seen: Uint8Array[] = [];
    host.onBytes = (_, __, bytes) => seen.push(bytes);
    client.onBytes = (bytes) => seen.push(bytes);
    connection.write('reliable', bytesOf('up'));
    peer.write([payloadOf('down')]);
    await harness.until(() => seen.length === 2);
    for (const bytes of seen) {
      expect(Object.getPrototypeOf(bytes) === Uint8Array.prototype).toBe(true);
    }
  });

  test('what the host writes while it hears of a connection is the first thing it hears', async () => {
    const { harness, host, connect } = bound(await open());
    host.onOpen = (connection) => connection.write([payloadOf('welcome')]);
    const { client } = await connect();
    await harness.until(() => client.messages.length > 0);
    expect(client.log).toEqual(['open', 'bytes welcome']);
  });
}

function describeWriting(open: OpenScene): void {
  test('a payload that is shared by many connections reaches each intact, framed once', async () => {
    const { harness, connect } = bound(await open());
    const peers: OpenPair[] = [];
    for (let index = 0; index < 10; index += 1) peers.push(await connect());
    const shared: OutboundPayload = { lane: 'reliable', bytes: patternOf(1_000, 1) };
    const frames = new Set<Uint8Array | undefined>();
    for (const { peer } of peers) {
      peer.write([payloadOf(peer.peerId), shared]);
      frames.add(shared.framed);
    }
    await harness.until(() => peers.every(({ client }) => client.messages.length >= 2));
    for (const { client, peer } of peers) {
      expect(client.messages).toEqual([peer.peerId, textOf(patternOf(1_000, 1))]);
    }
    expect(shared.bytes).toEqual(patternOf(1_000, 1));
    expect(frames.size).toBe(1);
    expect(shared.framed !== undefined).toBe(harness.framesPayloads);
  });

  test('payloads of one write, and of several, keep their order', async () => {
    const { harness, connect } = bound(await open());
    const { client, peer } = await connect();
    peer.write(['a', 'b', 'c'].map((text) => payloadOf(text)));
    peer.write([]);
    peer.write([payloadOf('d')]);
    peer.write(['e', 'f'].map((text) => payloadOf(text)));
    await harness.until(() => client.messages.length >= 6);
    expect(client.messages).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  test('a reader that stops shows in bufferedBytes of its connection alone, and misses nothing', async () => {
    const { harness, host, connect, url } = bound(await open());
    const bystander = await connect();
    const client = new RecordingClient();
    const reader = harness.connectReader(url, client);
    await harness.until(() => client.isOpen && host.connections.length === 2);
    const peer = host.connections[1] as TransportConnection;
    expect(peer.bufferedBytes).toBe(0);
    reader.pauseReading();
    const bytes = patternOf(60_000, 3);
    const written = await writeUntilBuffered(harness, peer, bytes);
    bystander.peer.write([payloadOf('unmoved')]);
    await harness.until(() => bystander.client.messages.length === 1);
    expect(bystander.peer.bufferedBytes).toBe(0);
    expect(client.messages.length).toBeLessThan(written);
    reader.resumeReading();
    await harness.until(() => client.messages.length === written && peer.bufferedBytes === 0);
    expect(new Set(client.messages)).toEqual(new Set([textOf(bytes)]));
  });

  test('a peer that doesn’t read is closed within a bound all the same', async () => {
    const { harness, host, url } = bound(await open());
    const client = new RecordingClient();
    const reader = harness.connectReader(url, client);
    await harness.until(() => client.isOpen && host.connections.length === 1);
    const peer = host.connections[0] as TransportConnection;
    reader.pauseReading();
    await writeUntilBuffered(harness, peer, patternOf(60_000, 3));
    peer.close('slow-consumer');
    await harness.until(() => host.count('closed') === 1);
    reader.resumeReading();
    await harness.until(() => client.closedCount === 1);
    expect(host.logOf(peer)).toEqual(['open', 'closed']);
  });
}

/** Writes until the network takes no more; answers how many messages that were. */
async function writeUntilBuffered(
  harness: TransportHarness,
  peer: TransportConnection,
  bytes: Uint8Array,
): Promise<number> {
  for (let written = 1; written <= 2_000; written += 1) {
    peer.write([{ lane: 'reliable', bytes }]);
    if (written % 50 === 0) {
      await harness.settle();
      if (peer.bufferedBytes > 0) return written;
    }
  }
  throw new Error('the network took 120 MB that nobody reads');
}

function describeAdmission(open: OpenScene): void {
  test('a refused client is never a connection, and hears of its end once', async () => {
    const { harness, host, begin, connect } = bound(await open());
    host.admit = () => ({ status: 503, message: 'full' });
    const { client, connection } = begin();
    await harness.until(() => client.closedCount > 0);
    connection.write('reliable', bytesOf('ignored'));
    connection.close();
    connection.drop();
    await harness.settle();
    expect(client.log).toEqual(['closed']);
    expect(host.events).toEqual([]);
    host.admit = () => undefined;
    await connect();
    expect(host.count('open')).toBe(1);
  });

  test('admission is asked with the address that the connection then has', async () => {
    const { host, url, connect } = bound(await open());
    const { peer } = await connect();
    expect(host.requests).toEqual([
      { address: '127.0.0.1', origin: undefined, requestedHost: new URL(url).host },
    ]);
    expect([peer.address, peer.origin]).toEqual(['127.0.0.1', undefined]);
  });

  test('every connection has a PeerId of its own', async () => {
    const { harness, host, begin } = bound(await open());
    for (let index = 0; index < 40; index += 1) begin();
    await harness.until(() => host.connections.length === 40);
    const ids = host.connections.map(({ peerId }) => peerId);
    expect(new Set(ids).size).toBe(40);
    for (const id of ids) {
      expect(id).toMatch(harness.peerIdPattern ?? /^[0-9a-f]{32}$/);
    }
  });

  test('each close code reaches the client', async () => {
    const { harness, connect } = bound(await open());
    for (const code of Object.keys(CLOSE_CODES) as CloseCode[]) {
      const { client, peer } = await connect();
      peer.close(code);
      await harness.until(() => client.closedCount > 0);
      expect(client.closeCode).toBe(code);
    }
  });
}

/** The scene's parts, so that tests can take them apart. */
function bound(scene: TransportScene) {
  return {
    harness: scene.harness,
    host: scene.host,
    url: scene.url,
    begin: () => scene.begin(),
    connect: () => scene.connect(),
  };
}
