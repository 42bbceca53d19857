import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import type { ServerConfig } from '../../src/server/runtime-config.ts';
import { ServerRuntime } from '../../src/server/server-runtime.ts';

interface Answer {
  /** 101 = the WebSocket is open. */
  readonly status: number;
  readonly text: string;
}

interface Door {
  readonly runtime: ServerRuntime;
  readonly port: string;
  knock(headers?: Record<string, string>): Promise<Answer>;
}

async function openDoor(config: Partial<ServerConfig> = {}): Promise<Door> {
  const runtime = await ServerRuntime.start({
    authenticate: () => ({ playerId: 'ada' }),
    port: 0,
    isDevelopment: false,
    ...config,
  });
  onTestFinished(() => runtime.stop());
  return {
    runtime,
    port: new URL(runtime.address).port,
    async knock(headers = {}) {
      const socket = new WebSocket(runtime.address, { headers });
      onTestFinished(() => socket.terminate());
      const refused = new Promise<Answer>((settle, fail) => {
        socket.on('error', fail);
        socket.on('unexpected-response', (_request, response: IncomingMessage) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (part: string) => (text += part));
          response.on('end', () => settle({ status: response.statusCode ?? 0, text }));
        });
      });
      const open = once(socket, 'open').then(() => ({ status: 101, text: '' }));
      open.catch(() => undefined);
      return Promise.race([open, refused]);
    },
  };
}

const OPEN = { status: 101, text: '' };

describe('a web page may connect', () => {
  test("from the server's own host, whatever its port", async () => {
    const { knock, port } = await openDoor();
    expect(await knock({ origin: `http://127.0.0.1:${port}` })).toEqual(OPEN);
    expect(await knock({ origin: 'https://127.0.0.1:5173' })).toEqual(OPEN);
  });

  test('from an origin that is listed, and only from exactly that one', async () => {
    const { knock } = await openDoor({ allowedOrigins: ['https://game.example'] });
    expect(await knock({ origin: 'https://game.example' })).toEqual(OPEN);
    for (const origin of [
      'http://game.example',
      'https://game.example:444',
      'https://a.game.example',
    ]) {
      expect((await knock({ origin })).status).toBe(403);
    }
  });

  test.each(['http://localhost:5173', 'http://127.0.0.1:3000', 'http://[::1]:8080'])(
    'from %s in development, under whatever name the server was asked for',
    async (origin) => {
      const host = 'game.example:7777';
      const development = await openDoor({ isDevelopment: true });
      expect(await development.knock({ origin, host })).toEqual(OPEN);
      const production = await openDoor({ isDevelopment: false });
      expect((await production.knock({ origin, host })).status).toBe(403);
    },
  );
});

describe('a web page may not connect', () => {
  test.each([
    'https://evil.example',
    'null',
    'file://',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1@evil.example',
    'https://evil.example/?http://127.0.0.1',
    'not an origin at all',
    '',
  ])('from %j, and the answer names the origin and the option', async (origin) => {
    const { knock, runtime } = await openDoor({ isDevelopment: true });
    const { status, text } = await knock({ origin });
    expect(status).toBe(403);
    expect(text).toContain(JSON.stringify(origin));
    expect(text).toContain('allowedOrigins');
    expect(runtime.host.sessions.size).toBe(0);
    expect(runtime.host.counters.connectionsRefused).toBe(1);
  });

  test('and an answer never repeats a long origin as a whole', async () => {
    const { knock } = await openDoor();
    const { text } = await knock({ origin: `https://${'x'.repeat(4_000)}.example` });
    expect(text.length).toBeLessThan(400);
  });
});

describe('a client without an origin', () => {
  test('is a native one, and may connect', async () => {
    const { knock } = await openDoor();
    expect(await knock()).toEqual(OPEN);
  });

  test('may not where allowNativeClients is false, and is told that option', async () => {
    const { knock, port } = await openDoor({ allowNativeClients: false });
    const { status, text } = await knock();
    expect(status).toBe(403);
    expect(text).toContain('allowNativeClients');
    expect(await knock({ origin: `http://127.0.0.1:${port}` })).toEqual(OPEN);
  });
});

describe('the door', () => {
  test('answers 429 to an address that has enough, and names the limit', async () => {
    const { knock } = await openDoor({ limits: { sessionsPerAddressMax: 2 } });
    expect([await knock(), await knock()]).toEqual([OPEN, OPEN]);
    const { status, text } = await knock();
    expect(status).toBe(429);
    expect(text).toContain('limits.sessionsPerAddressMax');
  });

  test('counts the address that a trusted proxy names, and nobody else names one', async () => {
    const limits = { sessionsPerAddressMax: 1 };
    const from = (address: string) => ({ 'x-forwarded-for': address });
    const behind = await openDoor({ limits, trustedProxies: ['127.0.0.1'] });
    expect(await behind.knock(from('192.0.2.1'))).toEqual(OPEN);
    expect((await behind.knock(from('192.0.2.1'))).status).toBe(429);
    expect(await behind.knock(from('192.0.2.2'))).toEqual(OPEN);
    const inFront = await openDoor({ limits });
    expect(await inFront.knock(from('192.0.2.1'))).toEqual(OPEN);
    expect((await inFront.knock(from('192.0.2.2'))).status).toBe(429);
  });

  test.each([
    ['limits.connectionsMax', { connectionsMax: 1 }],
    ['limits.preLoginConnectionsMax', { preLoginConnectionsMax: 1 }],
  ])('answers 503 when the server has enough: %s', async (name, limits) => {
    const { knock } = await openDoor({ limits });
    expect(await knock()).toEqual(OPEN);
    const { status, text } = await knock();
    expect(status).toBe(503);
    expect(text).toContain(name);
  });

  test('answers plain HTTP without a handler, and with one', async () => {
    const { runtime } = await openDoor();
    const url = runtime.address.replace('ws:', 'http:');
    expect((await fetch(url)).status).toBe(426);
    const handled = await openDoor({ handleRequest: (_request, response) => response.end('page') });
    expect(await (await fetch(handled.runtime.address.replace('ws:', 'http:'))).text()).toBe(
      'page',
    );
  });
});
