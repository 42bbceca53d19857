/**
 * A player at the level of the protocol, without any manners of the shipped client: it asks at once
 * and once, and answers heartbeats. In: a URL. Out: what it was told, calls.
 */
import {
  decodeServerMessage,
  encodeClientMessage,
  isCountedFrame,
  PROTOCOL_VERSION,
} from 'holdfast/protocol';
import type { ClientMessage, LoginAccepted, ServerMessage } from 'holdfast/protocol';
import { WebSocket } from 'ws';

import { machineNow } from './machine-clock.ts';

/** What another connection needs to go on with a session. */
export interface Ticket {
  readonly sessionId: LoginAccepted['sessionId'];
  readonly token: string;
}

export class RawPlayer {
  accepted: LoginAccepted | undefined;
  acceptedAt = 0;
  /** Why not: a refusal's code, or `lost`. */
  refusal: string | undefined;
  /** When its first snapshot came; 0 = none has. */
  firstSnapshotAt = 0;
  /** The server's last words, or `lost`. */
  closing: string | undefined;
  /** Instants of snapshots, when asked for. */
  snapshotTimes: number[] | undefined;
  readonly #socket: WebSocket;
  readonly #opened: Promise<void>;
  #reliableReceived = 0;
  #onMessage: (message: ServerMessage) => void = () => undefined;

  constructor(url: string) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    this.#opened = new Promise((resolve) => {
      this.#socket.once('open', resolve);
    });
    this.#socket.on('message', (data: Buffer) => this.#handleFrame(data));
    this.#socket.on('error', () => undefined);
    this.#socket.once('close', () => this.#handleClosed());
  }

  /** The connection is open and nobody has closed it. */
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN && this.closing === undefined;
  }

  get isAnswered(): boolean {
    return this.accepted !== undefined || this.refusal !== undefined;
  }

  /** Accepted, and nothing has ended it. */
  get isIn(): boolean {
    return this.accepted !== undefined && this.isOpen;
  }

  /** Undefined: it has none. */
  get ticket(): Ticket | undefined {
    if (this.accepted === undefined) return undefined;
    const { sessionId, resumeToken: token } = this.accepted;
    return { sessionId, token };
  }

  /** Sent when the connection is open. */
  login(credentials: unknown): void {
    this.#sendWhenOpen({
      kind: 'login',
      protocolVersion: PROTOCOL_VERSION,
      credentials: JSON.stringify(credentials),
    });
  }

  /** With a fresh memory: counts begin at 0. */
  resume({ sessionId, token }: Ticket): void {
    this.#sendWhenOpen({
      kind: 'resume',
      protocolVersion: PROTOCOL_VERSION,
      sessionId,
      token,
      lastTick: 0,
      reliableReceived: undefined,
    });
  }

  send(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(encodeClientMessage(message));
  }

  leave(): void {
    this.send({ kind: 'leave' });
  }

  /** Cuts the connection: no goodbye. */
  drop(): void {
    this.#socket.terminate();
  }

  /** Resolves with the first message that is as asked for; undefined when none is in time. */
  next(
    isWanted: (message: ServerMessage) => boolean,
    timeoutMs: number,
  ): Promise<ServerMessage | undefined> {
    return new Promise((resolve) => {
      const end = (message: ServerMessage | undefined): void => {
        clearTimeout(timer);
        this.#onMessage = () => undefined;
        resolve(message);
      };
      const timer = setTimeout(() => end(undefined), timeoutMs);
      this.#onMessage = (message) => {
        if (isWanted(message)) end(message);
      };
    });
  }

  #sendWhenOpen(message: ClientMessage): void {
    void this.#opened.then(() => this.send(message));
  }

  #handleFrame(data: Buffer): void {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const message = decodeServerMessage(bytes);
    if (isCountedFrame(bytes)) this.#reliableReceived += 1;
    if (message.kind === 'rejected') return;
    this.#handleMessage(message);
    this.#onMessage(message);
  }

  #handleMessage(message: ServerMessage): void {
    if (message.kind === 'login-accepted') {
      this.accepted = message;
      this.acceptedAt = machineNow();
      this.#reliableReceived = 0;
    }
    if (message.kind === 'login-rejected') this.refusal = message.code;
    if (message.kind === 'close') this.closing = message.code;
    if (message.kind === 'snapshot') this.#handleSnapshot();
    if (message.kind !== 'heartbeat') return;
    const { nonce, serverTick } = message;
    const reliableReceived = this.#reliableReceived;
    this.send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived });
  }

  #handleSnapshot(): void {
    if (this.firstSnapshotAt === 0) this.firstSnapshotAt = machineNow();
    this.snapshotTimes?.push(machineNow());
  }

  #handleClosed(): void {
    this.closing ??= 'lost';
    if (!this.isAnswered) this.refusal = 'lost';
  }
}
