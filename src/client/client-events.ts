/** What a client tells its user, by the names that `client.on` takes. */
import type { CombatEvent, VerdictReport } from '../protocol/messages.ts';
import type { MessageDefinitions, MessageOf } from '../protocol/define-messages.ts';
import type { SessionCause } from '../session/session-cause.ts';
import type { SessionState } from '../session/session-state.ts';
import type { Correction } from './prediction.ts';
import type { ShotEvent } from './shot-book.ts';

/** The session moved from one of the seven states to another. */
export interface ClientStateEvent {
  readonly from: SessionState;
  readonly to: SessionState;
  readonly cause: SessionCause;
}

/** A newer snapshot has arrived; `players` shows it a little later. */
export interface ClientSnapshotEvent {
  readonly tick: number;
  readonly playerCount: number;
}

/** The session goes on, and something was lost on the way; views begin anew. */
export interface ClientResyncedEvent {
  /** The tick from which the world went on. */
  readonly fromTick: number;
  /** Ticks that had been seen here and that never were, after a crash of the server. */
  readonly ticksLost: number;
  /** Events and messages that will never come; undefined = nobody knows how many. */
  readonly eventsMissed: number | undefined;
}

/** The moment to call `sendMove`: once per input tick. */
export interface InputTickEvent {
  /** The server tick that an input sent now is for. */
  readonly tick: number;
}

/** The session has ended for good; nothing follows. */
export interface ClientClosedEvent {
  readonly reason: SessionCause;
  /** Whether a new `connect` with the same options may succeed. */
  readonly retryable: boolean;
}

export interface ClientEvents<Definitions extends MessageDefinitions = MessageDefinitions> {
  readonly state: ClientStateEvent;
  readonly combat: CombatEvent;
  readonly verdicts: VerdictReport;
  readonly message: MessageOf<Definitions>;
  readonly snapshot: ClientSnapshotEvent;
  readonly resynced: ClientResyncedEvent;
  readonly 'input-tick': InputTickEvent;
  readonly correction: Correction;
  readonly shot: ShotEvent;
  readonly closed: ClientClosedEvent;
}
