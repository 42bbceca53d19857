/**
 * One connection as the rules see it: what each of its messages means, what it may still spend,
 * which heartbeats it can answer, what it was told. In: frames as they reached the host and left
 * it. Out: meanings. Must not know: sessions, deadlines.
 */
import { decodeClientMessage } from '../../../protocol/client-codec.ts';
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { ClientMessage, Login, LoginAccepted, Resume } from '../../../protocol/messages.ts';
import type { Lane } from '../../../protocol/lanes.ts';
import { SnapshotDuty } from '../wire/snapshot-duty.ts';
import { Allowance } from './allowance.ts';
import type { ModelLimits } from './model-limits.ts';
import type { ModelSession } from './model-session.ts';

/** What a message is for the session of its connection. */
export type Meaning =
  | { readonly kind: 'login'; readonly login: Login }
  | { readonly kind: 'resume'; readonly resume: Resume }
  | { readonly kind: 'leave' }
  | { readonly kind: 'alive' }
  /** The model can't tell whether it counts. */
  | { readonly kind: 'perhaps-alive' }
  | { readonly kind: 'nothing' }
  /** The host has to close. */
  | { readonly kind: 'fatal'; readonly word: string };

export interface ModelFrame {
  readonly at: number;
  readonly lane: Lane;
  readonly bytes: Uint8Array;
}

export interface Welcome {
  readonly at: number;
  readonly sessionId: string;
  readonly epoch: number;
  readonly playerId: string | undefined;
  readonly worldId: string | undefined;
  readonly isResumed: boolean;
}

const FRAME_BYTES_MAX = 4_096;
/** Heartbeats whose answers a host waits for; it may have issued some that have not left yet. */
const BEATS_SURE = 8;
const BEATS_MAX = 16;
const STRIKES_FORGIVEN_PER_SECOND = 1;

/** Those of the server's count like it too, though they go the wrong way. */
const SYNC_KINDS: ReadonlySet<number> = new Set([
  MESSAGE_KIND_BYTES['move-input'],
  MESSAGE_KIND_BYTES.snapshot,
  MESSAGE_KIND_BYTES['input-ack'],
  MESSAGE_KIND_BYTES['snapshot-ack'],
  MESSAGE_KIND_BYTES['user-update'],
]);

const NOTHING: Meaning = { kind: 'nothing' };
const ALIVE: Meaning = { kind: 'alive' };
const PERHAPS_ALIVE: Meaning = { kind: 'perhaps-alive' };

export interface ModelConnectionOptions {
  readonly peer: string;
  readonly number: number;
  readonly at: number;
  readonly limits: ModelLimits;
  /** The game has messages of its own, which the model doesn't know. */
  readonly hasUserMessages: boolean;
  /** Of a session that was brought back: nobody is there. Default: made of peer and number. */
  readonly peerId?: string;
}

export class ModelConnection {
  readonly peer: string;
  readonly number: number;
  readonly peerId: string;
  readonly openedAt: number;
  session: ModelSession | undefined;
  /** The session that ended with it. */
  endedSessionId: string | undefined;
  /** The host listens to it. */
  isOpen = true;
  /** What the host says on it goes nowhere. */
  isLost = false;
  /** How many attempts to get in had begun in the host before the one that let it in. */
  attemptBegun = 0;
  /** The word of the Close that was sent. */
  closeWord: string | undefined;
  /** LoginAccepted and LoginRejected that are owed. */
  welcome: Welcome | undefined;
  readonly refusals: { readonly at: number; readonly word: string }[] = [];
  /** When the newest heartbeat that it has answered was sent. */
  readUntil = -Infinity;
  /** The number of the counted message that it was sent last. */
  counted = 0;
  /** What it said of that as it came to resume. */
  #claimed = 0;
  readonly #hasUserMessages: boolean;
  readonly #spending: Record<Lane, Allowance>;
  readonly #forgiveness: Record<Lane, Allowance>;
  readonly #strikes: Allowance;
  readonly #beats = new Map<string, { readonly number: number; readonly at: number }>();
  #beatsSent = 0;
  readonly #snapshots = new SnapshotDuty();

  constructor(options: ModelConnectionOptions) {
    const { peer, number, at, limits, hasUserMessages } = options;
    this.peer = peer;
    this.number = number;
    this.peerId = options.peerId ?? `${peer}#${number}`;
    this.openedAt = at;
    this.#hasUserMessages = hasUserMessages;
    const { messageBurst, syncMessagesPerSecond, reliableMessagesPerSecond } = limits;
    const allowances = (): Record<Lane, Allowance> => ({
      reliable: new Allowance(messageBurst, reliableMessagesPerSecond, at),
      sync: new Allowance(messageBurst, syncMessagesPerSecond, at),
    });
    this.#spending = allowances();
    this.#forgiveness = allowances();
    this.#strikes = new Allowance(limits.strikesMax, STRIKES_FORGIVEN_PER_SECOND, at);
  }

  /** Whether offences of this connection can be counted from here. */
  get areStrikesKnown(): boolean {
    return !this.#hasUserMessages;
  }

  handleAccepted({ isResumed, reliableReceived }: LoginAccepted): void {
    this.counted = isResumed && reliableReceived !== undefined ? this.#claimed : 0;
  }

  handleHeartbeatSent(nonce: string, at: number): void {
    this.#beatsSent += 1;
    this.#beats.set(nonce, { number: this.#beatsSent, at });
  }

  judge({ at, lane, bytes }: ModelFrame, isLoggedIn: boolean): Meaning {
    if (bytes.length > FRAME_BYTES_MAX) {
      // The transport has ended it already, so no Close can follow.
      this.isLost = true;
      return { kind: 'fatal', word: 'protocol-error' };
    }
    const paid: Lane = SYNC_KINDS.has(bytes[0] ?? 0) ? 'sync' : 'reliable';
    if (!this.#spending[paid].spend(at)) {
      if (this.#forgiveness[paid].spend(at)) return NOTHING;
      return { kind: 'fatal', word: 'rate-limited' };
    }
    if (lane === 'sync' && paid === 'reliable') return this.strike(at);
    const message = decodeClientMessage(bytes);
    return message.kind === 'rejected' ? this.strike(at) : this.#meaningOf(message, at, isLoggedIn);
  }

  handleSnapshotSent(tick: number): void {
    this.#snapshots.handleSent({ tick, age: 0, isSync: false, isFresh: false });
  }

  /** A message that is none, or comes where it has no place. */
  strike(at: number): Meaning {
    return this.#strikes.spend(at) ? NOTHING : { kind: 'fatal', word: 'protocol-error' };
  }

  #meaningOf(message: ClientMessage, at: number, isLoggedIn: boolean): Meaning {
    switch (message.kind) {
      case 'login':
        return { kind: 'login', login: message };
      case 'resume':
        this.#claimed = message.reliableReceived ?? 0;
        return { kind: 'resume', resume: message };
      case 'leave':
        return { kind: 'leave' };
      case 'heartbeat-answer':
        // Who acknowledges what was never sent lies.
        if (!isLoggedIn || message.reliableReceived > this.counted) return this.strike(at);
        return this.#answer(message.nonce);
      case 'snapshot-ack':
        if (!isLoggedIn || !this.#snapshots.handleAck(message.tick, message.earlier)) {
          return this.strike(at);
        }
        return ALIVE;
      case 'move-input':
      case 'shoot-input':
        return isLoggedIn ? ALIVE : this.strike(at);
      case 'user-message':
      case 'user-update':
        return isLoggedIn && this.#hasUserMessages ? PERHAPS_ALIVE : this.strike(at);
    }
  }

  #answer(nonce: string): Meaning {
    const beat = this.#beats.get(nonce);
    if (beat === undefined) return NOTHING;
    this.#beats.delete(nonce);
    const newer = this.#beatsSent - beat.number;
    if (newer >= BEATS_MAX) return NOTHING;
    this.readUntil = Math.max(this.readUntil, beat.at);
    return newer < BEATS_SURE ? ALIVE : PERHAPS_ALIVE;
  }
}
