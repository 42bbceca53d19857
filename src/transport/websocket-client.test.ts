import { expect, test } from 'vitest';

import { RecordingClient, bytesOf } from '../../test/contract/transport-harness.ts';
import { createWebSocketClientTransport } from './websocket-client.ts';
import type { PlatformWebSocket } from './websocket-client.ts';

/** A browser's WebSocket as far as we use it: events come when the test says so. */
class FakeWebSocket implements PlatformWebSocket {
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  readonly calls: string[] = [];
  readonly #listeners = new Map<string, (event: never) => void>();

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener);
  }

  send(data: Uint8Array): void {
    this.calls.push(`send ${data.length}`);
  }

  close(): void {
    this.calls.push('close');
    this.readyState = 2;
  }

  emit(type: string, event: object = {}): void {
    this.#listeners.get(type)?.(event as never);
  }
}

function connect() {
  const socket = new FakeWebSocket();
  const client = new RecordingClient();
  const connection = createWebSocketClientTransport(() => socket).connect('ws://game', client);
  const open = (): void => {
    socket.readyState = 1;
    socket.emit('open');
  };
  return { socket, client, connection, open };
}

test('the platform’s own WebSocket fits', () => {
  expect(createWebSocketClientTransport((url) => new WebSocket(url))).toBeDefined();
});

test('messages are asked for as bytes and arrive as bytes', () => {
  const { socket, client, open } = connect();
  expect(socket.binaryType).toBe('arraybuffer');
  open();
  socket.emit('message', { data: bytesOf('hello').buffer });
  expect(client.log).toEqual(['open', 'bytes hello']);
  expect([...client.lanes]).toEqual(['reliable']);
});

test('nothing is sent before the connection is open, nor after it was closed', () => {
  const { socket, connection, open } = connect();
  connection.write('reliable', bytesOf('early'));
  open();
  connection.write('sync', bytesOf('now'));
  connection.close();
  connection.write('reliable', bytesOf('late'));
  connection.close();
  expect(socket.calls).toEqual(['send 3', 'close']);
});

test('a drop without terminate says goodbye but waits for nobody', () => {
  const { socket, client, connection, open } = connect();
  open();
  connection.drop();
  expect([socket.calls, client.log]).toEqual([['close'], ['open', 'closed']]);
  socket.emit('message', { data: bytesOf('late').buffer });
  socket.emit('close', { code: 4008 });
  connection.drop();
  connection.close();
  expect([socket.calls, client.log]).toEqual([['close'], ['open', 'closed']]);
});

test('a drop before the connection is open ends it', () => {
  const { socket, client, connection, open } = connect();
  connection.drop();
  open();
  expect([socket.calls, client.log]).toEqual([['close'], ['closed']]);
});

test('after its own close a client hears of the end only', () => {
  const { socket, client, connection, open } = connect();
  open();
  connection.close();
  socket.emit('message', { data: bytesOf('late').buffer });
  socket.emit('close', { code: 1005 });
  socket.emit('close', { code: 1005 });
  expect(client.log).toEqual(['open', 'closed']);
});

test('a server that talks text is none of ours', () => {
  const { socket, client, open } = connect();
  open();
  socket.emit('message', { data: '{"hello":1}' });
  expect([socket.calls, client.log]).toEqual([['close'], ['open', 'closed']]);
});

test('an error is nothing until the close that follows it', () => {
  const { socket, client } = connect();
  socket.emit('error');
  expect(client.log).toEqual([]);
  socket.emit('close', { code: 1006 });
  expect(client.log).toEqual(['closed']);
});

test.each([
  [1000, undefined],
  [1001, undefined],
  [1005, undefined],
  [1006, undefined],
  [1002, 'protocol-error'],
  [1009, 'protocol-error'],
  [4000, 'protocol-error'],
  [4009, 'server-stopped'],
  [4999, undefined],
])('a close with status %i means %s', (code, expected) => {
  const { socket, client } = connect();
  socket.emit('close', { code });
  expect(client.closeCode).toBe(expected);
});

test('a socket that can’t be made is an end, after connect returned', async () => {
  const client = new RecordingClient();
  const transport = createWebSocketClientTransport(() => {
    throw new SyntaxError('no url');
  });
  const connection = transport.connect('no url', client);
  connection.write('reliable', bytesOf('ignored'));
  expect([client.log, connection.bufferedBytes]).toEqual([[], 0]);
  await Promise.resolve();
  expect(client.log).toEqual(['closed']);
});
