/**
 * One managed session as the coordinator stores it, and the handle that others hold of it: they see
 * it as ManagedSession. In: what `step` returned, liveness. Out: getters.
 * One writer: only MultiSessionManager calls the methods. Must not know: other sessions, timers.
 */
import type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { AttemptKind, Lifecycle } from './lifecycle.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionCause } from './session-cause.ts';
import type { SessionNumbers } from './session-numbers.ts';
import type { SessionPolicy } from './session-policy.ts';
import type { SessionState } from './session-state.ts';

/** What all records of one coordinator share. */
export interface SessionContext {
  readonly policy: SessionPolicy;
  readonly numbers: SessionNumbers;
  /** No liveness deadline lies before this instant: after a stall it moves all of them at once. */
  livenessFloor: number;
}

/** Who has been proven, and where. */
export interface ProvenPlayer<Data> {
  readonly playerId: PlayerId;
  readonly worldId: WorldId;
  readonly data: Data;
}

export interface SessionRecordOptions {
  readonly context: SessionContext;
  readonly sessionId: SessionId;
  readonly peerId: PeerId;
  readonly creation: number;
  readonly slot: number;
  readonly lifecycle: Lifecycle;
}

/** What few sessions have: somebody resumes them, or their seat is held. Apart: all stay small. */
interface WayBack {
  readonly attemptKind: AttemptKind;
  readonly resumeAttempts: number;
  seatUntil: number | undefined;
  readonly awaitedUntil: number | undefined;
  heldUntil: number | undefined;
}

/** What a handle shows of the columns. */
type ShownNumbers = Pick<
  ManagedSession,
  'enteredAt' | 'deadline' | 'lastLivenessAt' | 'roundTripTimeMs' | 'roundTripTimeMsMax'
>;

/** How a session passes from one connection to another. */
export interface Succession {
  readonly cause: 'resumed' | 'taken-over';
  readonly now: number;
}

export class SessionRecord<Data> implements ManagedSession<Data>, Lifecycle {
  // What a message reads stands first, in one cache line or two (measured with a million sessions);
  // what it writes stands in a column.
  readonly #context: SessionContext;
  #state: SessionState;
  /** Where its numbers stand in the columns, and its deadlines in the timing wheels. */
  readonly slot: number;
  /** Of a handle that is over, which keeps what it last showed: its slot is another's by then. */
  #lastNumbers: ShownNumbers | undefined = undefined;
  readonly sessionId: SessionId;
  readonly peerId: PeerId;
  /** Running number of the session in its coordinator. */
  readonly creation: number;
  #playerId: PlayerId | undefined = undefined;
  #worldId: WorldId | undefined = undefined;
  #data: Data | undefined = undefined;
  #epoch: number;
  #attempt: number;
  #wayBack: WayBack | undefined;
  #lastCause: SessionCause;

  constructor({ context, sessionId, peerId, creation, slot, lifecycle }: SessionRecordOptions) {
    this.#context = context;
    this.#state = lifecycle.state;
    this.slot = slot;
    this.sessionId = sessionId;
    this.peerId = peerId;
    this.creation = creation;
    this.#epoch = lifecycle.epoch;
    this.#attempt = lifecycle.attempt;
    this.#wayBack = wayBackOf(lifecycle);
    this.#lastCause = lifecycle.lastCause ?? 'transport-activity';
    context.numbers.begin(slot, lifecycle);
  }

  get side(): 'server' {
    return 'server';
  }
  get policy(): SessionPolicy {
    return this.#context.policy;
  }
  get isAlive(): boolean {
    return this.#lastNumbers === undefined;
  }
  get playerId(): PlayerId | undefined {
    return this.#playerId;
  }
  get worldId(): WorldId | undefined {
    return this.#worldId;
  }
  get data(): Data | undefined {
    return this.#data;
  }
  get roundTripTimeMs(): number | undefined {
    const last = this.#lastNumbers;
    return last ? last.roundTripTimeMs : this.#context.numbers.roundTripMs(this.slot);
  }
  get roundTripTimeMsMax(): number | undefined {
    const last = this.#lastNumbers;
    return last ? last.roundTripTimeMsMax : this.#context.numbers.roundTripMsMax(this.slot);
  }
  get state(): SessionState {
    return this.#state;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get attempt(): number {
    return this.#attempt;
  }
  get attemptKind(): AttemptKind {
    return this.#wayBack?.attemptKind ?? 'login';
  }
  get resumeAttempts(): number {
    return this.#wayBack?.resumeAttempts ?? 0;
  }
  get enteredAt(): number {
    return this.#lastNumbers?.enteredAt ?? this.#context.numbers.enteredAt(this.slot);
  }
  get seatUntil(): number | undefined {
    return this.#wayBack?.seatUntil;
  }
  get awaitedUntil(): number | undefined {
    return this.#wayBack?.awaitedUntil;
  }
  get heldUntil(): number | undefined {
    return this.#wayBack?.heldUntil;
  }
  get lastLivenessAt(): number {
    const { numbers } = this.#context;
    return this.#lastNumbers?.lastLivenessAt ?? numbers.lastLivenessAt(this.slot);
  }
  get lastCause(): SessionCause {
    return this.#lastCause;
  }

  /** While `logged-in` it follows liveness, so that a message writes one number and no deadline. */
  get deadline(): number {
    if (this.#lastNumbers !== undefined) return this.#lastNumbers.deadline;
    const { policy, numbers, livenessFloor } = this.#context;
    if (this.#state !== 'logged-in') return numbers.deadline(this.slot);
    return Math.max(numbers.lastLivenessAt(this.slot) + policy.livenessTimeoutMs, livenessFloor);
  }

  /** True while this handle stands for a session of the coordinator that has this context. */
  isAliveIn(context: SessionContext): boolean {
    return this.#context === context && this.#lastNumbers === undefined;
  }

  /** A handle that is over is `disconnected`: one look less for each message. */
  isLoggedInIn(context: SessionContext): boolean {
    return this.#context === context && this.#state === 'logged-in';
  }

  /** Stores what `step` returned. */
  adopt(lifecycle: Lifecycle): void {
    this.#state = lifecycle.state;
    this.#epoch = lifecycle.epoch;
    this.#attempt = lifecycle.attempt;
    this.#context.numbers.store(this.slot, lifecycle);
    this.#wayBack = wayBackOf(lifecycle);
    this.#lastCause = lifecycle.lastCause ?? this.#lastCause;
  }

  prove({ playerId, worldId, data }: ProvenPlayer<Data>): void {
    this.#playerId = playerId;
    this.#worldId = worldId;
    this.#data = data;
  }

  /** L9: the one number. */
  heardAt(now: number): void {
    this.#context.numbers.heardAt(this.slot, now);
  }

  measured(roundTripTimeMs: number): void {
    this.#context.numbers.measured(this.slot, roundTripTimeMs);
  }

  /** A stall: with the deadline goes on later what it is made of. Who is awaited is told anew. */
  extendDeadline(byMs: number): void {
    this.#context.numbers.extendDeadline(this.slot, byMs);
    const wayBack = this.#wayBack;
    if (wayBack?.seatUntil !== undefined) wayBack.seatUntil += byMs;
    if (wayBack?.heldUntil !== undefined) wayBack.heldUntil += byMs;
  }

  /** The session was removed: the handle keeps what it last showed. */
  end(): void {
    this.#lastNumbers = shownNumbers(this);
  }

  /** The session goes on with another connection and handle; this handle is over. */
  passOn(peerId: PeerId, { cause, now }: Succession): SessionRecord<Data> {
    const { sessionId, creation, slot } = this;
    const shown = shownNumbers(this);
    const context = this.#context;
    const successor = new SessionRecord<Data>({
      context,
      sessionId,
      peerId,
      creation,
      slot,
      lifecycle: this,
    });
    successor.#playerId = this.#playerId;
    successor.#worldId = this.#worldId;
    successor.#data = this.#data;
    this.#state = 'disconnected';
    this.#lastNumbers = { ...shown, enteredAt: now, deadline: Infinity };
    this.#lastCause = cause;
    return successor;
  }
}

/** A function: a private method would cost each record a field. */
function shownNumbers(session: ShownNumbers): ShownNumbers {
  const { enteredAt, deadline, lastLivenessAt, roundTripTimeMs, roundTripTimeMsMax } = session;
  return { enteredAt, deadline, lastLivenessAt, roundTripTimeMs, roundTripTimeMsMax };
}

/** Undefined for a session in which there is nothing of the kind. */
function wayBackOf(lifecycle: Lifecycle): WayBack | undefined {
  const { attemptKind, resumeAttempts, seatUntil, awaitedUntil, heldUntil } = lifecycle;
  const isNone = resumeAttempts === 0 && (seatUntil ?? awaitedUntil ?? heldUntil) === undefined;
  return isNone ? undefined : { attemptKind, resumeAttempts, seatUntil, awaitedUntil, heldUntil };
}
