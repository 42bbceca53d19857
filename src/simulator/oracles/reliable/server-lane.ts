/**
 * The counted messages of one peer as the server sends and takes them: no gap, no repeat, what is
 * sent again is what was sent before, and what is said of counts is so. In: one peer's trace at the
 * server, in order. Out: problems. Shares no code with src/host.
 */
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import { decodeClientMessage } from '../../../protocol/client-codec.ts';
import { decodeServerMessage } from '../../../protocol/server-codec.ts';
import type { TraceCursor } from '../../trace.ts';
import type { SessionMove } from '../session-move.ts';
import { DownCount, type CountedFrame, type CountedLink } from './down-count.ts';

const ACCEPTED = MESSAGE_KIND_BYTES['login-accepted'];
const RESYNCED = MESSAGE_KIND_BYTES.resynced;
const HEARTBEAT = MESSAGE_KIND_BYTES.heartbeat;
const ANSWER = MESSAGE_KIND_BYTES['heartbeat-answer'];
const ROSTER = MESSAGE_KIND_BYTES.roster;
const SHOT = MESSAGE_KIND_BYTES['shoot-input'];

export const COUNTED_UP: ReadonlySet<number> = new Set([SHOT, MESSAGE_KIND_BYTES['user-message']]);

/** What a message that was never seen may take at most. */
const UNSEEN_BYTES_MAX = 2_048;

/** What a session has been sent and what it has sent, over all of its connections. */
interface SessionLane {
  /** By number - 1; a hole where a message was never seen on the wire. */
  sent: (Uint8Array | undefined)[];
  /** Counted messages of the client that the server has taken. */
  received: number;
  /** Those of them that came since the connection that carries it was let in. */
  receivedHere: number;
  /** As it was when the present instant began. */
  receivedBefore: number;
  receivedAt: number;
  /** Of the server's, as its client has said itself. */
  acknowledged: number;
  /** The client has shown that it counts from where the counts last began. */
  isConfirmed: boolean;
  /** It had, before the connection that carries it was let in. */
  wasConfirmed: boolean;
  /** Which connection carries it; undefined = none. */
  connection: number | undefined;
  /** A later process has brought it back. */
  isRestored: boolean;
  /** The process before has written its counts down. */
  isKept: boolean;
}

/** A connection that was let in. */
interface Entrance {
  readonly link: CountedLink;
  readonly lane: SessionLane;
  /** A later process has brought the session back: what was to be sent again is gone. */
  readonly isRestored: boolean;
  /** Nothing has followed LoginAccepted yet. */
  isFirst: boolean;
  hasCounted: boolean;
  hasBeat: boolean;
}

export interface ServerLaneOptions {
  readonly report: (problem: string, at: number) => void;
  /** What may be held for a client that comes back. */
  readonly retransmitBytesMax: number;
  /** Whether a stop in good order has written down what was counted, the disk being what it is. */
  readonly keepsCounts: (stopsAt: number, beginsAt: number) => boolean;
}

export class ServerLane {
  readonly #options: ServerLaneOptions;
  readonly #count = new DownCount();
  readonly #lanes = new Map<string, SessionLane>();
  /** By connection. */
  readonly #entrances = new Map<number, Entrance>();
  #drainsAt: number | undefined;

  constructor(options: ServerLaneOptions) {
    this.#options = options;
  }

  handleOpened(connection: number): void {
    this.#count.handleOpened(connection);
    this.#entrances.delete(connection);
  }

  /** It stops in good order: it takes nothing in any more, and writes down what it has counted. */
  handleServerDraining(at: number): void {
    for (const lane of this.#lanes.values()) lane.connection = undefined;
    this.#drainsAt = at;
  }

  /** Another process: nothing comes in by the connections of the one before. */
  handleServerBegun(at: number): void {
    const stopsAt = this.#drainsAt;
    const isKept = stopsAt !== undefined && this.#options.keepsCounts(stopsAt, at);
    for (const lane of this.#lanes.values()) {
      lane.connection = undefined;
      // What one process has forgotten, and nobody has come back to, the next one can't write down.
      lane.isKept = isKept && (lane.isKept || !lane.isRestored);
    }
    this.#drainsAt = undefined;
  }

  handleMove({ sessionId, connection, to, cause }: SessionMove): void {
    const known = this.#lanes.get(sessionId);
    if (to === 'logged-in') {
      const lane = cause === 'resumed' && known !== undefined ? known : newLane();
      lane.connection = connection;
      lane.receivedHere = 0;
      lane.wasConfirmed = lane.isConfirmed;
      lane.isConfirmed = false;
      this.#lanes.set(sessionId, lane);
    } else if (known !== undefined) {
      known.connection = undefined;
      if (cause === 'server-restarted') known.isRestored = true;
    }
  }

  handleReceived(cursor: TraceCursor): void {
    const { connection, firstByte, at } = cursor;
    this.#count.handleReceived(connection, firstByte, () => cursor.bytes());
    if (firstByte === ANSWER) this.#handleAnswer(cursor);
    if (!COUNTED_UP.has(firstByte) || cursor.isSync) return;
    const lane = this.#laneOf(connection);
    if (lane === undefined) return;
    if (lane.receivedAt < at) {
      lane.receivedBefore = lane.received;
      lane.receivedAt = at;
    }
    lane.received += 1;
    lane.receivedHere += 1;
  }

  handleSent(cursor: TraceCursor): void {
    if (cursor.isSync) return;
    const { connection, firstByte } = cursor;
    const frame = this.#count.handleSent(connection, firstByte, () => cursor.bytes());
    if (firstByte === ACCEPTED) {
      this.#enter(cursor);
      return;
    }
    const entrance = this.#entrances.get(connection);
    if (entrance === undefined) return;
    if (firstByte === RESYNCED) this.#checkResynced(entrance, cursor);
    else if (firstByte === HEARTBEAT) this.#checkHeartbeat(entrance, cursor);
    if (frame !== undefined) this.#checkFrame(entrance, frame, cursor);
    entrance.isFirst = false;
  }

  #handleAnswer(cursor: TraceCursor): void {
    const lane = this.#laneOf(cursor.connection);
    const answer = lane && decodeClientMessage(cursor.bytes());
    if (answer?.kind !== 'heartbeat-answer') return;
    const { reliableReceived } = answer;
    if (reliableReceived <= lane!.sent.length) acknowledge(lane!, reliableReceived);
  }

  #laneOf(connection: number): SessionLane | undefined {
    for (const lane of this.#lanes.values()) if (lane.connection === connection) return lane;
    return undefined;
  }

  #enter(cursor: TraceCursor): void {
    const { connection, at } = cursor;
    const link = this.#count.link(connection);
    const lane = link && this.#lanes.get(link.sessionId);
    const accepted = decodeServerMessage(cursor.bytes());
    if (link === undefined || lane === undefined || accepted.kind !== 'login-accepted') return;
    const { isResumed, reliableReceived } = accepted;
    this.#entrances.set(connection, {
      link,
      lane,
      isRestored: lane.isRestored,
      isFirst: true,
      hasCounted: false,
      hasBeat: false,
    });
    if (!isResumed && reliableReceived !== undefined) {
      this.#report('is told of counts with a fresh login', cursor);
    }
    if (isResumed) this.#checkContinuation(lane, link, cursor);
    if (link.continuation === 'normal') this.#checkCounts(lane, reliableReceived, cursor);
    else restart(lane, at);
  }

  /** Whether the counts had to begin anew, as far as that can be known. */
  #checkContinuation(lane: SessionLane, link: CountedLink, cursor: TraceCursor): void {
    const { continuation, clientReceived, topBefore } = link;
    const isForgotten = lane.isRestored && !lane.isKept;
    lane.isRestored = false;
    if (continuation !== 'restarted') {
      if (clientReceived === undefined) this.#report('goes on with a memory that it lost', cursor);
      return;
    }
    const isBeyond = clientReceived !== undefined && clientReceived > topBefore;
    // Nobody knows whether the client heard that the counts began anew.
    if (clientReceived === undefined || isForgotten || isBeyond || !lane.wasConfirmed) return;
    this.#report(`begins to count anew, having taken ${clientReceived} of ${topBefore}`, cursor);
  }

  #checkCounts(lane: SessionLane, said: number | undefined, cursor: TraceCursor): void {
    const { received, receivedBefore, receivedAt } = lane;
    if (said === received) return;
    // Said and sent in one instant, and something came in between.
    if (receivedAt === cursor.at && said !== undefined && said >= receivedBefore) {
      if (said < received) return;
    }
    this.#report(`is told that ${said} of its messages were taken, not ${received}`, cursor);
  }

  #checkResynced(entrance: Entrance, cursor: TraceCursor): void {
    const { link, lane, isFirst, isRestored } = entrance;
    const { resynced, clientReceived = 0, topBefore, continuation } = link;
    if (!isFirst) this.#report('is told resynced after something else', cursor);
    if (resynced === undefined) return;
    const { eventsMissed, reliableSent } = resynced;
    if (continuation !== 'gap') {
      if (reliableSent !== 0) this.#report(`counts anew from ${reliableSent}`, cursor);
      return;
    }
    if (eventsMissed !== reliableSent - clientReceived) {
      this.#report(
        `is told of ${eventsMissed} missed, ${clientReceived} to ${reliableSent}`,
        cursor,
      );
    }
    if (reliableSent < topBefore) {
      this.#report(`is told that ${reliableSent} were sent, where ${topBefore} were`, cursor);
    }
    const held = bytesOf(lane.sent.slice(clientReceived));
    // Who takes back what it has acknowledged asks for what is gone.
    const takesBack = clientReceived < lane.acknowledged;
    const unseen = Math.max(0, reliableSent - topBefore) * UNSEEN_BYTES_MAX;
    if (isRestored) return this.#goOnFrom(lane, reliableSent);
    if (!takesBack && held + unseen < this.#options.retransmitBytesMax) {
      this.#report(`misses messages of ${held} bytes, which are not too many`, cursor);
    }
    this.#goOnFrom(lane, reliableSent);
  }

  #goOnFrom(lane: SessionLane, reliableSent: number): void {
    acknowledge(lane, reliableSent);
    lane.sent = Array.from({ length: reliableSent }, (_, index) => lane.sent[index]);
  }

  #checkHeartbeat(entrance: Entrance, cursor: TraceCursor): void {
    const { link, lane } = entrance;
    const message = decodeServerMessage(cursor.bytes());
    if (message.kind === 'heartbeat') this.#checkCounts(lane, message.reliableReceived, cursor);
    if (entrance.hasBeat) return;
    entrance.hasBeat = true;
    const { continuation, clientReceived, resynced, next, topBefore } = link;
    if (continuation === 'normal') {
      acknowledge(lane, clientReceived ?? 0);
      if (next <= topBefore) {
        this.#report(`gets up to ${next - 1} again, where ${topBefore} were sent`, cursor);
      }
    } else if (!entrance.hasCounted) {
      this.#report('gets no roster with its welcome', cursor);
    }
    const isOwed = continuation === 'restarted' && clientReceived !== undefined;
    if (isOwed && resynced === undefined) {
      this.#report('is not told that it has missed something', cursor);
    }
  }

  #checkFrame(entrance: Entrance, frame: CountedFrame, cursor: TraceCursor): void {
    const { lane, link } = entrance;
    const { number, isAgain } = frame;
    const bytes = cursor.bytes();
    if (!entrance.hasCounted && link.continuation !== 'normal' && !isWholeRoster(cursor)) {
      this.#report('gets something else before its roster', cursor);
    }
    entrance.hasCounted = true;
    const before = lane.sent[number - 1];
    if (isAgain && before !== undefined && !isEqual(before, bytes)) {
      this.#report(`gets another message ${number} than before`, cursor);
    }
    lane.sent[number - 1] = bytes;
  }

  #report(problem: string, { connection, at }: TraceCursor): void {
    this.#options.report(`connection ${connection} ${problem}`, at);
  }
}

function newLane(): SessionLane {
  return {
    sent: [],
    received: 0,
    receivedHere: 0,
    receivedBefore: 0,
    receivedAt: -Infinity,
    acknowledged: 0,
    isConfirmed: false,
    wasConfirmed: false,
    connection: undefined,
    isRestored: false,
    isKept: false,
  };
}

/** Both counts begin anew. */
function restart(lane: SessionLane, at: number): void {
  lane.sent = [];
  // What came in this instant came after that.
  lane.received = lane.receivedHere;
  lane.receivedBefore = 0;
  lane.receivedAt = at;
  lane.acknowledged = 0;
}

function acknowledge(lane: SessionLane, received: number): void {
  lane.acknowledged = Math.max(lane.acknowledged, received);
  lane.isConfirmed = true;
}

function isWholeRoster(cursor: TraceCursor): boolean {
  if (cursor.firstByte !== ROSTER) return false;
  const message = decodeServerMessage(cursor.bytes());
  return message.kind === 'roster' && message.isComplete;
}

function bytesOf(messages: readonly (Uint8Array | undefined)[]): number {
  let count = 0;
  for (const bytes of messages) count += bytes?.length ?? UNSEEN_BYTES_MAX;
  return count;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
