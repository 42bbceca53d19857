/**
 * One connection from its first byte to its last. In: a transport. Out: opened, messages, closed;
 * after `abandon` nothing, however late its bytes arrive. Must not know: sessions, other attempts.
 */
import { encodeClientMessage } from '../protocol/client-codec.ts';
import { isCountedFrame } from '../protocol/counted-messages.ts';
import type { Lane } from '../protocol/lanes.ts';
import type { ServerMessage, SnapshotAck } from '../protocol/messages.ts';
import { ServerFrameDecoder } from '../protocol/server-frame-decoder.ts';
import type { ClientCloseInfo, ClientConnection, ClientTransport } from '../transport/transport.ts';
import type { ClientTraffic } from './client-traffic.ts';
import { NO_SNAPSHOT, SnapshotLog } from './snapshot-log.ts';

/** Bytes that may wait for the network: a move in such a queue is stale before it leaves. */
const SYNC_BUFFERED_BYTES_MAX = 16_384;
const RELIABLE_BUFFERED_BYTES_MAX = 1_048_576;

export interface ConnectionAttemptHandler {
  handleOpened(attempt: ConnectionAttempt): void;
  /** Before `handleMessage`, for a frame that both sides count, decodable or not. */
  handleCounted(attempt: ConnectionAttempt): void;
  handleMessage(attempt: ConnectionAttempt, message: ServerMessage): void;
  /** Exactly once, unless abandoned. `code` is the server's, when it said one. */
  handleClosed(attempt: ConnectionAttempt, info: ClientCloseInfo): void;
}

export interface ConnectionAttemptOptions {
  readonly transport: ClientTransport;
  readonly url: string;
  readonly traffic: ClientTraffic;
  readonly handler: ConnectionAttemptHandler;
}

export class ConnectionAttempt {
  readonly #options: ConnectionAttemptOptions;
  readonly #traffic: ClientTraffic;
  readonly #handler: ConnectionAttemptHandler;
  /** Undefined until the transport's `connect` has returned. */
  #connection: ClientConnection | undefined;
  /** Undefined before the first bytes. */
  #decoder: ServerFrameDecoder | undefined;
  readonly #snapshots = new SnapshotLog();
  #hasOpened = false;
  #isEnded = false;
  #isClosing = false;

  constructor(options: ConnectionAttemptOptions) {
    this.#options = options;
    this.#traffic = options.traffic;
    this.#handler = options.handler;
  }

  /** Starts connecting. Call once; a transport may call the handler before this returns. */
  open(): void {
    const { transport, url } = this.#options;
    this.#connection = transport.connect(url, {
      handleOpen: () => this.#handleOpen(),
      handleBytes: (_lane, bytes) => this.#handleBytes(bytes),
      handleClosed: (info) => this.#handleClosed(info),
    });
    if (this.#isEnded) this.#connection.drop();
    else if (this.#hasOpened) this.#handler.handleOpened(this);
  }

  /** True from the opening on, also after the end. */
  get hasOpened(): boolean {
    return this.#hasOpened;
  }

  /** False where what is written to the sync lane may get lost; true while nothing is known. */
  get isSyncOrdered(): boolean {
    return this.#connection?.isSyncOrdered ?? true;
  }

  /** False when the connection has ended or takes no more of this lane. */
  write(lane: Lane, bytes: Uint8Array): boolean {
    if (this.#isEnded || this.#connection === undefined) return false;
    const most = lane === 'sync' ? SYNC_BUFFERED_BYTES_MAX : RELIABLE_BUFFERED_BYTES_MAX;
    if (this.#connection.bufferedBytes > most) {
      this.#traffic.messagesHeldBack += 1;
      return false;
    }
    this.#traffic.bytesSent += bytes.byteLength;
    this.#connection.write(lane, bytes);
    return true;
  }

  /** Ends after what was written; `handleClosed` follows. */
  close(): void {
    this.#isClosing = true;
    this.#connection?.close();
  }

  /** Ends now; nothing of it is heard any more. Idempotent. */
  abandon(): void {
    this.#isEnded = true;
    this.#connection?.drop();
  }

  #handleOpen(): void {
    if (this.#isEnded) return;
    this.#hasOpened = true;
    // Nothing can be written before `connect` has returned: `open` says it then.
    if (this.#connection !== undefined) this.#handler.handleOpened(this);
  }

  #handleBytes(bytes: Uint8Array): void {
    if (this.#isEnded) return;
    this.#traffic.framesReceived += 1;
    this.#traffic.bytesReceived += bytes.byteLength;
    if (isCountedFrame(bytes)) this.#handler.handleCounted(this);
    this.#decoder ??= new ServerFrameDecoder({ isOrdered: this.isSyncOrdered });
    const message = this.#decoder.decode(bytes);
    if (message.kind !== 'rejected') {
      if (message.kind === 'snapshot') this.#noteSnapshot(message.tick);
      this.#handler.handleMessage(this, message);
      return;
    }
    this.#traffic.framesRejected += 1;
    if (message.code === 'unknown-baseline') this.#acknowledge(NO_SNAPSHOT);
  }

  /** The newest is the server's to know: on an ordered lane, what it wrote has come. */
  #noteSnapshot(tick: number): void {
    if (this.isSyncOrdered) return;
    this.#snapshots.note(tick);
    this.#acknowledge(this.#snapshots.ack);
  }

  /** Only one who is logged in is told snapshots, and may answer them. */
  #acknowledge(ack: SnapshotAck): void {
    if (this.#isClosing || this.#decoder?.knowsFields !== true) return;
    this.write('sync', encodeClientMessage(ack));
  }

  #handleClosed(info: ClientCloseInfo): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#handler.handleClosed(this, info);
  }
}
