import { EventEmitter } from 'node:events';
import { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';

import { RecordingHost, payloadOf } from '../../test/contract/transport-harness.ts';
import type { PeerId } from '../protocol/ids.ts';
import { WebSocketConnection } from './websocket-connection.ts';

/** A connection on a socket that notes each system call it would make. */
function scene() {
  const calls: string[][] = [];
  const note = (chunks: readonly Uint8Array[], done: () => void): void => {
    calls.push(chunks.map((chunk) => Buffer.from(chunk).toString('latin1')));
    done();
  };
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk: Uint8Array, _, done) => note([chunk], done),
    writev: (chunks, done) =>
      note(
        chunks.map(({ chunk }) => chunk as Uint8Array),
        done,
      ),
  });
  const webSocket = Object.assign(new EventEmitter(), { OPEN: 1, readyState: 1 });
  const host = new RecordingHost();
  const connection = new WebSocketConnection({
    peerId: 'peer' as PeerId,
    address: '127.0.0.1',
    origin: undefined,
    webSocket: webSocket as unknown as WebSocket,
    socket,
    handler: host,
    controlFramesPerSecond: 1,
    onControlFlood: () => undefined,
    onProtocolViolation: () => undefined,
    onClosed: () => undefined,
  });
  connection.open();
  return { calls, socket, webSocket, connection };
}

test('payloads of one write leave in one system call, each as a whole frame', () => {
  const { calls, connection } = scene();
  connection.write([payloadOf('a'), payloadOf('bc'), payloadOf('')]);
  connection.write([payloadOf('d')]);
  connection.write([]);
  expect(calls).toEqual([['\x82\x01a\x82\x02bc\x82\x00'], ['\x82\x01d']]);
});

test('payloads that are 1,024 bytes together are copied into one piece, more are not', () => {
  const { calls, connection } = scene();
  const first = payloadOf('x'.repeat(1_000));
  connection.write([first, payloadOf('y'.repeat(18))]);
  connection.write([first, payloadOf('y'.repeat(19))]);
  expect(calls.map((pieces) => pieces.map(({ length }) => length))).toEqual([[1_024], [1_004, 21]]);
});

test('no frame follows the close that ws answers by itself', () => {
  const { calls, webSocket, connection } = scene();
  webSocket.readyState = 2;
  connection.write([payloadOf('late')]);
  expect(calls).toEqual([]);
});

test('bufferedBytes is what the socket holds', () => {
  const { socket, connection } = scene();
  socket.cork();
  connection.write([payloadOf('abc')]);
  expect(connection.bufferedBytes).toBe(5);
  socket.uncork();
  expect(connection.bufferedBytes).toBe(0);
});
