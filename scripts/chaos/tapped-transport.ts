/**
 * A client's transport that lets one see the frames that come and cut the line. In: a transport.
 * Out: the same, and calls before the client gets each frame.
 */
import type { ClientConnection, ClientTransport } from 'holdfast/client';

export interface FrameTap {
  handleOpen(): void;
  /** `bytes` is valid during the call. */
  handleFrame(bytes: Uint8Array): void;
  handleClosed(): void;
}

export class TappedTransport implements ClientTransport {
  readonly #transport: ClientTransport;
  readonly #tap: FrameTap;
  #connection: ClientConnection | undefined;

  constructor(transport: ClientTransport, tap: FrameTap) {
    this.#transport = transport;
    this.#tap = tap;
  }

  connect(...[url, handler]: Parameters<ClientTransport['connect']>): ClientConnection {
    const tap = this.#tap;
    const connection = this.#transport.connect(url, {
      handleOpen: () => {
        tap.handleOpen();
        handler.handleOpen();
      },
      handleBytes: (lane, bytes) => {
        tap.handleFrame(bytes);
        handler.handleBytes(lane, bytes);
      },
      handleClosed: (info) => {
        tap.handleClosed();
        handler.handleClosed(info);
      },
    });
    this.#connection = connection;
    return connection;
  }

  /** Cuts the newest connection. */
  drop(): void {
    this.#connection?.drop();
  }
}
