/**
 * A transport with faults on request, around the real one: what the panel's buttons do to your own
 * connection. It uses the public transport contract only; the client above notices nothing but the
 * faults. Must not know: sessions, players.
 */
import type { ClientConnection, ClientConnectionHandler, ClientTransport } from 'holdfast/client';

/** Enough to be seen in the counters, few enough that the server forgives a burst. */
const GARBAGE_FRAMES = 12;
/** Bytes; within the server's frame limit. */
const GARBAGE_BYTES_MAX = 96;

/** Random bytes that no chance makes a message: the kinds of messages are below 128. */
function createGarbage(): Uint8Array {
  const bytes = new Uint8Array(1 + Math.floor(Math.random() * GARBAGE_BYTES_MAX));
  crypto.getRandomValues(bytes);
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}

export class FaultTransport implements ClientTransport {
  readonly #inner: ClientTransport;
  #connection: ClientConnection | undefined;
  #isSilent = false;
  #swallowedMessages = 0;

  constructor(inner: ClientTransport) {
    this.#inner = inner;
  }

  /** While silent, everything that should go out is swallowed; what comes in still arrives. */
  get isSilent(): boolean {
    return this.#isSilent;
  }

  set isSilent(isSilent: boolean) {
    this.#isSilent = isSilent;
  }

  /** Messages that silence has swallowed so far. */
  get swallowedMessages(): number {
    return this.#swallowedMessages;
  }

  /** Forgets the connection without a goodbye. False when there is none. */
  drop(): boolean {
    if (this.#connection === undefined) return false;
    this.#connection.drop();
    return true;
  }

  /** Sends frames of random bytes; returns how many (0 = no connection, or silent). */
  sendGarbage(): number {
    if (this.#connection === undefined || this.#isSilent) return 0;
    for (let frame = 0; frame < GARBAGE_FRAMES; frame += 1) {
      this.#connection.write('reliable', createGarbage());
    }
    return GARBAGE_FRAMES;
  }

  connect(url: string, handler: ClientConnectionHandler): ClientConnection {
    let isOver = false;
    let current: ClientConnection | undefined;
    const inner = this.#inner.connect(url, {
      handleOpen: () => handler.handleOpen(),
      handleBytes: (lane, bytes) => handler.handleBytes(lane, bytes),
      handleClosed: (info) => {
        isOver = true;
        if (this.#connection === current) this.#connection = undefined;
        handler.handleClosed(info);
      },
    });
    current = inner;
    if (!isOver) this.#connection = inner;
    return this.#muffled(inner);
  }

  #muffled(inner: ClientConnection): ClientConnection {
    return {
      isSyncOrdered: inner.isSyncOrdered,
      get bufferedBytes() {
        return inner.bufferedBytes;
      },
      write: (lane, bytes) => {
        if (this.#isSilent) this.#swallowedMessages += 1;
        else inner.write(lane, bytes);
      },
      close: () => inner.close(),
      drop: () => inner.drop(),
    };
  }
}
