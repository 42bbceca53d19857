/**
 * What a client knows of its session from one connection to the next: the ticket, the newest tick,
 * how many counted messages went each way, and those that the server may lack.
 * In: what the server says, counted frames of both directions. Out: the first frame of the next
 * connection, and what is to be sent again on it. Must not know: connections, states.
 */
import type { Clock } from '../base/clock.ts';
import { encodeClientMessage } from '../protocol/client-codec.ts';
import type { SessionId } from '../protocol/ids.ts';
import { MESSAGE_KIND_BYTES } from '../protocol/message-kinds.ts';
import type { LoginAccepted } from '../protocol/messages.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { ClientOptions } from './client-options.ts';
import type { ClientTraffic } from './client-traffic.ts';
import type { GameplayMessage } from './gameplay-message.ts';
import { RetransmitBuffer } from './retransmit-buffer.ts';
import { TicketDrawer } from './token-storage.ts';
import type { ResumeTicket } from './token-storage.ts';

export class SessionMemory {
  readonly #drawer: TicketDrawer;
  readonly #login: Uint8Array;
  readonly #clock: Clock;
  readonly #traffic: ClientTraffic;
  readonly #unacknowledged: RetransmitBuffer;
  #ticket: ResumeTicket | undefined;
  /** Counted messages of the server that were taken; undefined = by another page, if any. */
  #received: number | undefined;
  #lastTick = 0;
  #askedAt = 0;
  #handshakeMs = 0;

  constructor(options: ClientOptions, traffic: ClientTraffic) {
    const { tokenStorage: storage, url, login, retransmitBytesMax } = options;
    this.#drawer = new TicketDrawer({ storage, url, login });
    this.#login = login;
    this.#clock = options.clock;
    this.#traffic = traffic;
    this.#unacknowledged = new RetransmitBuffer(retransmitBytesMax);
  }

  /** Whether the next connection begins with a Resume. */
  get isResumable(): boolean {
    return this.#ticket !== undefined;
  }

  /** Whether another page could find the ticket. */
  get isKept(): boolean {
    return this.#drawer.isKeeping && this.isResumable;
  }

  /** From the first frame of the connection to its acceptance. */
  get handshakeMs(): number {
    return this.#handshakeMs;
  }

  /** What a HeartbeatAnswer acknowledges. */
  get reliableReceived(): number {
    return this.#received ?? 0;
  }

  /** Takes up what an earlier page has left; undefined = nothing, or somebody else's. */
  recall(): SessionId | undefined {
    this.#ticket = this.#drawer.read();
    return this.#ticket?.sessionId;
  }

  /** There is no session to go on with any more, for this page and the next. */
  forget(): void {
    if (this.#ticket !== undefined) this.#drawer.remove(this.#ticket);
    this.#ticket = undefined;
  }

  /** The Resume that goes on with the session; without a ticket the Login. */
  firstFrame(): Uint8Array {
    this.#askedAt = this.#clock.now();
    if (this.#ticket === undefined) return this.#login;
    return encodeClientMessage({
      kind: 'resume',
      protocolVersion: PROTOCOL_VERSION,
      ...this.#ticket,
      lastTick: this.#lastTick,
      reliableReceived: this.#received,
    });
  }

  /** A new connection carries the session; answers what has to be sent on it again, in order. */
  handleAccepted(accepted: LoginAccepted): readonly Uint8Array[] {
    this.#handshakeMs = this.#clock.now() - this.#askedAt;
    this.#replaceTicket(accepted);
    if (!accepted.isResumed) this.#lastTick = 0;
    if (!accepted.isResumed || accepted.reliableReceived === undefined) {
      this.#received = 0;
      this.#traffic.messagesLost += this.#unacknowledged.restart();
      return [];
    }
    this.#received ??= 0;
    const again = this.#unacknowledged.continueFrom(accepted.reliableReceived);
    this.#traffic.messagesRetransmitted += again.length;
    return again;
  }

  /** A counted frame of the server has come. */
  handleCounted(): void {
    // A server that counts absurdly is answered all the same.
    this.#received = Math.min(Number.MAX_SAFE_INTEGER, this.reliableReceived + 1);
  }

  /** False when it can't be: the server acknowledges what was never sent. */
  handleMessage(message: GameplayMessage): boolean {
    this.#lastTick = Math.max(this.#lastTick, tickOf(message));
    if (message.kind === 'heartbeat') {
      return this.#unacknowledged.acknowledge(message.reliableReceived);
    }
    if (message.kind === 'resynced') {
      // Something is lost; the server says from where both go on.
      this.#lastTick = message.fromTick;
      this.#received = message.reliableSent;
    }
    return true;
  }

  /** Shots that were sent and that the server may not have taken. */
  get shotsUnacknowledged(): number {
    return this.#unacknowledged.count(MESSAGE_KIND_BYTES['shoot-input']);
  }

  /** Whether one more counted message may be sent. */
  hasRoomFor(frame: Uint8Array): boolean {
    return this.#unacknowledged.hasRoomFor(frame);
  }

  /** A counted message was sent. */
  keep(frame: Uint8Array): void {
    this.#unacknowledged.push(frame);
  }

  #replaceTicket({ sessionId, resumeToken: token }: LoginAccepted): void {
    if (token === '') {
      this.forget();
      return;
    }
    this.#ticket = { sessionId, token };
    this.#drawer.write(this.#ticket);
  }
}

/** The server's tick that a message shows; 0 = none. */
function tickOf(message: GameplayMessage): number {
  if (message.kind === 'heartbeat') return message.serverTick;
  return 'tick' in message ? message.tick : 0;
}
