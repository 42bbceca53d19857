/** A runtime on a server of the user's: what is Holdfast's there, and what stays the user's. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { connect, webSocketTransport } from '../../src/client/index.node.ts';
import type { Client } from '../../src/client/index.node.ts';
import { ServerRuntime } from '../../src/server/server-runtime.ts';
import type { ServerConfig } from '../../src/server/runtime-config.ts';
import { LeakWatch } from '../support/leak-watch.ts';
import { OwnedServer } from '../support/owned-server.ts';
import type { OwnedScheme } from '../support/owned-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const SCHEMES: readonly OwnedScheme[] = ['http', 'https'];

const authenticate: ServerConfig['authenticate'] = (credentials) => ({
  playerId: (credentials as { name: string }).name,
});

function ownServer(scheme: OwnedScheme = 'http', handleRequest?: RequestListener): OwnedServer {
  const owned = new OwnedServer(scheme, handleRequest);
  onTestFinished(() => owned.end());
  return owned;
}

/** Answers each request with the path that it asked for. */
const echoPath: RequestListener = (asked, response) => void response.end(`page ${asked.url}`);

async function attach(
  owned: OwnedServer,
  config: Partial<ServerConfig> = {},
): Promise<ServerRuntime> {
  const runtime = await ServerRuntime.start({
    authenticate,
    server: owned.server,
    path: '/play',
    ...config,
  });
  onTestFinished(() => runtime.stop());
  return runtime;
}

async function joinAs(owned: OwnedServer, name: string, path = '/play'): Promise<Client> {
  const client = await connect({
    url: owned.urlOf(path),
    credentials: { name },
    transport: owned.createTransport(),
  });
  onTestFinished(() => client.leave());
  return client;
}

/** `open`, or the status with which the upgrade was answered. */
async function knock(
  owned: OwnedServer,
  path: string,
  headers?: Record<string, string>,
): Promise<number | 'open'> {
  const socket = owned.openWebSocket(owned.urlOf(path), headers);
  onTestFinished(() => socket.terminate());
  const refused = new Promise<number>((settle, fail) => {
    socket.on('error', fail);
    socket.on('unexpected-response', (_request, response: IncomingMessage) => {
      socket.off('error', fail).on('error', () => undefined);
      settle(response.statusCode ?? 0);
      socket.terminate();
    });
  });
  const opened = once(socket, 'open').then(() => 'open' as const);
  opened.catch(() => undefined);
  return Promise.race([opened, refused]);
}

describe.each(SCHEMES)('a runtime on a server of %s', (scheme) => {
  test('plays on its path while plain requests stay the owner’s', async () => {
    const owned = await ownServer(scheme, echoPath).listen();
    const runtime = await attach(owned);
    expect(runtime.address).toBe(owned.urlOf('/play'));
    const ada = await joinAs(owned, 'ada');
    await waitUntil(() => ada.self !== undefined, { what: 'ada is visible' });
    for (const path of ['/', '/play', '/play/more', '/other']) {
      expect(await owned.fetch(path)).toEqual({ status: 200, text: `page ${path}` });
    }
    expect(runtime.host.sessions.size).toBe(1);
  });

  test('attaches before the server listens, and says its address from then on', async () => {
    const owned = ownServer(scheme, echoPath);
    const runtime = await attach(owned);
    expect(runtime.address).toBe('');
    expect(owned.server.listening).toBe(false);
    await owned.listen();
    expect(runtime.address).toBe(owned.urlOf('/play'));
    expect((await joinAs(owned, 'ada')).state).toBe('logged-in');
  });

  test.each([
    ['at once', {}],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ])('hands an upgrade to something else on with its body, sent %s', async (_, framing) => {
    const handle = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
      let bytes = 0;
      for await (const part of asked) bytes += (part as Buffer).length;
      // Longer than what a socket takes at once.
      response.end(`${asked.method} ${asked.url} ${bytes} `.padEnd(8_000_000, '.'));
    };
    const serve: RequestListener = (asked, response) => void handle(asked, response);
    const owned = await ownServer(scheme, serve).listen();
    await attach(owned);
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', ...framing };
    const body = 'x'.repeat(3_000_000);
    const { status, text } = await owned.fetch('/page?n=1', headers, body);
    expect([status, text.length]).toEqual([200, 8_000_000]);
    expect(text).toMatch(/^POST \/page\?n=1 3000000 /);
    await waitUntil(() => owned.openSockets === 0, { what: 'its connection to end' });
    expect((await joinAs(owned, 'ada')).state).toBe('logged-in');
  });

  test('that stops ends its own connections and leaves the server as it was', async () => {
    const owned = await ownServer(scheme, echoPath).listen();
    const runtime = await attach(owned);
    const ada = await joinAs(owned, 'ada');
    const closed = new Promise<string>((settle) => {
      ada.on('closed', ({ reason }) => settle(reason));
    });
    await runtime.stop();
    expect(await closed).toBe('server-stopped');
    expect(owned.server.listening).toBe(true);
    expect(owned.server.listenerCount('upgrade')).toBe(0);
    await waitUntil(() => owned.openSockets === 0, { what: 'its connections to end' });
    expect((await owned.fetch('/')).text).toBe('page /');
    // As without Holdfast: a request like any other.
    expect(await knock(owned, '/play')).toBe(200);
  });

  test('can be followed by another one on the same path, any number of times', async () => {
    const owned = await ownServer(scheme, echoPath).listen();
    for (const name of ['ada', 'bob', 'eve']) {
      const runtime = await attach(owned);
      expect((await joinAs(owned, name)).playerId).toBe(name);
      expect(owned.server.listenerCount('upgrade')).toBe(1);
      await runtime.stop();
    }
  });

  test('leaves nothing behind', async () => {
    const leaks = new LeakWatch();
    const owned = await new OwnedServer(scheme, echoPath).listen();
    const runtime = await ServerRuntime.start({ authenticate, server: owned.server });
    const ada = await joinAs(owned, 'ada', '');
    await ada.leave();
    await runtime.stop();
    await owned.end();
    await leaks.expectNoLeaks();
  });
});

test('an application keeps its routes, its errors and its answer for what it has not', async () => {
  const routes = new Map([
    ['/', 200],
    ['/broken', 500],
  ]);
  const app: RequestListener = ({ url = '' }, response) => {
    const status = routes.get(url) ?? 404;
    response.writeHead(status, { 'x-powered-by': 'app' }).end(`app ${status}`);
  };
  const owned = await ownServer('http', app).listen();
  const before = await Promise.all(['/', '/broken', '/play'].map((path) => owned.fetch(path)));
  await attach(owned);
  await joinAs(owned, 'ada');
  const after = await Promise.all(['/', '/broken', '/play'].map((path) => owned.fetch(path)));
  expect(before.map(({ text }) => text)).toEqual(['app 200', 'app 500', 'app 404']);
  expect(after).toEqual(before);
  expect(await knock(owned, '/socket')).toBe(404);
});

describe('other WebSockets of the same server', () => {
  test('are the owner’s: its own listener answers its paths and Holdfast its own', async () => {
    const owned = await ownServer('http', echoPath).listen();
    const chat = new WebSocketServer({ noServer: true });
    chat.on('connection', (socket) => socket.send('welcome'));
    owned.server.on('upgrade', (asked: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (asked.url === '/chat') {
        chat.handleUpgrade(asked, socket, head, (opened) => chat.emit('connection', opened));
      } else if (asked.url === '/late') {
        setTimeout(() => socket.end('HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n'), 50);
      }
    });
    const runtime = await attach(owned);
    const ada = await joinAs(owned, 'ada');
    const chatting = owned.openWebSocket(owned.urlOf('/chat'));
    const [welcome] = (await once(chatting, 'message')) as [Buffer];
    expect(welcome.toString()).toBe('welcome');
    expect(await knock(owned, '/late')).toBe(410);
    await runtime.stop();
    expect(ada.state).toBe('disconnected');
    chatting.send('still there');
    expect(chatting.readyState).toBe(chatting.OPEN);
    expect(owned.server.listenerCount('upgrade')).toBe(1);
    chatting.terminate();
  });

  test('that nobody answers are requests, as they are without Holdfast', async () => {
    const owned = await ownServer('http', (asked, response) => {
      response.statusCode = 418;
      response.end(`no WebSockets at ${asked.url}`);
    }).listen();
    expect(await knock(owned, '/other')).toBe(418);
    await attach(owned);
    expect(await knock(owned, '/other')).toBe(418);
    // What curl asks of every server, when it is to speak HTTP/2.
    const headers = { connection: 'upgrade', upgrade: 'h2c' };
    expect(await owned.fetch('/page', headers)).toEqual({
      status: 418,
      text: 'no WebSockets at /page',
    });
    await waitUntil(() => owned.openSockets === 0, { what: 'the connections to end' });
  });

  test('that nobody answers end with 404 where the server has no handler', async () => {
    const owned = await ownServer().listen();
    await attach(owned);
    expect(await knock(owned, '/other')).toBe(404);
    await waitUntil(() => owned.openSockets === 0, { what: 'the connection to end' });
  });

  test('a pipelined upgrade that nobody answers ends its own connection alone', async () => {
    const owned = await ownServer('http', () => undefined).listen();
    await attach(owned);
    const first = request({ host: '127.0.0.1', port: owned.port, path: '/never' });
    first.on('error', () => undefined);
    first.on('socket', (socket) => {
      const upgrade = 'GET /x HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n';
      socket.once('connect', () => setTimeout(() => socket.write(upgrade), 20));
    });
    const ended = new Promise((settle) => first.on('close', settle));
    first.end();
    await ended;
    expect((await joinAs(owned, 'ada')).state).toBe('logged-in');
  });
});

describe('several runtimes on one server', () => {
  test('each have a path and players of their own', async () => {
    const owned = await ownServer('http', echoPath).listen();
    const red = await attach(owned, { path: '/red' });
    const blue = await attach(owned, { path: '/blue' });
    await joinAs(owned, 'ada', '/red');
    await joinAs(owned, 'bob', '/blue?team=2');
    const names = ({ host }: ServerRuntime) => [...host.sessions].map(({ playerId }) => playerId);
    expect([names(red), names(blue)]).toEqual([['ada'], ['bob']]);
    await red.stop();
    expect(await knock(owned, '/red')).toBe(200);
    expect(names(blue)).toEqual(['bob']);
    expect((await joinAs(owned, 'eve', '/blue')).state).toBe('logged-in');
  });

  test('one without a path takes the paths that no other has', async () => {
    const owned = await ownServer('http', echoPath).listen();
    const lobby = await ServerRuntime.start({ authenticate, server: owned.server });
    onTestFinished(() => lobby.stop());
    const play = await attach(owned);
    await joinAs(owned, 'ada');
    await joinAs(owned, 'bob', '/anything');
    expect([lobby.host.sessions.size, play.host.sessions.size]).toEqual([1, 1]);
  });

  test.each(['/play', undefined])(
    'the second on the same path (%s) is path-in-use',
    async (path) => {
      const owned = await ownServer('http', echoPath).listen();
      const config = {
        authenticate,
        server: owned.server,
        ...(path === undefined ? {} : { path }),
      };
      const first = await ServerRuntime.start(config);
      onTestFinished(() => first.stop());
      const second = new ServerRuntime(config);
      await expect(second.start()).rejects.toMatchObject({ code: 'path-in-use', retryable: true });
      expect(second.address).toBe('');
      await second.stop();
      expect((await joinAs(owned, 'ada')).state).toBe('logged-in');
      await first.stop();
      const third = await ServerRuntime.start(config);
      await third.stop();
    },
  );
});

describe('at the door', () => {
  test('origins, limits and proxies count as on a server of our own', async () => {
    const owned = await ownServer('https', echoPath).listen();
    const runtime = await attach(owned, {
      isDevelopment: false,
      allowedOrigins: ['https://game.example'],
      trustedProxies: ['127.0.0.1'],
      limits: { sessionsPerAddressMax: 1 },
    });
    expect(await knock(owned, '/play', { origin: 'https://evil.example' })).toBe(403);
    expect(await knock(owned, '/play', { origin: 'https://game.example' })).toBe('open');
    expect(await knock(owned, '/play')).toBe(429);
    // The page of the same host, through the proxy that is believed.
    const elsewhere = { 'x-forwarded-for': '203.0.113.9', origin: 'https://127.0.0.1:1' };
    expect(await knock(owned, '/play', elsewhere)).toBe('open');
    expect(runtime.host.sessions.size).toBe(2);
  });

  test('on a Unix socket everybody is this machine, or whom a proxy names', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'holdfast-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const owned = ownServer('http', echoPath);
    const socketPath = join(directory, 'http.sock');
    owned.server.listen(socketPath);
    await once(owned.server, 'listening');
    const addresses: string[] = [];
    const runtime = await attach(owned, {
      trustedProxies: ['127.0.0.1'],
      authenticate: (credentials, { address }) => {
        addresses.push(address);
        return { playerId: (credentials as { name: string }).name };
      },
    });
    expect(runtime.address).toBe('');
    for (const headers of [{}, { 'x-forwarded-for': '203.0.113.9' }]) {
      const client = await connect({
        url: `ws+unix:${socketPath}:/play`,
        credentials: { name: `player ${addresses.length}` },
        transport: webSocketTransport({ headers }),
      });
      await client.leave();
    }
    expect(addresses).toEqual(['127.0.0.1', '203.0.113.9']);
  });

  test('bytes that are no upgrade are answered on that path and harm nobody', async () => {
    const owned = await ownServer('http', echoPath).listen();
    const runtime = await attach(owned);
    const headers = { connection: 'upgrade', upgrade: 'websocket' };
    expect((await owned.fetch('/play', headers)).status).toBe(400);
    expect(runtime.host.sessions.size).toBe(0);
    expect((await joinAs(owned, 'ada')).state).toBe('logged-in');
  });
});

describe('the option server', () => {
  test.each<[string, object]>([
    ['port', { port: 7_777 }],
    ['hostname', { hostname: '127.0.0.1' }],
    ['handleRequest', { handleRequest: () => undefined }],
    ['transports', { transports: [{ start: async () => '', stop: async () => undefined }] }],
    ['limits.handshakesMax', { webSocketLimits: { handshakesMax: 5 } }],
    ['limits.requestTimeoutMs', { webSocketLimits: { requestTimeoutMs: 5_000 } }],
  ])('is refused beside %s, which is the owner’s', (name, config) => {
    const { server } = ownServer();
    const create = () => new ServerRuntime({ authenticate, server, ...config });
    expect(create).toThrow(expect.objectContaining({ code: 'invalid-configuration' }) as Error);
    expect(create).toThrow(name);
  });

  test.each<[string, unknown]>([
    ['an application, which is a function', Object.assign(() => undefined, { listen: 1 })],
    ['a TCP server', createTcpServer()],
    ['a text', 'http://127.0.0.1'],
  ])('is refused when it is %s', (_, server) => {
    const config = { authenticate, server } as never;
    expect(() => new ServerRuntime(config)).toThrow(/server must be an http or https server/);
  });

  test('is an http or https server to the compiler, and no other', () => {
    type Taken = NonNullable<ServerConfig['server']>;
    expectTypeOf(createServer()).toExtend<Taken>();
    expectTypeOf(ownServer('https').server).toExtend<Taken>();
    expectTypeOf(createTcpServer()).not.toExtend<Taken>();
    expectTypeOf<string>().not.toExtend<Taken>();
  });
});
