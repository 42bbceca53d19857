import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ServerFaults, isFromOwnPage, isLoopback } from './server-faults.ts';

const TOKEN = 'ab'.repeat(16);
const OWN_PAGE = {
  headers: {
    host: '127.0.0.1:7777',
    origin: 'http://127.0.0.1:7777',
    'sec-fetch-site': 'same-origin',
  },
  remoteAddress: '127.0.0.1',
};

/** A server with the faults alone; what is not theirs is a 404. */
async function serve() {
  const faults: string[] = [];
  const desk = new ServerFaults({ token: TOKEN, commit: (fault) => void faults.push(fault) });
  const server = createServer((request, response) => {
    if (!desk.handle(request, response)) response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ask = async (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number | undefined; text: string }> => {
    const request = sendRequest({ port, host: '127.0.0.1', method, path, headers }).end();
    const [response] = await once(request, 'response');
    let text = '';
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode, text };
  };
  return { faults, ask };
}

describe('the faults of the server', () => {
  test('are committed for the token that the own page has read', async () => {
    const { faults, ask } = await serve();
    const offer = await ask('GET', '/faults');
    const { token } = JSON.parse(offer.text) as { token: string };
    expect(token).toBe(TOKEN);
    expect((await ask('POST', '/faults/kill', { 'x-arena-token': token })).status).toBe(202);
    expect((await ask('POST', '/faults/restart', { 'x-arena-token': token })).status).toBe(202);
    expect(faults).toEqual(['kill', 'restart']);
  });

  test.each([
    ['POST', '/faults/kill', {}, 403],
    ['POST', '/faults/kill', { 'x-arena-token': '' }, 403],
    ['POST', '/faults/kill', { 'x-arena-token': `${TOKEN}0` }, 403],
    ['POST', '/faults/kill', { 'x-arena-token': TOKEN.replace('a', 'c') }, 403],
    ['POST', '/faults/kill', { 'x-arena-token': TOKEN, origin: 'http://localhost:3000' }, 403],
    ['POST', '/faults/kill', { 'x-arena-token': TOKEN, host: 'evil.example:7777' }, 403],
    ['GET', '/faults', { host: 'evil.example' }, 403],
    ['GET', '/faults', { 'x-forwarded-for': '203.0.113.9' }, 403],
    ['GET', '/faults/kill', { 'x-arena-token': TOKEN }, 405],
    ['POST', '/faults', { 'x-arena-token': TOKEN }, 405],
    ['POST', '/faults/killall', { 'x-arena-token': TOKEN }, 404],
    ['GET', '/sessions', {}, 404],
  ])('%s %s with %j is answered with %i and does nothing', async (...row) => {
    const [method, path, headers, status] = row;
    const { faults, ask } = await serve();
    expect((await ask(method, path, headers as Record<string, string>)).status).toBe(status);
    expect(faults).toEqual([]);
  });
});

describe('a request is from the own page', () => {
  test('when it comes from this machine, by its name, from the same origin', () => {
    expect(isFromOwnPage(OWN_PAGE)).toBe(true);
    expect(isFromOwnPage({ ...OWN_PAGE, remoteAddress: '::ffff:127.0.0.1' })).toBe(true);
  });

  test.each([
    { host: 'arena.example' },
    { host: '127.0.0.1.evil.example' },
    { host: undefined },
    { origin: 'null' },
    { origin: 'http://127.0.0.1:7778' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
    { via: '1.1 proxy' },
  ])('not with %j', (headers) => {
    expect(isFromOwnPage({ ...OWN_PAGE, headers: { ...OWN_PAGE.headers, ...headers } })).toBe(
      false,
    );
  });

  test.each([undefined, '10.0.0.1', '::', '1127.0.0.1'])('not from %s', (remoteAddress) => {
    expect(isFromOwnPage({ ...OWN_PAGE, remoteAddress })).toBe(false);
  });
});

describe('a hostname', () => {
  test.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.0.7', false],
  ])('%s is loopback: %s', (hostname, expected) => {
    expect(isLoopback(hostname)).toBe(expected);
  });
});
