/**
 * The WebSocket transport's client half, on any socket that looks like the platform's WebSocket, so
 * that browsers and Node.js share it. In: a maker of sockets. Out: the ClientTransport contract.
 * Everything arrives on the `reliable` lane: one ordered stream carries both.
 * Must not know: what bytes mean, which platform it runs on.
 */
import type { CloseCode } from '../protocol/codes.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { ClientConnection, ClientConnectionHandler, ClientTransport } from './transport.ts';
import { closeCodeOf } from './websocket-close-status.ts';

/** `WebSocket.OPEN`. */
const OPEN = 1;

/** What we use of the WebSocket of browsers (https://websockets.spec.whatwg.org) and of `ws`. */
export interface PlatformWebSocket {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount: number;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
  /** Ends the connection without a goodbye, where the platform can. */
  terminate?(): void;
}

/** `createSocket` may throw, for an URL that is none for instance: that is `handleClosed` too. */
export function createWebSocketClientTransport(
  createSocket: (url: string) => PlatformWebSocket,
): ClientTransport {
  return {
    connect(url, handler) {
      const connection = new WebSocketClientConnection(handler);
      connection.open(() => createSocket(url));
      return connection;
    },
  };
}

class WebSocketClientConnection implements ClientConnection {
  readonly isSyncOrdered = true;
  readonly #handler: ClientConnectionHandler;
  #socket: PlatformWebSocket | undefined;
  #failure: string | undefined;
  /** `closing`: we said goodbye, nothing more is delivered but the end. */
  #phase: 'live' | 'closing' | 'ended' = 'live';

  constructor(handler: ClientConnectionHandler) {
    this.#handler = handler;
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Call once. */
  open(createSocket: () => PlatformWebSocket): void {
    let socket: PlatformWebSocket;
    try {
      socket = createSocket();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : undefined;
      queueMicrotask(() => this.#end(undefined));
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => {
      if (this.#phase === 'live') this.#handler.handleOpen();
    });
    socket.addEventListener('message', ({ data }) => this.#receive(data));
    socket.addEventListener('close', ({ code }) => this.#end(closeCodeOf(code)));
    // A close always follows; without a listener `ws` would throw.
    socket.addEventListener('error', ({ message }) => {
      this.#failure = message;
    });
  }

  write(_lane: Lane, bytes: Uint8Array): void {
    const socket = this.#socket;
    if (this.#phase !== 'live' || socket?.readyState !== OPEN) return;
    // The DOM's types exclude SharedArrayBuffer, which none of our encoders uses.
    socket.send(bytes as Uint8Array<ArrayBuffer>);
  }

  close(): void {
    if (this.#phase !== 'live') return;
    this.#phase = 'closing';
    this.#socket?.close();
  }

  drop(): void {
    if (this.#phase === 'ended') return;
    const socket = this.#socket;
    // A browser can't do without a goodbye; nobody here waits for its answer.
    if (socket?.terminate) socket.terminate();
    else socket?.close();
    this.#end(undefined);
  }

  #receive(data: unknown): void {
    if (this.#phase !== 'live') return;
    // Text: whoever is there isn't one of our servers.
    if (data instanceof ArrayBuffer) this.#handler.handleBytes('reliable', new Uint8Array(data));
    else this.drop();
  }

  #end(code: CloseCode | undefined): void {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#handler.handleClosed({ code, failure: this.#failure });
  }
}
