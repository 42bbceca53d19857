/**
 * Everybody's sessions on a host: runs the state machine for each peer, keeps their deadlines,
 * finds them, tells subscribers. In: what the host observed (a handle and a fact), and its call of
 * `evaluate`. Out: handles, events, heartbeats that are due, counters.
 * Must not know: bytes, sockets, timers, randomness. What one peer does reaches no other.
 * Rule ids (L1–L22) are those of docs/SESSION-LIFECYCLE.md. Nothing in here throws for what the
 * wire can cause: such a call is refused, counted, and returns false or undefined.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { CLOSE_CODES } from '../protocol/codes.ts';
import type { CloseCode } from '../protocol/codes.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PeerId, PlayerId, SessionId } from '../protocol/ids.ts';
import { createLifecycle } from './lifecycle.ts';
import type { LifecycleEvent, LifecycleStep } from './lifecycle.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionCause } from './session-cause.ts';
import { createSessionCounters } from './session-counters.ts';
import type { SessionCounter, SessionCounters } from './session-counters.ts';
import { SessionDeadlines } from './session-deadlines.ts';
import type { SessionEvent, SessionSubscriber } from './session-event.ts';
import { SessionEventQueue } from './session-event-queue.ts';
import { SessionHistory } from './session-history.ts';
import type { SessionHistoryEntry } from './session-history.ts';
import { SessionIndex } from './session-index.ts';
import { validateSessionPolicy } from './session-policy.ts';
import type { SessionPolicy } from './session-policy.ts';
import { SessionRecord } from './session-record.ts';
import type { ProvenPlayer, SessionContext } from './session-record.ts';
import { step } from './step.ts';

const HISTORY_EVENTS_DEFAULT = 4_096;

export interface MultiSessionManagerOptions<Data> {
  readonly clock: Clock;
  readonly policy?: Partial<SessionPolicy>;
  /** Called once at first contact; 128 random bits. */
  readonly createSessionId: (peerId: PeerId) => SessionId;
  /** Hears of each subscriber that threw; what it throws itself is dropped. */
  readonly onSubscriberError?: (error: unknown, event: SessionEvent<Data>) => void;
  /** Moves that `history` remembers, of all sessions together. Default 4 096. */
  readonly historyEventsMax?: number;
}

export interface LoginSuccess<Data> extends ProvenPlayer<Data> {
  readonly attempt: number;
}

export interface LoginFailure {
  readonly attempt: number;
  readonly code: SessionCause;
}

export interface HeartbeatReceipt {
  /** The tick that the peer echoed. Not trusted: nothing is derived from it. */
  readonly serverTick: number;
  /** When the heartbeat that is answered was sent (monotonic ms). Default: the last one. */
  readonly sentAt?: number;
}

export interface SessionEvaluation<Data> {
  /** Each is owed one heartbeat now; after a stall that is every `logged-in` session. */
  readonly heartbeatsDue: readonly ManagedSession<Data>[];
  /** How long the host stood still since the evaluation before; 0 = it did not. */
  readonly stallMs: number;
}

/** What an event says besides the move itself. */
type Particulars = Pick<SessionEvent, 'previousPeerId' | 'mergedInto'>;

export class MultiSessionManager<Data = unknown> {
  readonly policy: SessionPolicy;
  readonly #clock: Clock;
  readonly #createSessionId: (peerId: PeerId) => SessionId;
  readonly #context: SessionContext;
  readonly #index = new SessionIndex<Data>();
  readonly #deadlines: SessionDeadlines<Data>;
  readonly #events: SessionEventQueue<SessionEvent<Data>>;
  readonly #history: SessionHistory;
  readonly #counters = createSessionCounters();
  #isStopped = false;
  /** Until this many events are delivered nothing is created (L20). */
  #removalMark = 0;

  /** Throws HoldfastError `invalid-policy` or `invalid-configuration` that names the option. */
  constructor(options: MultiSessionManagerOptions<Data>) {
    const { clock, createSessionId, historyEventsMax = HISTORY_EVENTS_DEFAULT } = options;
    this.policy = validateSessionPolicy(options.policy);
    if (!Number.isSafeInteger(historyEventsMax) || historyEventsMax < 1) {
      throw new HoldfastError('invalid-configuration', 'historyEventsMax is a whole number ≥ 1');
    }
    this.#clock = clock;
    this.#createSessionId = createSessionId;
    const context: SessionContext = { policy: this.policy, livenessFloor: -Infinity };
    this.#context = context;
    this.#deadlines = new SessionDeadlines({ index: this.#index, context, now: clock.now() });
    this.#history = new SessionHistory(historyEventsMax);
    this.#events = new SessionEventQueue((error, event) => {
      this.#count('subscriber-error');
      options.onSubscriberError?.(error, event);
    });
  }

  /** L1, L2: creates or resolves. Undefined while everything is being removed, and after `stop`. */
  observeTransportActivity(peerId: PeerId): ManagedSession<Data> | undefined {
    const known = this.#index.get(peerId);
    if (known !== undefined) return known;
    if (this.#isStopped || !this.#events.isDelivered(this.#removalMark)) {
      this.#count('contact-refused');
      return undefined;
    }
    const now = this.#clock.now();
    const sessionId = this.#createSessionId(peerId);
    const record = new SessionRecord<Data>({
      context: this.#context,
      ...this.#index.takePlace(),
      sessionId,
      peerId,
      lifecycle: createLifecycle({ side: 'server', policy: this.policy, at: now }),
    });
    this.#index.add(record);
    this.#count('session-created');
    this.#apply(record, { kind: 'transport-activity' }, now);
    this.#events.deliver();
    return record;
  }

  /** L3: the number of the attempt, for its answer; undefined when no Login may start. */
  notifyLoginStarted(session: ManagedSession<Data>): number | undefined {
    const record = this.#resolve(session);
    if (record === undefined) return undefined;
    const isAccepted = this.#apply(record, { kind: 'login-started' }, this.#clock.now());
    // Read before subscribers can do anything to the session.
    const { attempt } = record;
    this.#events.deliver();
    return isAccepted ? attempt : undefined;
  }

  /**
   * L4, L18: the handle that is valid from now on; a new one when the player was in already and
   * the older session goes on. Undefined when the answer came too late (L8).
   */
  notifyLoginSucceeded(
    session: ManagedSession<Data>,
    success: LoginSuccess<Data>,
  ): ManagedSession<Data> | undefined {
    const newcomer = this.#resolve(session);
    if (newcomer === undefined) return undefined;
    const now = this.#clock.now();
    const result = step(newcomer, { kind: 'login-succeeded', attempt: success.attempt }, now);
    if (result.session === newcomer) {
      this.#commit(newcomer, result);
      return undefined;
    }
    const older = this.#index.getByPlayer(success.playerId);
    let current = newcomer;
    if (older !== undefined && older.worldId === success.worldId) {
      current = this.#takeOver(older, newcomer, success);
    } else {
      if (older !== undefined) this.#apply(older, { kind: 'removed', reason: 'superseded' }, now);
      newcomer.prove(success);
      this.#index.addPlayer(newcomer);
      this.#commit(newcomer, result);
    }
    this.#events.deliver();
    return current;
  }

  /** L5, L8. `code` becomes the cause. */
  notifyLoginFailed(session: ManagedSession<Data>, { attempt, code }: LoginFailure): boolean {
    return this.#handle(session, { kind: 'login-failed', attempt, code });
  }

  /** Remembers the instant for the round trip; the schedule is `evaluate`'s. */
  notifyHeartbeatSent(session: ManagedSession<Data>): boolean {
    const record = this.#resolveLoggedIn(session);
    if (record === undefined) return false;
    this.#deadlines.heartbeatSent(record, this.#clock.now());
    return true;
  }

  /** L9: the peer answered with the right nonce. Proof of life and a sample of the round trip. */
  notifyHeartbeatReceived(session: ManagedSession<Data>, receipt: HeartbeatReceipt): boolean {
    const record = this.#resolveLoggedIn(session);
    if (record === undefined) return false;
    const sentAt = receipt.sentAt ?? this.#deadlines.heartbeatSentAt(record);
    if (sentAt === undefined) return this.#count('heartbeat-not-expected');
    const now = this.#clock.now();
    record.heardAt(now);
    record.measured(Math.max(0, now - sentAt));
    return true;
  }

  /** L9, L22: a message was decoded and is within budget. True when gameplay counts. */
  notifyInboundActivity(session: ManagedSession<Data>): boolean {
    const record = this.#resolveLoggedIn(session);
    if (record === undefined) return false;
    record.heardAt(this.#clock.now());
    return true;
  }

  /** L12, L12b, L13, after the bytes that arrived before it. `reason` becomes the cause. */
  notifyTransportLost(
    session: ManagedSession<Data>,
    reason: SessionCause = 'transport-lost',
  ): boolean {
    return this.#handle(session, { kind: 'transport-lost', cause: reason });
  }

  /** L12a. */
  notifyLeft(session: ManagedSession<Data>): boolean {
    return this.#handle(session, { kind: 'left' });
  }

  /** L12c: whether the seat is held says the code (`CLOSE_CODES`, retryable). */
  notifyHostClosed(session: ManagedSession<Data>, closeCode: CloseCode): boolean {
    assert(Object.hasOwn(CLOSE_CODES, closeCode), `${closeCode} is a close code`);
    const { retryable } = CLOSE_CODES[closeCode];
    return this.#handle(session, { kind: 'host-closed', code: closeCode, retryable });
  }

  /**
   * L21: acts on every deadline that has passed, in order of deadline, then of creation; moves no
   * session by more than one state. Call it after a poll phase, at least every `stallMsMax`.
   * Costs what is due, not what is there; only a stall looks at every session once.
   */
  evaluate(): SessionEvaluation<Data> {
    const now = this.#clock.now();
    const { expired, heartbeats, stallMs } = this.#deadlines.collect(now);
    if (stallMs > 0) this.#count('stall');
    for (const record of expired) this.#apply(record, { kind: 'deadline-passed', stallMs }, now);
    this.#events.deliver();
    // One may have expired just now, or been removed by a subscriber.
    return { heartbeatsDue: heartbeats.filter(isLoggedIn), stallMs };
  }

  get(peerId: PeerId): ManagedSession<Data> | undefined {
    return this.#index.get(peerId);
  }

  /** The session in which the player is proven, also while `timed-out` or `reconnecting`. */
  getByPlayer(playerId: PlayerId): ManagedSession<Data> | undefined {
    return this.#index.getByPlayer(playerId);
  }

  get size(): number {
    return this.#index.size;
  }

  /** In order of creation; sessions may be removed meanwhile. */
  [Symbol.iterator](): IterableIterator<ManagedSession<Data>> {
    return this.#index.values();
  }

  /** L19: true once, false after. `reason` becomes the cause. */
  remove(session: ManagedSession<Data>, reason: SessionCause): boolean {
    return this.#handle(session, { kind: 'removed', reason });
  }

  /** L20: how many were removed. Nothing is created until their events are delivered. */
  removeAll(reason: SessionCause): number {
    const now = this.#clock.now();
    const count = this.#index.size;
    for (const record of this.#index.values())
      this.#apply(record, { kind: 'removed', reason }, now);
    if (count > 0) this.#removalMark = this.#events.pushedCount;
    this.#events.deliver();
    return count;
  }

  /** `removeAll`, and nothing is created ever after. Idempotent. */
  stop(reason: SessionCause): number {
    this.#isStopped = true;
    return this.removeAll(reason);
  }

  /** Every event from now on, until the returned function is called. */
  subscribe(subscriber: SessionSubscriber<Data>): () => void {
    return this.#events.subscribe(subscriber);
  }

  /** The newest `historyEventsMax` moves of all sessions, oldest first; a live view. */
  history(): Iterable<SessionHistoryEntry> {
    return this.#history.entries();
  }

  /** What `history` remembers of one session, oldest first; also after its end. */
  timeline(session: ManagedSession<Data> | SessionId): SessionHistoryEntry[] {
    return this.#history.timeline(typeof session === 'string' ? session : session.sessionId);
  }

  /** A live view. */
  get counters(): Readonly<SessionCounters> {
    return this.#counters;
  }

  /** L14: undefined for a handle that is dead or not ours. */
  #resolve(session: ManagedSession<Data>): SessionRecord<Data> | undefined {
    if (session instanceof SessionRecord && session.isAliveIn(this.#context)) return session;
    this.#count('dead-handle');
    return undefined;
  }

  #resolveLoggedIn(session: ManagedSession<Data>): SessionRecord<Data> | undefined {
    const record = this.#resolve(session);
    if (record === undefined || record.state === 'logged-in') return record;
    this.#count('not-logged-in');
    return undefined;
  }

  #handle(session: ManagedSession<Data>, event: LifecycleEvent): boolean {
    const record = this.#resolve(session);
    if (record === undefined) return false;
    const isAccepted = this.#apply(record, event, this.#clock.now());
    this.#events.deliver();
    return isAccepted;
  }

  #apply(record: SessionRecord<Data>, event: LifecycleEvent, now: number): boolean {
    return this.#commit(record, step(record, event, now));
  }

  /** The one place that stores what `step` returned. False = it was refused. */
  #commit(
    record: SessionRecord<Data>,
    { session, effects }: LifecycleStep,
    particulars: Particulars = {},
  ): boolean {
    if (session !== record) {
      record.adopt(session);
      this.#deadlines.follow(record);
      if (session.state === 'disconnected') this.#forget(record);
    }
    let isAccepted = true;
    for (const effect of effects) {
      if (effect.kind === 'count-refusal') {
        isAccepted = this.#count(effect.refusal);
      } else {
        const { from, to, cause } = effect;
        const { epoch, enteredAt: at, sessionId, peerId, playerId } = record;
        this.#history.record({ sessionId, peerId, playerId, from, to, cause, at, epoch });
        this.#events.push({ session: record, from, to, cause, at, epoch, ...particulars });
      }
    }
    return isAccepted;
  }

  /** L19: out of all look-ups at once. */
  #forget(record: SessionRecord<Data>): void {
    this.#index.remove(record);
    record.end();
    this.#count('session-removed');
  }

  /** L18, same world: the older session goes on with the newcomer's connection and data. */
  #takeOver(
    older: SessionRecord<Data>,
    newcomer: SessionRecord<Data>,
    player: ProvenPlayer<Data>,
  ): SessionRecord<Data> {
    const { sessionId, peerId: previousPeerId } = older;
    const now = this.#clock.now();
    const taken = step(older, { kind: 'taken-over' }, now);
    const merged = step(newcomer, { kind: 'merged' }, now);
    const successor = older.passOn(newcomer.peerId, now);
    successor.prove(player);
    this.#index.replace(older, successor);
    this.#count('session-taken-over');
    this.#commit(successor, taken, { previousPeerId });
    this.#commit(newcomer, merged, { mergedInto: sessionId });
    return successor;
  }

  /** Always false: what a refused call returns. */
  #count(counter: SessionCounter): false {
    this.#counters[counter] += 1;
    return false;
  }
}

function isLoggedIn(session: ManagedSession): boolean {
  return session.isAlive && session.state === 'logged-in';
}
