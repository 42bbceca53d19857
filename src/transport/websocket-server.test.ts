import { once } from 'node:events';
import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import {
  BINARY,
  CLOSE,
  RawWebSocketScene,
  frame,
  upgradeRequest,
} from '../../test/contract/raw-websocket.ts';
import { realUntil } from '../../test/contract/real-time.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { createWebSocketServer } from './websocket-server.ts';
import type { WebSocketServerOptions } from './websocket-server.ts';

let scene: RawWebSocketScene;

async function start(options: Partial<WebSocketServerOptions> = {}): Promise<void> {
  scene = await new RawWebSocketScene(options).start();
}

afterEach(() => scene.end());

async function fetchText(path: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: scene.url.port, path, headers, agent: false };
    get(options, resolve).on('error', reject);
  });
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, headers: response.headers, text };
}

describe('configuration', () => {
  const create = (options: object) => () =>
    createWebSocketServer({ port: 0, random: new SeededRandom(1), ...options });

  test.each([
    [{ port: 65_536 }, 'port'],
    [{ port: -1 }, 'port'],
    [{ port: 1.5 }, 'port'],
    [{ port: '80' }, 'port'],
    [{ path: 'play' }, 'path'],
    [{ path: '/play?team=2' }, 'path'],
    [{ path: '/play#team' }, 'path'],
    [{ path: '/play here' }, 'path'],
    [{ path: '/play\n' }, 'path'],
    [{ limits: { socketsMax: 0 } }, 'limits.socketsMax'],
    [{ trustedProxies: ['proxy'] }, 'trustedProxies'],
  ])('%j is refused by the name of the option', async (options, name) => {
    await start();
    expect(create(options)).toThrow(name);
    expect(create(options)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
  });

  test('a port in use is an error that names port and option, and nothing is left behind', async () => {
    await start();
    const second = createWebSocketServer({
      port: Number(scene.url.port),
      random: new SeededRandom(1),
    });
    const attempt = second.start(scene.host);
    await expect(attempt).rejects.toMatchObject({ code: 'port-in-use', retryable: true });
    await expect(attempt).rejects.toThrow(new RegExp(`port ${scene.url.port} .*'port'`));
    await scene.server.stop();
    await second.start(scene.host);
    await second.stop();
  });

  test('an address that isn’t ours is an error', async () => {
    await start();
    const other = createWebSocketServer({
      port: 0,
      hostname: '203.0.113.1',
      random: new SeededRandom(1),
    });
    await expect(other.start(scene.host)).rejects.toMatchObject({ code: 'listen-failed' });
    await other.stop();
  });

  test('a server on every address says how to reach it from here', async () => {
    await start({ hostname: '0.0.0.0', path: '/play' });
    expect(scene.url.href).toBe(`ws://127.0.0.1:${scene.url.port}/play`);
  });

  test('stop while it begins to listen leaves nothing listening', async () => {
    await start();
    const other = createWebSocketServer({ port: 0, random: new SeededRandom(1) });
    const starting = other.start(scene.host);
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
    expect(scene.server.counters.requestsFailed).toBe(2);
  });

  test('stop ends a kept connection and a request that is never answered', async () => {
    await start({ handleRequest: () => undefined });
    const kept = scene.tcp();
    kept.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const silent = scene.tcp();
    await once(silent.socket, 'connect');
    await scene.server.stop();
    await realUntil(() => kept.isClosed() && silent.isClosed());
  });
});

describe('upgrade', () => {
  test('origin, host and address are passed on', async () => {
    await start();
    const socket = new WebSocket(scene.url, { origin: 'https://game.example' });
    await once(socket, 'open');
    expect(scene.host.requests).toEqual([
      { address: '127.0.0.1', origin: 'https://game.example', requestedHost: scene.url.host },
    ]);
    expect(scene.host.connections[0]?.origin).toBe('https://game.example');
    socket.terminate();
  });

  test('x-forwarded-for counts from configured proxies alone', async () => {
    await start({ trustedProxies: ['127.0.0.1'] });
    const headers = { 'x-forwarded-for': '9.9.9.9, 203.0.113.5' };
    const socket = new WebSocket(scene.url, { headers });
    await once(socket, 'open');
    expect(scene.host.connections[0]?.address).toBe('203.0.113.5');
    await scene.server.stop();
    await start();
    const other = new WebSocket(scene.url, { headers });
    await once(other, 'open');
    expect(scene.host.connections[0]?.address).toBe('127.0.0.1');
    other.terminate();
  });

  test('a refusal is an HTTP answer with its status and words as plain text', async () => {
    await start();
    scene.host.admit = ({ origin }) => ({ status: 403, message: `origin ${origin} isn’t allowed` });
    const { socket, text, isClosed } = scene.tcp();
    socket.write(upgradeRequest({ Origin: 'https://evil.example' }));
    await realUntil(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(text()).toMatch(/Content-Type: text\/plain/);
    expect(Buffer.from(text(), 'latin1').toString()).toMatch(
      /\r\n\r\norigin https:\/\/evil\.example isn’t allowed$/,
    );
    expect(scene.server.counters.connectionsRefused).toBe(1);
  });

  test('a socket that is reset while it is refused is nobody’s problem', async () => {
    let refused: Socket | undefined;
    await start();
    scene.host.admit = () => {
      refused?.resetAndDestroy();
      return { status: 503, message: 'full' };
    };
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      refused = scene.tcp().socket;
      refused.write(upgradeRequest());
      await realUntil(() => scene.server.counters.connectionsRefused === attempt);
    }
    scene.host.admit = () => undefined;
    await scene.upgraded();
    expect(scene.host.count('open')).toBe(1);
  });

  test('a wrong path answers 404 and asks nobody', async () => {
    await start({ path: '/play' });
    const { socket, text, isClosed } = scene.tcp();
    socket.write(upgradeRequest().replace('GET /', 'GET /other'));
    await realUntil(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 404 /);
    expect([scene.host.requests, scene.server.counters.handshakesFailed]).toEqual([[], 1]);
  });

  test.each([
    ['another protocol', { Upgrade: 'h2c' }],
    ['no key', { 'Sec-WebSocket-Key': undefined }],
    ['a bad key', { 'Sec-WebSocket-Key': 'short' }],
    ['an unknown version', { 'Sec-WebSocket-Version': '7' }],
    ['a broken subprotocol', { 'Sec-WebSocket-Protocol': ',,' }],
  ])('%s answers 400', async (_, changes) => {
    await start();
    const { socket, text, isClosed } = scene.tcp();
    socket.write(upgradeRequest(changes));
    await realUntil(isClosed);
    expect(text()).toMatch(/^HTTP\/1\.1 400 /);
    expect([scene.host.count('open'), scene.server.counters.handshakesFailed]).toEqual([0, 1]);
  });

  test('messages in the same packet as the upgrade arrive', async () => {
    await start();
    const { socket } = scene.tcp();
    socket.write(Buffer.concat([Buffer.from(upgradeRequest()), frame(BINARY, 'early')]));
    await realUntil(() => scene.host.count('bytes') === 1);
    expect(scene.host.events.map(({ kind, text }) => kind + text)).toEqual(['open', 'bytesearly']);
  });
});

describe('ends', () => {
  test('half a close without a goodbye is a loss at once, also of a peer that doesn’t read', async () => {
    await start();
    const { socket, peer } = await scene.upgraded();
    socket.pause();
    const payload = { lane: 'reliable', bytes: new Uint8Array(60_000) } as const;
    while (peer.bufferedBytes === 0) {
      peer.write([payload]);
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    socket.end();
    await realUntil(() => scene.host.count('closed') === 1);
  });

  test('a peer that says goodbye and keeps its socket is bounded', async () => {
    await start({ limits: { closeTimeoutMs: 100 } });
    const { socket, peer } = await scene.upgraded();
    socket.write(frame(CLOSE, '\x03\xe8'));
    await realUntil(() => scene.host.count('closed') === 1);
    expect(scene.host.logOf(peer)).toEqual(['open', 'closed']);
  });

  test('stop is bounded by the close timeout when nobody answers', async () => {
    await start({ limits: { closeTimeoutMs: 100 } });
    await scene.upgraded();
    await scene.upgraded();
    await scene.server.stop();
    expect(scene.host.count('closed')).toBe(2);
  });

  test('stop releases every socket of the server', async () => {
    await start();
    const open = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));
    const { socket } = await scene.upgraded();
    const silent = scene.tcp();
    await once(silent.socket, 'connect');
    expect(open().length).toBeGreaterThanOrEqual(5);
    const stopping = scene.server.stop();
    await realUntil(() => silent.isClosed());
    socket.destroy();
    await stopping;
    await realUntil(() => open().length === 0);
  });
});
