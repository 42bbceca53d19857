/**
 * What hostile peers have instead of a client: a connection that begins again whenever it ends, a
 * login or a Resume, an idea of the server's tick, and bytes as they like. In: orders of its actor.
 * Out: its handler's events. It decodes only what it needs: hello, heartbeats, and where others are
 * for those who look.
 */
import type { Timer } from '../../base/clock.ts';
import type { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import type { CloseCode } from '../../protocol/codes.ts';
import { MESSAGE_LANES } from '../../protocol/lanes.ts';
import type { Lane } from '../../protocol/lanes.ts';
import { peekMessageKind } from '../../protocol/message-kinds.ts';
import type {
  ClientMessage,
  Heartbeat,
  LoginAccepted,
  Resume,
  Roster,
  ServerMessage,
  Snapshot,
} from '../../protocol/messages.ts';
import { ServerFrameDecoder } from '../../protocol/server-frame-decoder.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { SimulatedLink } from '../simulated-link.ts';
import { ActLoop } from './act-loop.ts';
import type { ActorOptions } from './actor.ts';

/** More than this in the way, and even a flood waits: a simulation has only so much memory. */
const BUFFERED_BYTES_MAX = 262_144;
/** Heartbeats whose nonces are kept, for those who abuse them. */
const NONCES_KEPT = 8;

const IS_READ: ReadonlySet<ServerMessage['kind']> = new Set([
  'heartbeat',
  'login-accepted',
  'resynced',
]);
const IS_SEEN: ReadonlySet<ServerMessage['kind']> = new Set(['roster', 'snapshot']);
const IS_COUNTED: ReadonlySet<ServerMessage['kind']> = new Set([
  'roster',
  'combat-event',
  'verdict-report',
  'user-message',
]);

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
  readonly onLoggedIn?: (accepted: LoginAccepted) => void;
  /** Who is in its world, and where. */
  readonly onSeen?: (message: Roster | Snapshot) => void;
  readonly onRefused?: () => void;
  readonly onClosed?: () => void;
}

export class RawSession {
  readonly #options: ActorOptions;
  readonly #behaviour: RawBehaviour;
  readonly #decoder = new ServerFrameDecoder();
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
  /** Counted messages of the server that it has taken in its session. */
  #received = 0;
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

  /** As an honest client would count them. */
  get reliableReceived(): number {
    return this.#received;
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

  /** Takes a session up again with any token, and says of it what it likes. */
  resume(claim: Pick<Resume, 'sessionId' | 'token'> & Partial<Resume>): boolean {
    const { serverTick: lastTick, reliableReceived } = this;
    const honest = { protocolVersion: PROTOCOL_VERSION, lastTick, reliableReceived };
    return this.send({ kind: 'resume', ...honest, ...claim });
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
    if (kind === undefined) return;
    if (IS_COUNTED.has(kind as ServerMessage['kind'])) this.#received += 1;
    const isSeen = this.#behaviour.onSeen !== undefined && IS_SEEN.has(kind as 'roster');
    if (!isSeen && !IS_READ.has(kind as ServerMessage['kind'])) return;
    const message = this.#decoder.decode(bytes);
    if (message.kind === 'heartbeat') this.#handleHeartbeat(message);
    else if (message.kind === 'resynced') this.#received = message.reliableSent;
    else if (message.kind === 'login-accepted') this.#handleAccepted(message);
    else if (message.kind === 'roster' || message.kind === 'snapshot') {
      this.#behaviour.onSeen?.(message);
    }
  }

  #handleAccepted(accepted: LoginAccepted): void {
    this.#isLoggedIn = true;
    const { isResumed, reliableReceived } = accepted;
    if (!isResumed || reliableReceived === undefined) this.#received = 0;
    this.#behaviour.onLoggedIn?.(accepted);
  }

  #handleHeartbeat(heartbeat: Heartbeat): void {
    this.#heartbeat = heartbeat;
    this.#heartbeatAt = this.#options.clock.now();
    const { nonce, serverTick } = heartbeat;
    this.nonces.push(nonce);
    if (this.nonces.length > NONCES_KEPT) this.nonces.shift();
    if (this.#behaviour.answersHeartbeats ?? true) {
      const { reliableReceived } = this;
      this.send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived });
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
