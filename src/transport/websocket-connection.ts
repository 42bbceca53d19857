/**
 * One upgraded connection of the WebSocket server. In: the raw socket from the upgrade and the `ws`
 * object on it. Out: the handler's events; frames, written straight to the socket.
 * `ws` parses, answers control frames and shakes hands; data frames are written past it, because
 * each is shared by many connections and because one tick's frames leave in one system call.
 *
 * Deliberate (ADR 0008): two writers on one socket. `ws` writes each of its frames with one
 * synchronous call when compression is off, and so do we: frames follow each other, never mix.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { TokenBucket } from '../base/token-bucket.ts';
import { CLOSE_CODES } from '../protocol/codes.ts';
import type { CloseCode } from '../protocol/codes.ts';
import type { PeerId } from '../protocol/ids.ts';
import type { OutboundPayload, TransportConnection, TransportHandler } from './transport.ts';
import { frameOf, framesBytes, joinFrames } from './websocket-frame.ts';

/** Up to here a copy costs less than a list of buffers; a tick's frames are a tenth of it. */
const JOINED_BYTES_MAX = 1_024;

/** Control frames that may come at once: seconds of the permitted rate. */
const CONTROL_BURST_SECONDS = 15;

/** What `ws` calls messages over the limits of size, fragments and chunks. */
const TOO_LARGE_ERRORS: ReadonlySet<unknown> = new Set([
  'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH',
  'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH',
  'WS_ERR_TOO_MANY_BUFFERED_PARTS',
]);

export interface WebSocketConnectionOptions {
  readonly peerId: PeerId;
  readonly address: string;
  readonly origin: string | undefined;
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  readonly handler: TransportHandler;
  readonly controlFramesPerSecond: number;
  readonly onControlFlood: () => void;
  readonly onProtocolViolation: () => void;
  readonly onClosed: () => void;
}

export class WebSocketConnection implements TransportConnection {
  readonly peerId: PeerId;
  readonly address: string;
  readonly origin: string | undefined;
  readonly isSyncOrdered = true;
  readonly #options: WebSocketConnectionOptions;
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  /** False from our own close, drop or refusal on: nothing more is delivered. */
  #isOpen = true;
  #controlBudget: TokenBucket | undefined;

  constructor(options: WebSocketConnectionOptions) {
    this.peerId = options.peerId;
    this.address = options.address;
    this.origin = options.origin;
    this.#options = options;
    this.#webSocket = options.webSocket;
    this.#socket = options.socket;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /** Announces the connection and listens. Call once, in the tick of the upgrade. */
  open(): void {
    const { webSocket, socket, handler, onClosed } = this.#options;
    webSocket.on('message', (data, isBinary) => {
      if (this.#isOpen) this.#receive(data as Buffer, isBinary);
    });
    const countControlFrame = (): void => this.#countControlFrame();
    webSocket.on('ping', countControlFrame);
    webSocket.on('pong', countControlFrame);
    webSocket.on('error', (error) => this.#refuse(error));
    webSocket.on('close', () => {
      this.#isOpen = false;
      handler.handleClosed(this);
      onClosed();
    });
    // Half a close without a WebSocket close is a loss. `ws` would wait for our bytes to be taken,
    // which a peer that doesn't read can put off for ever.
    socket.on('end', () => this.drop());
    handler.handleOpen(this);
  }

  write(payloads: readonly OutboundPayload[]): void {
    const socket = this.#socket;
    if (!this.#isOpen || this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    const [first] = payloads;
    if (first === undefined) return;
    if (payloads.length === 1) {
      socket.write(frameOf(first));
      return;
    }
    const bytesTotal = framesBytes(payloads);
    if (bytesTotal <= JOINED_BYTES_MAX) {
      socket.write(joinFrames(payloads, bytesTotal));
      return;
    }
    socket.cork();
    for (const payload of payloads) socket.write(frameOf(payload));
    socket.uncork();
  }

  close(code: CloseCode): void {
    this.#isOpen = false;
    // `ws` drops the socket when the other side hasn't answered after its `closeTimeout`.
    this.#webSocket.close(CLOSE_CODES[code].webSocketCode);
  }

  drop(): void {
    this.#isOpen = false;
    this.#webSocket.terminate();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const { handler } = this.#options;
    if (!isBinary) return handler.handleMalformed(this, 'text-frame');
    // Deliberate: a plain Uint8Array and not the Buffer itself, whose `slice` doesn't copy.
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    handler.handleBytes(this, 'reliable', bytes);
  }

  /** `ws` has answered with a close and reads no more. */
  #refuse(error: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#options.onProtocolViolation();
    if (TOO_LARGE_ERRORS.has((error as NodeJS.ErrnoException).code)) {
      this.#options.handler.handleMalformed(this, 'frame-too-large');
    }
  }

  /** `ws` answers pings before anybody can count them as messages, so they have a budget here. */
  #countControlFrame(): void {
    if (!this.#isOpen) return;
    const { controlFramesPerSecond, onControlFlood } = this.#options;
    const now = performance.now();
    this.#controlBudget ??= new TokenBucket(
      controlFramesPerSecond * CONTROL_BURST_SECONDS,
      controlFramesPerSecond,
      now,
    );
    if (this.#controlBudget.tryTake(now)) return;
    onControlFlood();
    this.drop();
  }
}
