/**
 * A player at the level of the protocol, without any manners of the shipped client: it asks at once
 * and once, and answers heartbeats. In: a URL. Out: what it was told, calls.
 */
import {
  decodeServerMessage,
  encodeClientMessage,
  isCountedFrame,
  peekMessageKind,
  peekSnapshotTick,
  PROTOCOL_VERSION,
} from 'holdfast/protocol';
import type { ClientMessage, LoginAccepted, ServerMessage } from 'holdfast/protocol';
import { WebSocket } from 'ws';

import { machineNow } from './machine-clock.ts';

/** What another connection needs to go on with a session. */
export interface Ticket {
  readonly sessionId: LoginAccepted['sessionId'];
  readonly token: string;
  /** Counted messages that were taken so far; undefined: nobody remembers. */
  readonly reliableReceived: number | undefined;
}

export interface SnapshotArrival {
  readonly tick: number;
  readonly at: number;
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
  /** Filled when it is there. */
  snapshots: SnapshotArrival[] | undefined;
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
    return { sessionId, token, reliableReceived: this.#reliableReceived };
  }

  /** Sent when the connection is open. */
  login(credentials: unknown): void {
    this.#sendWhenOpen({
      kind: 'login',
      protocolVersion: PROTOCOL_VERSION,
      credentials: JSON.stringify(credentials),
    });
  }

  /** Sent when the connection is open. */
  resume(ticket: Ticket): void {
    this.#reliableReceived = ticket.reliableReceived ?? 0;
    this.#sendWhenOpen({
      kind: 'resume',
      protocolVersion: PROTOCOL_VERSION,
      ...ticket,
      lastTick: 0,
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
    if (isCountedFrame(bytes)) this.#reliableReceived += 1;
    const kind = peekMessageKind(bytes);
    if (kind === 'input-ack') return;
    if (kind === 'snapshot') return this.#noteSnapshot(peekSnapshotTick(bytes));
    const message = decodeServerMessage(bytes);
    if (message.kind === 'rejected') return;
    this.#handleMessage(message);
    this.#onMessage(message);
  }

  #handleMessage(message: ServerMessage): void {
    if (message.kind === 'login-accepted') {
      this.accepted = message;
      this.acceptedAt = machineNow();
      if (message.reliableReceived === undefined) this.#reliableReceived = 0;
    }
    if (message.kind === 'resynced') this.#reliableReceived = message.reliableSent;
    if (message.kind === 'login-rejected') this.refusal = message.code;
    if (message.kind === 'close') this.closing = message.code;
    if (message.kind !== 'heartbeat') return;
    const { nonce, serverTick } = message;
    const reliableReceived = this.#reliableReceived;
    this.send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived });
  }

  /** What is in it is not asked for here. */
  #noteSnapshot(tick: number): void {
    if (this.firstSnapshotAt === 0) this.firstSnapshotAt = machineNow();
    this.snapshots?.push({ tick, at: machineNow() });
  }

  #handleClosed(): void {
    this.closing ??= 'lost';
    if (!this.isAnswered) this.refusal = 'lost';
  }
}
