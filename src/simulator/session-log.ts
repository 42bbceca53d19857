/**
 * What a host's coordinator was told and what it did, of all peers, in the one order in which it
 * happened: connections, messages that reached the host, words of the host that settle something,
 * answers of `authenticate`, orders, evaluations, moves as they were heard. In: facts. Out: the
 * same facts, for oracles that know the rules. Must not know: the rules.
 */
import type { Lane } from '../protocol/lanes.ts';
import type { SessionState } from '../session/session-state.ts';

/** What `authenticate` made of one login; `failed` = it threw, or answered nonsense. */
export type LoginAnswer =
  | { readonly kind: 'proven'; readonly playerId: string; readonly worldId: string }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'failed' };

/** One session as the coordinator's look-ups show it. */
export interface SessionLook {
  readonly sessionId: string;
  readonly peerId: string;
  readonly playerId: string | undefined;
  readonly worldId: string | undefined;
  readonly state: SessionState;
  readonly epoch: number;
  readonly deadline: number;
  readonly lastLivenessAt: number;
  readonly isAlive: boolean;
  /** `get(peerId)`, and `getByPlayer(playerId)` where there is one: a session id each. */
  readonly foundByPeer: string | undefined;
  readonly foundByPlayer: string | undefined;
}

/** A move as the subscriber behind the host hears it, and what the look-ups show then. */
export interface HeardMove {
  readonly from: SessionState;
  readonly to: SessionState;
  readonly cause: string;
  readonly epoch: number;
  /** The event's own instant. */
  readonly movedAt: number;
  readonly previousPeerId: string | undefined;
  readonly isPreviousFound: boolean;
  readonly mergedInto: string | undefined;
  readonly look: SessionLook;
}

interface OfConnection {
  readonly at: number;
  readonly peer: string;
  /** Which connection of its peer, from 1. */
  readonly connection: number;
}

interface Framed extends OfConnection {
  readonly lane: Lane;
  /** When its sender sent it. */
  readonly sentAt: number;
  /** Where the log keeps it. */
  readonly offset: number;
  readonly size: number;
}

export type FrameFact = Framed & { readonly kind: 'received' | 'sent' };
export type ConnectionFact = OfConnection & {
  /**
   * `ended`: the host is told. `lost`: it is not told yet, and what it sends goes nowhere.
   * `counted-sent`: a message that its peer acknowledges by counting.
   */
  readonly kind: 'opened' | 'ended' | 'lost' | 'text-received' | 'counted-sent';
};
/** A snapshot that its peer may acknowledge. */
export type SnapshotFact = OfConnection & {
  readonly kind: 'snapshot-sent';
  readonly tick: number;
};
export type OrderFact = {
  readonly kind: 'order';
  readonly at: number;
  readonly order: 'remove' | 'removeAll' | 'stop';
  readonly reason: string;
  /** Of `remove`. */
  readonly sessionId: string | undefined;
  readonly peerId: string | undefined;
};
export type MoveFact = { readonly kind: 'heard'; readonly at: number; readonly move: HeardMove };

export type SessionFact =
  | FrameFact
  | ConnectionFact
  | SnapshotFact
  | OrderFact
  | MoveFact
  /** A process with nothing of an earlier one. */
  | { readonly kind: 'host-begins'; readonly at: number }
  /** It takes nothing in any more; sessions that end now go on in the next process. */
  | { readonly kind: 'host-drains'; readonly at: number }
  | { readonly kind: 'evaluation-begins'; readonly at: number }
  | { readonly kind: 'evaluation-ends'; readonly at: number; readonly stallMs: number }
  /** The hook is called for the Login that is being handled. */
  | { readonly kind: 'login-asked'; readonly at: number; readonly ask: number }
  /** The hook is told that nobody waits for it any more. */
  | { readonly kind: 'login-aborted'; readonly at: number; readonly ask: number }
  | {
      readonly kind: 'login-answered';
      readonly at: number;
      readonly ask: number;
      readonly answer: LoginAnswer;
    }
  /** L15: `notifyResumeStarted` has said that this session's seat waits for the newcomer. */
  | {
      readonly kind: 'resume-started';
      readonly at: number;
      readonly newcomer: string;
      readonly sessionId: string;
    }
  /** L15: `notifyResumeRefused` has said `busy`. Without a session id: that of the start. */
  | {
      readonly kind: 'resume-postponed';
      readonly at: number;
      readonly newcomer: string;
      readonly sessionId: string | undefined;
      readonly retryAfterMs: number;
    }
  /** What `remove` answered, after its events. */
  | {
      readonly kind: 'order-answered';
      readonly at: number;
      readonly sessionId: string | undefined;
      readonly isDone: boolean;
    }
  /** The last subscriber has heard the move that was heard last. */
  | {
      readonly kind: 'heard-last';
      readonly at: number;
      readonly sessionId: string;
      readonly to: SessionState;
    }
  /** All that is there, while nothing is under way. */
  | {
      readonly kind: 'look-ups';
      readonly at: number;
      readonly size: number;
      readonly sessions: readonly SessionLook[];
    };

/** What is known of a coordinator's run. */
export interface SessionFacts {
  readonly facts: readonly SessionFact[];
  /** A view. */
  bytesOf(fact: FrameFact): Uint8Array;
}

const LOOP_BYTES_MAX = 48;

export class SessionLog implements SessionFacts {
  readonly facts: SessionFact[] = [];
  #bytes = new Uint8Array(65_536);
  #size = 0;

  note(fact: SessionFact): void {
    this.facts.push(fact);
  }

  /** `bytes` is copied. */
  noteFrame(fact: Omit<FrameFact, 'offset' | 'size'>, bytes: Uint8Array): void {
    const { kind, at, peer, connection, lane, sentAt } = fact;
    const { length: size } = bytes;
    const offset = this.#size;
    if (offset + size > this.#bytes.length) this.#grow(offset + size);
    const target = this.#bytes;
    // Deliberate: for a few bytes `set` costs more than it copies.
    if (size > LOOP_BYTES_MAX) target.set(bytes, offset);
    else for (let index = 0; index < size; index += 1) target[offset + index] = bytes[index]!;
    this.#size += size;
    this.facts.push({ kind, at, peer, connection, lane, sentAt, offset, size });
  }

  bytesOf({ offset, size }: FrameFact): Uint8Array {
    return this.#bytes.subarray(offset, offset + size);
  }

  #grow(bytesMin: number): void {
    const grown = new Uint8Array(Math.max(bytesMin, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#size));
    this.#bytes = grown;
  }
}
