/**
 * A player who runs in circles at full speed, at the level of the protocol and without manners:
 * whenever it is thrown out it logs in again. What it sends for a tick, and when, its trick says.
 * In: a URL, a name, a trick. Out: bytes. Must not know: what becomes of them.
 */
import {
  encodeClientMessage,
  isCountedFrame,
  peekMessageKind,
  PROTOCOL_VERSION,
  ServerFrameDecoder,
} from 'holdfast/protocol';
import type { ClientMessage, LoginAccepted, ServerMessage } from 'holdfast/protocol';
import { WebSocket } from 'ws';

import type { Trick } from './tricks.ts';

const LOOP_MS = 10;
/** Ahead of the server's tick: on one machine more than enough. */
const LEAD_TICKS = 2;
/** Nothing older is sent for: a trick that wants it keeps it itself. */
const BEHIND_TICKS_MAX = 10;
const RETURN_MS = 200;

export class RawRunner {
  accepted: LoginAccepted | undefined;
  /** Inputs that went out, and connections that were ended by the server. */
  sent = 0;
  ends = 0;
  /** Hears what it is told; snapshots, too. */
  onMessage: ((message: ServerMessage) => void) | undefined;
  readonly #url: string;
  readonly #name: string;
  readonly #trick: Trick | undefined;
  readonly #timer: NodeJS.Timeout;
  #socket: WebSocket;
  #isStopped = false;
  #reliableReceived = 0;
  /** The server's tick at an instant. */
  #seen: { readonly tick: number; readonly at: number } | undefined;
  #begunAt = 0;
  #nextTick = 0;
  #held: Uint8Array[] = [];
  #decoder = new ServerFrameDecoder();

  /** Without a trick it stands still and looks. */
  constructor(url: string, name: string, trick?: Trick) {
    this.#url = url;
    this.#name = name;
    this.#trick = trick;
    this.#socket = this.#connect();
    this.#timer = setInterval(() => this.#act(), LOOP_MS);
  }

  get isIn(): boolean {
    return this.#seen !== undefined && this.accepted !== undefined;
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    this.#socket.terminate();
  }

  #connect(): WebSocket {
    const socket = new WebSocket(this.#url, { perMessageDeflate: false });
    this.#socket = socket;
    socket.on('open', () => {
      const credentials = JSON.stringify({ name: this.#name });
      this.#send({ kind: 'login', protocolVersion: PROTOCOL_VERSION, credentials });
    });
    socket.on('message', (data: Buffer) => this.#handleFrame(new Uint8Array(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#seen = undefined;
      if (this.#isStopped) return;
      this.ends += 1;
      setTimeout(() => {
        if (!this.#isStopped) this.#connect();
      }, RETURN_MS);
    });
    return socket;
  }

  #handleFrame(bytes: Uint8Array): void {
    if (isCountedFrame(bytes)) this.#reliableReceived += 1;
    const kind = peekMessageKind(bytes);
    const isWanted = kind === 'heartbeat' || kind === 'login-accepted' || kind === 'resynced';
    if (!isWanted && this.onMessage === undefined) return;
    if (kind === 'login-accepted') this.#decoder = new ServerFrameDecoder();
    const message = this.#decoder.decode(bytes);
    if (message.kind === 'rejected') throw new Error(`the server sent ${message.code}`);
    if (message.kind === 'login-accepted') this.#begin(message);
    if (message.kind === 'resynced') this.#reliableReceived = message.reliableSent;
    if (message.kind === 'heartbeat') {
      const { nonce, serverTick, tickFraction } = message;
      this.#seen = { tick: serverTick + tickFraction, at: performance.now() };
      const reliableReceived = this.#reliableReceived;
      this.#send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived });
    }
    this.onMessage?.(message);
  }

  #begin(accepted: LoginAccepted): void {
    this.accepted = accepted;
    this.#reliableReceived = 0;
    this.#begunAt = performance.now();
    this.#nextTick = 0;
    this.#held = [];
  }

  #act(): void {
    const { accepted } = this;
    const trick = this.#trick;
    if (trick === undefined || accepted === undefined || this.#seen === undefined) return;
    const { tick, at } = this.#seen;
    const now = performance.now();
    const ticksPerMs = accepted.tickRateHz / 1_000;
    const sinceMs = now - this.#begunAt;
    const right = tick + (now - at) * ticksPerMs + LEAD_TICKS;
    const due = Math.floor(right + (trick.gainedTicks?.(sinceMs * ticksPerMs) ?? 0));
    if (this.#nextTick === 0 || due - this.#nextTick > BEHIND_TICKS_MAX) this.#nextTick = due;
    for (; this.#nextTick <= due; this.#nextTick += 1) {
      this.#held.push(...trick.inputsFor(this.#nextTick));
    }
    // A clock that was set back begins where it is.
    if (this.#nextTick > due + 1) this.#nextTick = due + 1;
    if (trick.isHolding?.(sinceMs) === true) return;
    for (const bytes of this.#held) this.#sendBytes(bytes);
    this.sent += this.#held.length;
    this.#held = [];
  }

  #send(message: ClientMessage): void {
    this.#sendBytes(encodeClientMessage(message));
  }

  #sendBytes(bytes: Uint8Array): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }
}
