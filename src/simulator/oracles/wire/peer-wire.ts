/**
 * One peer's wire from its first connection to its last, on the server's side: what it sends is
 * within its allowance or not, what it gets is what it is owed. In: its trace. Out: what is wrong,
 * the first thing of each connection.
 */
import { decodeClientMessage } from '../../../protocol/client-codec.ts';
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { PlainServerMessage } from '../../../protocol/messages.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { TraceCursor } from '../../trace.ts';
import { DownCount } from '../reliable/down-count.ts';
import type { SessionMove } from '../session-move.ts';
import { isCloseRetryable, isRefusalRetryable } from '../spec-codes.ts';
import { Allowance, type AllowanceLimits } from './allowance.ts';
import { LinkModel, type SharedFrames, type SnapshotFrame } from './link-model.ts';
import { isShotRefusal, readBaselineAge, readSnapshotTick } from './frame-peek.ts';
import type { Welcome } from './world-log.ts';

const FRAME_BYTES_MAX = 4_096;
const { snapshot: SNAPSHOT } = MESSAGE_KIND_BYTES;
const COMBAT = MESSAGE_KIND_BYTES['combat-event'];
const SYNC_KINDS: ReadonlySet<number> = new Set([
  MESSAGE_KIND_BYTES['move-input'],
  MESSAGE_KIND_BYTES['snapshot-ack'],
  MESSAGE_KIND_BYTES['user-update'],
]);

/** Of a connection at the server. */
interface Door {
  readonly allowance: Allowance;
  state: SessionMove['to'];
  isTold: boolean;
  hasSentTooMuch: boolean;
}

export interface PeerWireOptions {
  readonly name: string;
  /** Who it logs in as; undefined = nobody in particular. */
  readonly playerId: string | undefined;
  readonly limits: AllowanceLimits;
  readonly heartbeatIntervalMs: number;
  readonly shared: SharedFrames;
  /** L18: when somebody was refused because this player is in, by player. */
  readonly asks: ReadonlyMap<string, readonly number[]>;
  /** By PeerId, in order. */
  readonly welcomes: ReadonlyMap<string, readonly Welcome[]>;
  /** Ids that were ever given to a session. */
  readonly sessionIds: Set<string>;
  /** Whether the game, or a hook of it, failed at that instant. */
  readonly isFaultAt: (at: number) => boolean;
  /** When text came, which no trace has: oldest first. */
  readonly texts: readonly { readonly at: number; readonly connection: number }[];
  readonly report: (problem: string, at: number) => void;
}

export class PeerWire {
  readonly #options: PeerWireOptions;
  /** Both by connection. */
  readonly #doors = new Map<number, Door>();
  readonly #links = new Map<number, LinkModel>();
  /** When a connection lost its session. */
  readonly #endedAt = new Map<number, number>();
  /** The newest connection of each session. */
  readonly #newest = new Map<string, LinkModel>();
  readonly #count = new DownCount();
  #texts = 0;
  #isDraining = false;

  constructor(options: PeerWireOptions) {
    this.#options = options;
  }

  handleOpened(connection: number, at: number): void {
    const allowance = new Allowance(this.#options.limits, at);
    const state = 'transport-connected';
    this.#doors.set(connection, { allowance, state, isTold: false, hasSentTooMuch: false });
    this.#links.delete(connection);
    this.#count.handleOpened(connection);
  }

  /** A server process begins: the one before knows nothing any more, and owes nothing. */
  handleServerBegun(): void {
    this.#doors.clear();
    this.#links.clear();
    this.#isDraining = false;
  }

  /** It stops in good order: what still comes is left to the next process. */
  handleServerDraining(): void {
    this.#isDraining = true;
  }

  handleSent(cursor: TraceCursor): void {
    const { at, connection, firstByte } = cursor;
    const link = this.#links.get(connection);
    link?.advance(at);
    const bytes = cursor.bytes();
    const isAgain = this.#count.handleSent(connection, firstByte, () => bytes)?.isAgain === true;
    if (firstByte === SNAPSHOT) {
      if (link === undefined) this.#checkLate(connection, at);
      else link.handleSnapshot(frameOf(cursor, bytes), at);
    } else if (firstByte !== COMBAT || isShotRefusal(bytes)) {
      const message = decodeServerMessage(bytes);
      if (message.kind === 'rejected') {
        this.#report(connection, `gets what is no message (${message.code})`, at);
      } else {
        this.#checkWord(message, connection, at);
        if (message.kind === 'login-accepted' && this.#hasSkipped(connection))
          link?.handleSkipped();
        // What is sent again was judged when it was sent first.
        if (!isAgain) link?.handleSent(message, at);
      }
    }
    if (!cursor.isSync) link?.handleBytes(cursor.size);
  }

  handleHeard(cursor: TraceCursor): void {
    const link = cursor.isSync ? undefined : this.#links.get(cursor.connection);
    link?.advance(cursor.at);
    link?.handleBytes(-cursor.size);
  }

  handleReceived(cursor: TraceCursor): void {
    const { at, connection, size, isSync, firstByte } = cursor;
    const { shared } = this.#options;
    this.#takeTexts(at);
    this.#count.handleReceived(connection, firstByte, () => cursor.bytes());
    const door = this.#doors.get(connection);
    if (door === undefined || this.#isDraining) return;
    // With a store a session's end is written down before its connection is closed.
    if (door.allowance.isSpent && !shared.areDurable)
      this.#report(connection, 'goes on beyond its budget', at);
    if (size > FRAME_BYTES_MAX) {
      door.hasSentTooMuch = true;
      return;
    }
    const isLatest = SYNC_KINDS.has(cursor.firstByte);
    const lane = isLatest && size > 0 ? 'sync' : 'reliable';
    if (!door.allowance.spend(lane, at)) return;
    const message = decodeClientMessage(cursor.bytes());
    if (isSync && lane === 'reliable') {
      door.allowance.strike(at);
      return;
    }
    const link = this.#links.get(connection);
    link?.advance(at);
    switch (message.kind) {
      case 'move-input':
      case 'shoot-input':
        if (link === undefined) {
          door.allowance.strike(at);
          return;
        }
        if (message.kind === 'move-input') {
          for (const { tick } of message.earlier ?? []) link.handleCopy(tick, at);
        }
        link.handleInput(message.kind, message.tick, at);
        return;
      case 'snapshot-ack':
        if (link?.handleSnapshotAck(message) !== true) door.allowance.strike(at);
        return;
      case 'heartbeat-answer':
        if (link === undefined || this.#isLie(connection, message.reliableReceived)) {
          door.allowance.strike(at);
        } else {
          link.handleAnswer(message.nonce, at);
        }
        return;
      case 'login':
      case 'resume':
        if (door.state !== 'transport-connected') door.allowance.strike(at);
        return;
      // A game may know the message or not: it could be a strike.
      case 'user-message':
      case 'user-update':
      case 'rejected':
        door.allowance.strike(at);
        return;
      case 'leave':
    }
  }

  handleMove(move: SessionMove, at: number): void {
    this.#takeTexts(at);
    const { sessionId, connection, to, cause } = move;
    const door = this.#doors.get(connection);
    if (to === 'transport-connected') this.#checkNewSession(move, at);
    for (const [number, link] of this.#links) {
      if (link.sessionId !== sessionId) continue;
      link.finish(at);
      this.#links.delete(number);
      this.#endedAt.set(number, at);
    }
    if (door !== undefined && cause !== 'merged') {
      door.state = to;
      this.#checkEnd(move, door, at);
    }
    if (to === 'logged-in') this.#begin(move, at);
  }

  handleVerdict(cursor: TraceCursor): void {
    const link = this.#links.get(cursor.connection);
    if (link === undefined) return;
    link.advance(cursor.at);
    link.handleVerdict(cursor.entry().text ?? '', cursor.at);
  }

  finish(at: number): void {
    for (const link of this.#links.values()) link.finish(at);
  }

  #report(connection: number, problem: string, at: number): void {
    const door = this.#doors.get(connection);
    if (door?.isTold === true) return;
    if (door !== undefined) door.isTold = true;
    this.#options.report(`${this.#options.name}#${connection} ${problem}`, at);
  }

  #begin({ sessionId, connection, cause }: SessionMove, at: number): void {
    const { name, welcomes, shared, heartbeatIntervalMs, limits, asks } = this.#options;
    const peerId = `${name}#${connection}`;
    const welcome = welcomes.get(peerId)?.find((each) => each.at === at);
    if (welcome === undefined) {
      this.#report(connection, 'is logged in and has no seat in a world', at);
      return;
    }
    const { playerId } = this.#options;
    if (playerId !== undefined && welcome.playerId !== playerId) {
      this.#report(connection, `logs in as ${welcome.playerId}, being ${playerId}`, at);
    }
    const report = (problem: string, when: number): void => this.#report(connection, problem, when);
    const link = new LinkModel({
      peerId,
      sessionId,
      welcome,
      heartbeatIntervalMs,
      behindBytes: limits.syncBufferedBytesMax,
      shared,
      askedAt: asks.get(welcome.playerId) ?? [],
      before: cause === 'resumed' ? this.#newest.get(sessionId) : undefined,
      report,
    });
    this.#newest.set(sessionId, link);
    this.#links.set(connection, link);
  }

  #checkNewSession({ sessionId, connection }: SessionMove, at: number): void {
    const { sessionIds } = this.#options;
    if (sessionIds.has(sessionId)) {
      this.#report(connection, `gets the session id ${sessionId} of another`, at);
    }
    sessionIds.add(sessionId);
  }

  /** Whether it deserved the end that the host gave it. */
  #checkEnd({ connection, cause }: SessionMove, door: Door, at: number): void {
    const { allowance, hasSentTooMuch } = door;
    const isUndeserved =
      (cause === 'rate-limited' && !allowance.isSpent) ||
      (cause === 'protocol-error' && !allowance.mayBeStruckOut && !hasSentTooMuch) ||
      (cause === 'internal-error' && !this.#options.isFaultAt(at));
    if (isUndeserved)
      this.#report(connection, `is closed with ${cause} and has given no cause`, at);
  }

  /** The word alone says whether to try again. */
  #checkWord(message: PlainServerMessage, connection: number, at: number): void {
    if (message.kind !== 'close' && message.kind !== 'login-rejected') return;
    const { kind, code, retryable } = message;
    const known = kind === 'close' ? isCloseRetryable(code) : isRefusalRetryable(code);
    if (known === undefined || known === retryable) return;
    this.#report(connection, `is told that ${code} is ${retryable ? '' : 'not '}retryable`, at);
  }

  /** With a store the goodbye comes later: what this pass has for it may still go out. */
  #checkLate(connection: number, at: number): void {
    const isOfThisPass = this.#endedAt.get(connection) === at;
    if (isOfThisPass && this.#options.shared.areDurable) return;
    this.#report(connection, 'gets a snapshot without a seat', at);
  }

  /** Nobody can have taken what was never sent. */
  #isLie(connection: number, received: number): boolean {
    return received >= (this.#count.link(connection)?.next ?? 1);
  }

  /** Its Resume says that it has more than was ever sent: what waited for it is left out. */
  #hasSkipped(connection: number): boolean {
    const { continuation, clientReceived = 0, topBefore } = this.#count.link(connection) ?? {};
    return continuation === 'normal' && clientReceived > (topBefore ?? 0);
  }

  #takeTexts(at: number): void {
    const { texts } = this.#options;
    for (let text = texts[this.#texts]; text !== undefined && text.at <= at;) {
      this.#doors.get(text.connection)?.allowance.strike(text.at);
      this.#texts += 1;
      text = texts[this.#texts];
    }
  }
}

function frameOf({ isSync }: TraceCursor, bytes: Uint8Array): SnapshotFrame {
  return { tick: readSnapshotTick(bytes), age: readBaselineAge(bytes), isSync, bytes };
}
