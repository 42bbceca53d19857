/**
 * A started WebSocket server and raw TCP clients that can send it any bytes, valid or not.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { TransportConnection } from '../../src/transport/transport.ts';
import { createWebSocketServer } from '../../src/transport/websocket-server.ts';
import type {
  WebSocketServerOptions,
  WebSocketTransportServer,
} from '../../src/transport/websocket-server.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { realUntil } from './real-time.ts';
import { RecordingHost } from './transport-harness.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

/** First bytes of whole frames. */
export const BINARY = 0x82;
export const TEXT = 0x81;
export const CLOSE = 0x88;
export const PING = 0x89;
export const PONG = 0x8a;

/** A valid upgrade request, less the lines that `changes` removes or replaces. */
export function upgradeRequest(changes: Readonly<Record<string, string | undefined>> = {}): string {
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

/** A client's frame with the mask 0: header, then the payload (≤ 125 bytes) as it is. */
export function frame(firstByte: number, payload = ''): Buffer {
  const header = Buffer.from([firstByte, 0x80 | payload.length, 0, 0, 0, 0]);
  return Buffer.concat([header, Buffer.from(payload, 'latin1')]);
}

export interface RawClient {
  readonly socket: Socket;
  /** What the server has sent. */
  readonly text: () => string;
  readonly isClosed: () => boolean;
}

export class RawWebSocketScene {
  readonly host = new RecordingHost();
  readonly server: WebSocketTransportServer;
  url = new URL('ws://127.0.0.1');
  readonly #sockets: Socket[] = [];

  constructor(options: Partial<WebSocketServerOptions> = {}) {
    this.server = createWebSocketServer({ port: 0, random: new SeededRandom(1), ...options });
  }

  async start(): Promise<this> {
    this.url = new URL(await this.server.start(this.host));
    return this;
  }

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.server.stop();
  }

  /** A TCP connection that has said nothing. */
  tcp(): RawClient {
    const socket = connect(Number(this.url.port), '127.0.0.1');
    this.#sockets.push(socket);
    let text = '';
    let isClosed = false;
    socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')));
    socket.on('close', () => (isClosed = true));
    socket.on('error', () => undefined);
    return { socket, text: () => text, isClosed: () => isClosed };
  }

  /** A TCP connection behind the upgrade. */
  async upgraded(): Promise<RawClient & { readonly peer: TransportConnection }> {
    const opened = this.host.connections.length;
    const client = this.tcp();
    client.socket.write(upgradeRequest());
    await realUntil(
      () => this.host.connections.length > opened && client.text().includes('\r\n\r\n'),
    );
    const peer = this.host.connections[opened];
    if (peer === undefined) throw new Error('the server saw no connection');
    return { ...client, peer };
  }
}
