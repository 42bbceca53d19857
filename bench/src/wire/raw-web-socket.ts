/**
 * A WebSocket client straight on TCP, so that a thousand of them leave the generator time. In: a
 * port and a path, frames that are ready to be written. Out: frames, bytes counted. It answers
 * pings, and reads into one buffer that all sockets share.
 */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { clientFrame } from './client-frame.ts';
import { FrameParser } from './frame-parser.ts';
import type { FrameListener } from './frame-parser.ts';

const PING = 0x9;
const CLOSE = 0x8;
const HEADER_END = '\r\n\r\n';
const READ_BYTES = 256 * 1_024;

/** Each read is taken before the next one begins. */
const sharedBuffer = Buffer.alloc(READ_BYTES);

export interface RawWebSocketListener {
  readonly handleOpen: () => void;
  readonly handleFrame: FrameListener;
  readonly handleClosed: (why: string) => void;
}

export interface RawWebSocketTarget {
  readonly port: number;
  readonly path: string;
}

export class RawWebSocket {
  /** Of TCP's payload, the handshake included. */
  bytesReceived = 0;
  bytesSent = 0;
  isOpen = false;
  readonly #socket: Socket;
  readonly #listener: RawWebSocketListener;
  readonly #parser: FrameParser;
  #head = '';
  #isEnded = false;

  constructor({ port, path }: RawWebSocketTarget, listener: RawWebSocketListener) {
    this.#listener = listener;
    this.#parser = new FrameParser((opcode, payload) => this.#handleFrame(opcode, payload));
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: sharedBuffer,
        callback: (length) => {
          this.#handleBytes(sharedBuffer.subarray(0, length));
          return true;
        },
      },
    });
    this.#socket.once('connect', () => this.#upgrade(port, path));
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => this.#end('lost'));
  }

  /** A frame that `clientFrame` made; many may send the same. */
  write(frame: Buffer): void {
    this.bytesSent += frame.length;
    this.#socket.write(frame);
  }

  destroy(): void {
    this.#isEnded = true;
    this.#socket.destroy();
  }

  #upgrade(port: number, path: string): void {
    const key = randomBytes(16).toString('base64');
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
  }

  #handleBytes(bytes: Buffer): void {
    this.bytesReceived += bytes.length;
    if (this.isOpen) this.#parser.push(bytes);
    else this.#readHead(bytes);
  }

  #readHead(bytes: Buffer): void {
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(HEADER_END);
    if (end < 0) return;
    if (!this.#head.startsWith('HTTP/1.1 101')) {
      this.#socket.destroy();
      this.#end(this.#head.slice(0, this.#head.indexOf('\r\n')));
      return;
    }
    const rest = Buffer.from(this.#head.slice(end + HEADER_END.length), 'latin1');
    this.#head = '';
    this.isOpen = true;
    this.#listener.handleOpen();
    if (rest.length > 0) this.#parser.push(rest);
  }

  #handleFrame(opcode: number, payload: Buffer): void {
    if (opcode === PING) this.write(clientFrame('pong', payload));
    else if (opcode === CLOSE) this.#end(`closed: ${payload.subarray(2).toString()}`);
    else this.#listener.handleFrame(opcode, payload);
  }

  #end(why: string): void {
    this.isOpen = false;
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#listener.handleClosed(why);
  }
}
