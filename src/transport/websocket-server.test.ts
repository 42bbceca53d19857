import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect as connectTcp } from 'node:net';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { realUntil } from '../../test/contract/real-time.ts';
import { RecordingHost, payloadOf } from '../../test/contract/transport-harness.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { createWebSocketServer } from './websocket-server.ts';
import type { WebSocketServerOptions, WebSocketTransportServer } from './websocket-server.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** A valid upgrade request, less the lines that `changes` removes or replaces. */
function upgradeRequest(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const headers: Record<string, string | undefined> = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': KEY,
    ...changes,
  };
  const lines = Object.entries(headers)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET / HTTP/1.1\r\n${lines.join('')}\r\n`;
}

/** A client's frame with the mask 0: header, then the payload as it is. */
function frame(firstByte: number, payload = ''): Buffer {
  const header = Buffer.from([firstByte, 0x80 | payload.length, 0, 0, 0, 0]);
  return Buffer.concat([header, Buffer.from(payload, 'latin1')]);
}

const BINARY = 0x82;
const TEXT = 0x81;
const PING = 0x89;
const PONG = 0x8a;

let host: RecordingHost;
let server: WebSocketTransportServer;
let url: URL;
let sockets: Socket[];

async function start(options: Partial<WebSocketServerOptions> = {}): Promise<void> {
  server = createWebSocketServer({ port: 0, random: new SeededRandom(1), ...options });
  url = new URL(await server.start(host));
}

/** A raw TCP client that keeps what it is sent. */
function tcp(): { readonly socket: Socket; text: () => string; isClosed: () => boolean } {
  const socket = connectTcp(Number(url.port), '127.0.0.1');
  sockets.push(socket);
  let text = '';
  let isClosed = false;
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
  socket.on('close', () => (isClosed = true));
  socket.on('error', () => undefined);
  return { socket, text: () => text, isClosed: () => isClosed };
}

/** A raw TCP client behind the upgrade, where it can send any bytes. */
async function upgradedTcp() {
  const opened = host.connections.length;
  const client = tcp();
  client.socket.write(upgradeRequest());
  await realUntil(() => host.connections.length > opened && client.text().includes('\r\n\r\n'));
  const peer = host.connections[opened];
  if (peer === undefined) throw new Error('no connection');
  return { ...client, peer };
}

async function fetchText(path: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path, headers, agent: false };
    get(options, resolve).on('error', reject);
  });
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

beforeEach(() => {
  host = new RecordingHost();
  sockets = [];
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
});

describe('configuration', () => {
  const create = (options: object) => () =>
    createWebSocketServer({ port: 0, random: new SeededRandom(1), ...options });

  test.each([
    [{ port: 65_536 }, 'port'],
    [{ port: -1 }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ port: '80' }, 'port'],
    [{ path: 'play' }, 'path'],
    [{ limits: { socketsMax: 0 } }, 'limits.socketsMax'],
    [{ trustedProxies: ['proxy'] }, 'trustedProxies'],
  ])('%j is refused by the name of the option', async (options, name) => {
    await start();
    expect(create(options)).toThrow(name);
    expect(create(options)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
  });

  test('a port in use is an error that names port and option, and nothing is left behind', async () => {
    await start();
    const second = createWebSocketServer({ port: Number(url.port), random: new SeededRandom(1) });
    const attempt = second.start(host);
    await expect(attempt).rejects.toMatchObject({ code: 'port-in-use', retryable: true });
    await expect(attempt).rejects.toThrow(new RegExp(`port ${url.port} .*'port'`));
    await server.stop();
    await second.start(host);
    await second.stop();
  });

  test('an address that isn’t ours is an error', async () => {
    await start();
    const other = createWebSocketServer({
      port: 0,
      hostname: '203.0.113.1',
      random: new SeededRandom(1),
    });
    await expect(other.start(host)).rejects.toMatchObject({ code: 'listen-failed' });
    await other.stop();
  });

  test('a server on every address says how to reach it from here', async () => {
    await start({ hostname: '0.0.0.0', path: '/play' });
    expect(url.href).toBe(`ws://127.0.0.1:${url.port}/play`);
  });

  test('stop while it begins to listen leaves nothing listening', async () => {
    await start();
    const other = createWebSocketServer({ port: 0, random: new SeededRandom(1) });
    const starting = other.start(host);
    const stopping = other.stop();
    await expect(starting).rejects.toMatchObject({ code: 'already-stopped' });
    await stopping;
  });
});

describe('plain HTTP', () => {
  test('without a handler a path that upgrades answers 426', async () => {
    await start();
    const { status, headers } = await fetchText('/');
    expect([status, headers.upgrade]).toEqual([426, 'websocket']);
  });

  test('without a handler other paths answer 404', async () => {
    await start({ path: '/play' });
    expect((await fetchText('/')).status).toBe(404);
    expect((await fetchText('/play?a=1')).status).toBe(426);
  });

  test('a handler answers on the same port', async () => {
    await start({ handleRequest: (request, response) => void response.end(`at ${request.url}`) });
    expect(await fetchText('/page')).toMatchObject({ status: 200, text: 'at /page' });
  });

  test('a handler that throws or rejects answers 500, and the next request is served', async () => {
    await start({
      handleRequest: async ({ url: path }, response) => {
        if (path === '/late') {
          response.write('begun');
          await Promise.resolve();
        }
        if (path !== '/good') throw new Error('planted');
        response.end('good');
      },
    });
    expect((await fetchText('/throws')).status).toBe(500);
    await expect(fetchText('/late')).rejects.toThrow();
    expect((await fetchText('/good')).text).toBe('good');
    expect(server.counters.requestsFailed).toBe(2);
  });

  test('stop ends a kept connection and a request that is never answered', async () => {
    await start({ handleRequest: () => undefined });
    const kept = tcp();
    kept.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const silent = tcp();
    await once(silent.socket, 'connect');
    await server.stop();
    await realUntil(() => kept.isClosed() && silent.isClosed());
  });
});

describe('upgrade', () => {
  test('origin, host and address are passed on', async () => {
    await start();
    const socket = new WebSocket(url, { origin: 'https://game.example' });
    await once(socket, 'open');
    expect(host.requests).toEqual([
      { address: '127.0.0.1', origin: 'https://game.example', requestedHost: url.host },
    ]);
    expect(host.connections[0]?.origin).toBe('https://game.example');
    socket.terminate();
  });

  test('x-forwarded-for counts from configured proxies alone', async () => {
    await start({ trustedProxies: ['127.0.0.1'] });
    const headers = { 'x-forwarded-for': '9.9.9.9, 203.0.113.5' };
    const socket = new WebSocket(url, { headers });
    await once(socket, 'open');
    expect(host.connections[0]?.address).toBe('203.0.113.5');
    await server.stop();
    await start();
    const other = new WebSocket(url, { headers });
    await once(other, 'open');
    expect(host.connections[1]?.address).toBe('127.0.0.1');
    other.terminate();
  });

  test('a refusal is an HTTP answer with its status and words as plain text', async () => {
    host.admit = ({ origin }) => ({ status: 403, message: `origin ${origin} isn’t allowed` });
    await start();
    const { socket, text, isClosed } = tcp();
    socket.write(upgradeRequest({ Origin: 'https://evil.example' }));
    await realUntil(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(text()).toMatch(/Content-Type: text\/plain/);
    expect(Buffer.from(text(), 'latin1').toString()).toMatch(
      /\r\n\r\norigin https:\/\/evil\.example isn’t allowed$/,
    );
    expect(server.counters.connectionsRefused).toBe(1);
  });

  test('a wrong path answers 404 and asks nobody', async () => {
    await start({ path: '/play' });
    const { socket, text, isClosed } = tcp();
    socket.write(upgradeRequest().replace('GET /', 'GET /other'));
    await realUntil(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 404 /);
    expect([host.requests, server.counters.handshakesFailed]).toEqual([[], 1]);
  });

  test.each([
    ['another protocol', { Upgrade: 'h2c' }],
    ['no key', { 'Sec-WebSocket-Key': undefined }],
    ['a bad key', { 'Sec-WebSocket-Key': 'short' }],
    ['an unknown version', { 'Sec-WebSocket-Version': '7' }],
    ['a broken subprotocol', { 'Sec-WebSocket-Protocol': ',,' }],
  ])('%s answers 400', async (_, changes) => {
    await start();
    const { socket, text, isClosed } = tcp();
    socket.write(upgradeRequest(changes));
    await realUntil(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 400 /);
    expect([host.count('open'), server.counters.handshakesFailed]).toEqual([0, 1]);
  });

  test('messages in the same packet as the upgrade arrive', async () => {
    await start();
    const { socket } = tcp();
    socket.write(Buffer.concat([Buffer.from(upgradeRequest()), frame(BINARY, 'early')]));
    await realUntil(() => host.count('bytes') === 1);
    expect(host.events.map(({ kind, text }) => kind + text)).toEqual(['open', 'bytesearly']);
  });
});

describe('strangers', () => {
  test.each([
    ['bytes that aren’t HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['a header without an end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(100_000)}`],
    ['a method that Node knows and we don’t', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n'],
  ])('%s end that socket only', async (_, bytes) => {
    await start();
    const { peer } = await upgradedTcp();
    const { socket, isClosed } = tcp();
    socket.write(bytes, 'latin1');
    await realUntil(isClosed);
    peer.write([payloadOf('unmoved')]);
    expect([host.count('open'), host.count('closed')]).toEqual([1, 0]);
  });

  test('a socket that says nothing, or half a request, ends by itself', async () => {
    await start({ limits: { handshakeTimeoutMs: 150 } });
    const silent = tcp();
    const half = tcp();
    half.socket.write(upgradeRequest().slice(0, 60));
    await realUntil(() => silent.isClosed() && half.isClosed());
    expect(half.text()).toMatch(/^HTTP\/1\.1 408 /);
    expect(server.counters.handshakesFailed).toBe(2);
  });

  test('a request that trickles ends by itself', async () => {
    await start({ limits: { handshakeTimeoutMs: 150 } });
    const { socket, isClosed } = tcp();
    const request = upgradeRequest();
    let sent = 0;
    const trickle = setInterval(() => socket.write(request[sent++] ?? ''), 20);
    await realUntil(isClosed);
    clearInterval(trickle);
    expect(host.requests).toEqual([]);
  });

  test('one handshake too many ends the oldest, and no connection', async () => {
    await start({ limits: { handshakesMax: 2 } });
    const { peer } = await upgradedTcp();
    const waiting = [tcp(), tcp(), tcp()];
    for (const { socket } of waiting) await once(socket, 'connect');
    await realUntil(() => waiting[0]?.isClosed() === true);
    expect(waiting.map(({ isClosed }) => isClosed())).toEqual([true, false, false]);
    expect([server.counters.handshakesCrowdedOut, host.logOf(peer)]).toEqual([1, ['open']]);
  });

  test('one socket too many is refused', async () => {
    await start({ limits: { socketsMax: 1 } });
    const { isClosed, peer } = await upgradedTcp();
    const second = tcp();
    await realUntil(second.isClosed);
    expect([isClosed(), host.logOf(peer)]).toEqual([false, ['open']]);
    expect(server.counters.socketsRefused).toBe(1);
  });

  test('a reset during the handshake is nobody’s problem', async () => {
    await start();
    for (let length = 1; length < upgradeRequest().length; length += 20) {
      const { socket } = tcp();
      await once(socket, 'connect');
      socket.write(upgradeRequest().slice(0, length));
      socket.resetAndDestroy();
    }
    const full = tcp();
    await once(full.socket, 'connect');
    full.socket.write(upgradeRequest());
    full.socket.resetAndDestroy();
    const { peer } = await upgradedTcp();
    expect(host.logOf(peer)).toEqual(['open']);
    await realUntil(() => host.count('closed') === host.count('open') - 1);
  });
});

describe('frames', () => {
  test('text is malformed and ends nothing', async () => {
    await start();
    const { socket, peer } = await upgradedTcp();
    socket.write(
      Buffer.concat([frame(TEXT, 'hello'), frame(TEXT, '\xff\xfe'), frame(BINARY, 'b')]),
    );
    await realUntil(() => host.messagesOf(peer).length === 1);
    expect(host.logOf(peer)).toEqual([
      'open',
      'malformed text-frame',
      'malformed text-frame',
      'bytes b',
    ]);
  });

  test('a message in fragments is one message, up to the limit', async () => {
    await start({ limits: { messageFragmentsMax: 3 } });
    const { socket, peer } = await upgradedTcp();
    socket.write(Buffer.concat([frame(0x02, 'a'), frame(0x00, 'b'), frame(0x80, 'c')]));
    await realUntil(() => host.messagesOf(peer).length === 1);
    socket.write(Buffer.concat([frame(0x02), frame(0x00), frame(0x00), frame(0x80)]));
    await realUntil(() => host.count('closed') === 1);
    expect(host.logOf(peer)).toEqual(['open', 'bytes abc', 'malformed frame-too-large', 'closed']);
    expect(server.counters.protocolViolations).toBe(1);
  });

  test('a frame that announces 2^63 bytes is malformed before anything is kept for it', async () => {
    await start();
    const { socket, peer } = await upgradedTcp();
    socket.write(Buffer.from([BINARY, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    await realUntil(() => host.count('closed') === 1);
    expect(host.logOf(peer)).toEqual(['open', 'malformed frame-too-large', 'closed']);
  });

  test.each([
    ['an unmasked frame', Buffer.from([BINARY, 0x01, 0x61])],
    ['an unknown opcode', frame(0x83, 'a')],
    ['compressed bits', frame(0xc2, 'a')],
    ['a continuation of nothing', frame(0x80, 'a')],
    ['a ping in fragments', frame(0x09, 'a')],
    ['a close with a status that is none', frame(0x88, '\x00\x01')],
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('%s ends that connection only', async (_, bytes) => {
    await start({ limits: { closeTimeoutMs: 100 } });
    const bystander = await upgradedTcp();
    const { socket, peer } = await upgradedTcp();
    socket.write(bytes);
    await realUntil(() => host.count('closed') === 1);
    expect(host.logOf(peer)).toEqual(['open', 'closed']);
    expect(host.logOf(bystander.peer)).toEqual(['open']);
    expect(server.counters.protocolViolations).toBe(1);
  });

  test('a frame that comes a byte at a time is bounded', async () => {
    await start({ limits: { bufferedChunksMax: 8 } });
    const { socket, peer } = await upgradedTcp();
    socket.setNoDelay(true);
    socket.write(frame(BINARY, 'x'.repeat(100)).subarray(0, 6));
    const trickle = setInterval(() => socket.write('x'), 2);
    await realUntil(() => host.count('closed') === 1);
    clearInterval(trickle);
    expect(host.logOf(peer)).toEqual(['open', 'malformed frame-too-large', 'closed']);
  });

  test.each([
    ['pings', PING],
    ['pongs', PONG],
  ])('a flood of %s ends that connection, some are answered', async (_, opcode) => {
    await start({ limits: { controlFramesPerSecond: 2 } });
    const { socket, peer, text } = await upgradedTcp();
    const before = text().length;
    socket.write(Buffer.concat(Array.from({ length: 30 }, () => frame(opcode))));
    if (opcode === PING) await realUntil(() => text().length === before + 60);
    expect(host.logOf(peer)).toEqual(['open']);
    socket.write(frame(opcode));
    socket.write(frame(opcode));
    await realUntil(() => host.count('closed') === 1);
    expect([host.logOf(peer), server.counters.controlFloods]).toEqual([['open', 'closed'], 1]);
  });
});

describe('ends', () => {
  test('half a close without a goodbye is a loss at once, also of a peer that doesn’t read', async () => {
    await start();
    const { socket, peer } = await upgradedTcp();
    socket.pause();
    const payload = { lane: 'reliable', bytes: new Uint8Array(60_000) } as const;
    while (peer.bufferedBytes === 0) {
      peer.write([payload]);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    socket.end();
    await realUntil(() => host.count('closed') === 1);
  });

  test('a peer that says goodbye and keeps its socket is bounded', async () => {
    await start({ limits: { closeTimeoutMs: 100 } });
    const { socket, peer } = await upgradedTcp();
    socket.write(frame(0x88, '\x03\xe8'));
    await realUntil(() => host.count('closed') === 1);
    expect(host.logOf(peer)).toEqual(['open', 'closed']);
  });

  test('stop is bounded by the close timeout when nobody answers', async () => {
    await start({ limits: { closeTimeoutMs: 100 } });
    await upgradedTcp();
    await upgradedTcp();
    await server.stop();
    expect(host.count('closed')).toBe(2);
  });

  test('stop releases every socket of the server', async () => {
    await start();
    const open = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));
    const { socket } = await upgradedTcp();
    const silent = tcp();
    await once(silent.socket, 'connect');
    expect(open().length).toBeGreaterThanOrEqual(5);
    const stopping = server.stop();
    await realUntil(() => silent.isClosed());
    socket.destroy();
    await stopping;
    await realUntil(() => open().length === 0);
  });
});
