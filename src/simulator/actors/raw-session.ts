/**
 * What hostile peers have instead of a client: a connection that begins again whenever it ends, a
 * login, an idea of the server's tick, and bytes as they like. In: orders of its actor. Out: its
 * handler's events. It decodes only what it needs: hello, heartbeats.
 */
import type { Timer } from '../../base/clock.ts';
import type { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import type { CloseCode } from '../../protocol/codes.ts';
import { MESSAGE_LANES } from '../../protocol/lanes.ts';
import type { Lane } from '../../protocol/lanes.ts';
import { peekMessageKind } from '../../protocol/message-kinds.ts';
import type { ClientMessage, Heartbeat } from '../../protocol/messages.ts';
import { decodeServerMessage } from '../../protocol/server-codec.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { SimulatedLink } from '../simulated-link.ts';
import { ActLoop } from './act-loop.ts';
import type { ActorOptions } from './actor.ts';

/** More than this in the way, and even a flood waits: a simulation has only so much memory. */
const BUFFERED_BYTES_MAX = 262_144;
/** Heartbeats whose nonces are kept, for those who abuse them. */
const NONCES_KEPT = 8;

export interface RawBehaviour {
  /** Logs in when the connection opens. Default true. */
  readonly logsIn?: boolean;
  /** Default true. */
  readonly answersHeartbeats?: boolean;
  /** How long after its end it begins again, in ms; 0 = never. Default 400. */
  readonly reconnectMs?: number;
  /** What it does again and again while it is started, every so many ms on average. */
  readonly loop?: { readonly periodMs: number; readonly act: () => void };
  /** Counts how connections ended. */
  readonly counts?: Tally;
  readonly onOpen?: () => void;
  readonly onLoggedIn?: () => void;
  readonly onRefused?: () => void;
  readonly onClosed?: () => void;
}

export class RawSession {
  readonly #options: ActorOptions;
  readonly #behaviour: RawBehaviour;
  readonly #loop: ActLoop | undefined;
  #link: SimulatedLink | undefined;
  #timer: Timer | undefined;
  #isStopped = false;
  #isOpen = false;
  #isLoggedIn = false;
  #heartbeat: Heartbeat | undefined;
  #heartbeatAt = 0;
  #heardAt = 0;
  #connections = 0;
  /** Of the last heartbeats, newest last. */
  readonly nonces: string[] = [];

  constructor(options: ActorOptions, behaviour: RawBehaviour = {}) {
    this.#options = options;
    this.#behaviour = behaviour;
    const { loop } = behaviour;
    this.#loop = loop && new ActLoop(options, loop.periodMs, loop.act);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isLoggedIn(): boolean {
    return this.#isLoggedIn;
  }

  /** Connections that were begun. */
  get connections(): number {
    return this.#connections;
  }

  /** When the server was last heard, in monotonic ms; 0 = never. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** The tick that the server runs about now; 0 = no idea. */
  get serverTick(): number {
    if (this.#heartbeat === undefined) return 0;
    const { serverTick, tickFraction } = this.#heartbeat;
    const sinceMs = this.#options.clock.now() - this.#heartbeatAt;
    return Math.floor(serverTick + tickFraction + (sinceMs * this.#options.tickRateHz) / 1000);
  }

  start(): void {
    this.#connect();
    this.#loop?.start();
  }

  /** For good. */
  stop(): void {
    this.#isStopped = true;
    this.#loop?.stop();
    this.#timer?.cancel();
    this.#link?.drop();
  }

  /** Ends the connection; the next one begins after `reconnectMs`. */
  drop(): void {
    this.#link?.drop();
  }

  close(): void {
    this.#link?.close();
  }

  /** Logs in with any credentials, as often as one likes. */
  login(credentials: unknown): boolean {
    const text = JSON.stringify(credentials) ?? '';
    return this.send({ kind: 'login', protocolVersion: PROTOCOL_VERSION, credentials: text });
  }

  send(message: ClientMessage): boolean {
    return this.sendBytes(encodeClientMessage(message), MESSAGE_LANES[message.kind]);
  }

  /** False when there is no connection, or too much is on its way already. */
  sendBytes(bytes: Uint8Array, lane: Lane): boolean {
    const link = this.#link;
    if (link === undefined || !this.#isOpen) return false;
    if (link.bufferedBytes > BUFFERED_BYTES_MAX) return false;
    link.write(lane, bytes);
    return true;
  }

  sendText(): boolean {
    if (this.#link === undefined || !this.#isOpen) return false;
    this.#link.writeText();
    return true;
  }

  #connect(): void {
    const { transport, url } = this.#options;
    this.#connections += 1;
    const link = transport.connect(url, {
      handleOpen: () => this.#handleOpen(),
      handleBytes: (_lane, bytes) => this.#handleBytes(bytes),
      handleClosed: ({ code }) => this.#handleClosed(code),
    });
    this.#link = link;
  }

  #handleOpen(): void {
    this.#isOpen = true;
    this.#heardAt = this.#options.clock.now();
    if (this.#behaviour.logsIn ?? true) this.login(this.#options.credentials);
    this.#behaviour.onOpen?.();
  }

  #handleBytes(bytes: Uint8Array): void {
    this.#heardAt = this.#options.clock.now();
    const kind = peekMessageKind(bytes);
    if (kind === 'login-rejected') this.#behaviour.onRefused?.();
    if (kind !== 'heartbeat' && kind !== 'login-accepted') return;
    const message = decodeServerMessage(bytes);
    if (message.kind === 'heartbeat') this.#handleHeartbeat(message);
    if (message.kind !== 'login-accepted') return;
    this.#isLoggedIn = true;
    this.#behaviour.onLoggedIn?.();
  }

  #handleHeartbeat(heartbeat: Heartbeat): void {
    this.#heartbeat = heartbeat;
    this.#heartbeatAt = this.#options.clock.now();
    const { nonce, serverTick } = heartbeat;
    this.nonces.push(nonce);
    if (this.nonces.length > NONCES_KEPT) this.nonces.shift();
    if (this.#behaviour.answersHeartbeats ?? true) {
      this.send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived: 0 });
    }
  }

  #handleClosed(code: CloseCode | undefined): void {
    this.#link = undefined;
    this.#isOpen = false;
    this.#isLoggedIn = false;
    const { counts, onClosed, reconnectMs = 400 } = this.#behaviour;
    counts?.add(`closed ${code ?? 'without a code'}`);
    onClosed?.();
    if (this.#isStopped || reconnectMs === 0) return;
    this.#timer = this.#options.scheduler.setTimer(reconnectMs, () => this.#connect());
  }
}
