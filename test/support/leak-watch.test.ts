import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { expect, test } from 'vitest';

import { findFreePort } from './free-port.ts';
import { LeakWatch } from './leak-watch.ts';

test('nothing is reported when a server and its connection were closed', async () => {
  const watch = new LeakWatch();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = (await once(server, 'connection')) as [ReturnType<typeof connect>];
  client.destroy();
  accepted.destroy();
  server.close();
  await watch.expectNoLeaks();
});

test('a planted server and a planted timer are named', async () => {
  const watch = new LeakWatch();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const timer = setInterval(() => undefined, 60_000);
  await expect(watch.expectNoLeaks(20)).rejects.toThrow(/1 TCPServerWrap/);
  await expect(watch.expectNoLeaks(20)).rejects.toThrow(/1 Timeout/);
  server.close();
  clearInterval(timer);
  await watch.expectNoLeaks();
});

test('a free port can be listened on', async () => {
  const port = await findFreePort();
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  expect((server.address() as AddressInfo).port).toBe(port);
  server.close();
});
