/**
 * A client's way to the server that breaks when a test says so, on either side or on both.
 * In: a transport. Out: the same, until it breaks. Must not know: what the bytes mean.
 */
import type {
  ClientConnection,
  ClientConnectionHandler,
  ClientTransport,
} from '../../src/transport/transport.ts';

export class FragileLine implements ClientTransport {
  readonly #inner: ClientTransport;
  #handler: ClientConnectionHandler | undefined;
  #connection: ClientConnection | undefined;
  /** What the client sends gets nowhere. */
  isMute = false;
  /** What the server sends gets nowhere. */
  isDeaf = false;
  /** Attempts to connect end at once. */
  isDown = false;

  constructor(inner: ClientTransport) {
    this.#inner = inner;
  }

  connect(url: string, handler: ClientConnectionHandler): ClientConnection {
    this.#handler = handler;
    const connection = this.#inner.connect(url, {
      handleOpen: () => this.#isCurrent(handler) && handler.handleOpen(),
      handleBytes: (lane, bytes) => {
        if (this.#isCurrent(handler) && !this.isDeaf) handler.handleBytes(lane, bytes);
      },
      handleClosed: (info) => {
        if (this.#isCurrent(handler)) this.#end(handler, info.code);
      },
    });
    this.#connection = connection;
    if (this.isDown) connection.drop();
    return {
      isSyncOrdered: connection.isSyncOrdered,
      get bufferedBytes() {
        return connection.bufferedBytes;
      },
      write: (lane, bytes) => {
        if (!this.isMute) connection.write(lane, bytes);
      },
      close: () => connection.close(),
      drop: () => {
        if (this.#isCurrent(handler)) connection.drop();
      },
    };
  }

  /** The connection ends for both sides, without a word. */
  cut(): void {
    this.#connection?.drop();
  }

  /** The connection ends for the client alone; the server goes on believing in it. */
  forsake(): void {
    if (this.#handler !== undefined) this.#end(this.#handler, undefined);
  }

  #isCurrent(handler: ClientConnectionHandler): boolean {
    return handler === this.#handler;
  }

  #end(handler: ClientConnectionHandler, code: Parameters<typeof handler.handleClosed>[0]['code']) {
    this.#handler = undefined;
    handler.handleClosed({ code });
  }
}
