/**
 * The newest moves of all sessions of one coordinator, in one bounded ring. In: moves. Out: all of
 * them, or the timeline of one session, oldest first. Holds no handles, only ids and words.
 */
import { RingBuffer } from '../base/ring-buffer.ts';
import type { PeerId, PlayerId, SessionId } from '../protocol/ids.ts';
import type { SessionCause } from './session-cause.ts';
import type { SessionState } from './session-state.ts';

export interface SessionHistoryEntry {
  readonly sessionId: SessionId;
  /** The connection that the session stood on after the move. */
  readonly peerId: PeerId;
  readonly playerId: PlayerId | undefined;
  readonly from: SessionState;
  readonly to: SessionState;
  readonly cause: SessionCause;
  /** Monotonic ms. */
  readonly at: number;
  /** The epoch after the move. */
  readonly epoch: number;
}

export class SessionHistory {
  readonly #entries: RingBuffer<SessionHistoryEntry>;

  constructor(entriesMax: number) {
    this.#entries = new RingBuffer(entriesMax);
  }

  record(entry: SessionHistoryEntry): void {
    this.#entries.push(entry);
  }

  /** Oldest first. */
  entries(): Iterable<SessionHistoryEntry> {
    return this.#entries;
  }

  /** Oldest first; begins later than the session when older moves have been pushed out. */
  timeline(sessionId: SessionId): SessionHistoryEntry[] {
    return [...this.#entries].filter((entry) => entry.sessionId === sessionId);
  }
}
