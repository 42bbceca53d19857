/**
 * Everybody's sessions on a host: runs the state machine for each peer, keeps their deadlines,
 * finds them, tells subscribers. In: what the host observed (a handle and a fact), and its call of
 * `evaluate`. Out: handles, events, heartbeats that are due, counters.
 * Must not know: bytes, sockets, timers, randomness. What one peer does reaches no other.
 * Rule ids (L1–L23) are those of docs/SESSION-LIFECYCLE.md. Nothing in here throws for what the
 * wire can cause: such a call is refused, counted, and returns false or undefined.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import { CLOSE_CODES } from '../protocol/codes.ts';
import type { CloseCode } from '../protocol/codes.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PeerId, PlayerId, SessionId } from '../protocol/ids.ts';
import type {
  HeartbeatReceipt,
  LoginFailure,
  LoginSuccess,
  RestoredSession,
  ResumeRefusal,
  ResumeStart,
  ResumeSuccess,
  SessionEvaluation,
} from './coordinator-calls.ts';
import type { AttemptKind, LifecycleEvent } from './lifecycle.ts';
import type { ManagedSession } from './managed-session.ts';
import type { SessionCause } from './session-cause.ts';
import type { SessionCounters } from './session-counters.ts';
import type { SessionEvent, SessionSubscriber } from './session-event.ts';
import type { SessionHistoryEntry } from './session-history.ts';
import { validateSessionPolicy } from './session-policy.ts';
import type { SessionPolicy } from './session-policy.ts';
import type { SessionRecord } from './session-record.ts';
import { SessionRegister } from './session-register.ts';
import { SessionResumes } from './session-resumes.ts';
import { step } from './step.ts';

const HISTORY_EVENTS_DEFAULT = 4_096;
const ALREADY_LOGGED_IN = 'already-logged-in';

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

export class MultiSessionManager<Data = unknown> {
  readonly policy: SessionPolicy;
  readonly #createSessionId: (peerId: PeerId) => SessionId;
  readonly #register: SessionRegister<Data>;
  readonly #resumes: SessionResumes<Data>;
  #isStopped = false;
  /** Until this many events are delivered nothing is created (L20). */
  #removalMark = 0;

  /** Throws HoldfastError `invalid-policy` or `invalid-configuration` that names the option. */
  constructor(options: MultiSessionManagerOptions<Data>) {
    const { clock, createSessionId, historyEventsMax = HISTORY_EVENTS_DEFAULT } = options;
    const policy = validateSessionPolicy(options.policy);
    if (!Number.isSafeInteger(historyEventsMax) || historyEventsMax < 1) {
      throw new HoldfastError('invalid-configuration', 'historyEventsMax is a whole number ≥ 1');
    }
    this.policy = policy;
    this.#createSessionId = createSessionId;
    this.#register = new SessionRegister({
      clock,
      policy,
      historyEventsMax,
      onSubscriberError: (error, event) => options.onSubscriberError?.(error, event),
    });
    this.#resumes = new SessionResumes(this.#register);
  }

  /** L1, L2: creates or resolves. Undefined while everything is being removed, and after `stop`. */
  observeTransportActivity(peerId: PeerId): ManagedSession<Data> | undefined {
    const known = this.#register.index.get(peerId);
    if (known !== undefined) return known;
    if (!this.#mayBegin()) return undefined;
    const sessionId = this.#createSessionId(peerId);
    const event = { kind: 'transport-activity' } as const;
    return this.#deliver(this.#register.begin({ sessionId, peerId }, event));
  }

  /**
   * L23: a session that an earlier process has left behind, `reconnecting` under a PeerId of its
   * own. Undefined when the session or its player is here already, and where L1 creates nothing.
   */
  restore(record: RestoredSession<Data>): ManagedSession<Data> | undefined {
    if (!this.#mayBegin()) return undefined;
    return this.#deliver(this.#resumes.restore(record));
  }

  /**
   * L3: the number of the attempt, for its answer; undefined when none may start. Logins and
   * Resumes are numbered together and limited apart (L17).
   */
  notifyLoginStarted(
    session: ManagedSession<Data>,
    attemptKind: AttemptKind = 'login',
  ): number | undefined {
    const record = this.#register.resolve(session);
    if (record === undefined) return undefined;
    const event = { kind: 'login-started', attemptKind } as const;
    const isAccepted = this.#register.apply(record, event, this.#register.now());
    // Read before subscribers can do anything to the session.
    const { attempt } = record;
    return this.#deliver(isAccepted ? attempt : undefined);
  }

  /**
   * L4, L18: the handle that is valid from now on; a new one when the player was in already and
   * the older session goes on. Undefined when the answer came too late (L8), and when the older
   * session keeps its seat: then the newcomer is `login-failed`, and the event says retryAfterMs.
   */
  notifyLoginSucceeded(
    session: ManagedSession<Data>,
    success: LoginSuccess<Data>,
  ): ManagedSession<Data> | undefined {
    const register = this.#register;
    const newcomer = register.resolve(session);
    if (newcomer === undefined) return undefined;
    const now = register.now();
    const result = step(newcomer, { kind: 'login-succeeded', attempt: success.attempt }, now);
    if (result.session === newcomer) {
      register.commit(newcomer, result);
      return undefined;
    }
    const older = register.index.getByPlayer(success.playerId);
    if (older !== undefined && this.keepsSeat(older)) {
      this.#rejectTakeover(older, newcomer, now);
      return this.#deliver(undefined);
    }
    if (older?.worldId === success.worldId) {
      const current = register.passOn(older, newcomer, { cause: 'taken-over', now });
      current.prove(success);
      return this.#deliver(current);
    }
    if (older !== undefined) register.apply(older, { kind: 'removed', reason: 'superseded' }, now);
    newcomer.prove(success);
    register.index.addPlayer(newcomer);
    register.commit(newcomer, result);
    return this.#deliver(newcomer);
  }

  /** L18: whether a Login of this session's player is rejected as things stand. */
  keepsSeat(session: ManagedSession<Data>): boolean {
    return this.policy.takeover === 'reject' && session.state === 'logged-in';
  }

  /** L5, L8, also for a Resume. `code` becomes the cause. */
  notifyLoginFailed(session: ManagedSession<Data>, { attempt, code }: LoginFailure): boolean {
    return this.#handle(session, { kind: 'login-failed', attempt, code });
  }

  /**
   * L15: the token of a Resume names this session; from now on its seat waits for the answer. The
   * epoch that it has, for `resume`; undefined when there is nothing to resume (then refuse, L17),
   * or when the attempt is not pending. Once for each attempt.
   */
  notifyResumeStarted(start: ResumeStart<Data>): number | undefined {
    return this.#resumes.start(start);
  }

  /**
   * L16: the Resume is verified, and durable where there is a store. The handle that is valid from
   * now on. Undefined when the session is not what it was at the start: then the newcomer has been
   * refused (L17); or when the answer came too late (L8).
   */
  resume(success: ResumeSuccess<Data>): ManagedSession<Data> | undefined {
    return this.#deliver(this.#resumes.finish(success));
  }

  /** L17: `login-failed(resume-refused)`; with `retryAfterMs` `busy`, and the seat waits (L15). */
  notifyResumeRefused(refusal: ResumeRefusal<Data>): boolean {
    return this.#deliver(this.#resumes.refuse(refusal));
  }

  /** Remembers the instant for the round trip; the schedule is `evaluate`'s. */
  notifyHeartbeatSent(session: ManagedSession<Data>): boolean {
    const record = this.#register.resolveLoggedIn(session);
    if (record === undefined) return false;
    this.#register.deadlines.heartbeatSent(record, this.#register.now());
    return true;
  }

  /** L9: the peer answered with the right nonce. Proof of life and a sample of the round trip. */
  notifyHeartbeatReceived(session: ManagedSession<Data>, receipt: HeartbeatReceipt): boolean {
    const record = this.#register.resolveLoggedIn(session);
    if (record === undefined) return false;
    const sentAt = receipt.sentAt ?? this.#register.deadlines.heartbeatSentAt(record);
    if (sentAt === undefined) return this.#register.count('heartbeat-not-expected');
    const now = this.#register.now();
    record.heardAt(now);
    record.measured(now - sentAt);
    return true;
  }

  /** L9, L22: a message was decoded and is within budget. True when gameplay counts. */
  notifyInboundActivity(session: ManagedSession<Data>): boolean {
    const record = this.#register.resolveLoggedIn(session);
    if (record === undefined) return false;
    record.heardAt(this.#register.now());
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
    const register = this.#register;
    const now = register.now();
    const { expired, heartbeats, stallMs } = register.collectDue(now);
    const event = { kind: 'deadline-passed', stallMs } as const;
    for (const record of expired) register.apply(record, event, now);
    register.events.deliver();
    // One may have expired just now, or been removed by a subscriber.
    return { heartbeatsDue: heartbeats.filter(isLoggedIn), stallMs };
  }

  get(peerId: PeerId): ManagedSession<Data> | undefined {
    return this.#register.index.get(peerId);
  }

  /** The session in which the player is proven, also while `timed-out` or `reconnecting`. */
  getByPlayer(playerId: PlayerId): ManagedSession<Data> | undefined {
    return this.#register.index.getByPlayer(playerId);
  }

  getBySession(sessionId: SessionId): ManagedSession<Data> | undefined {
    return this.#register.index.getBySession(sessionId);
  }

  get size(): number {
    return this.#register.index.size;
  }

  /** In order of creation; sessions may be removed meanwhile. */
  [Symbol.iterator](): IterableIterator<ManagedSession<Data>> {
    return this.#register.index.values();
  }

  /** L19: true once, false after. `reason` becomes the cause. */
  remove(session: ManagedSession<Data>, reason: SessionCause): boolean {
    return this.#handle(session, { kind: 'removed', reason });
  }

  /** L20: how many were removed. Nothing is created until their events are delivered. */
  removeAll(reason: SessionCause): number {
    const now = this.#register.now();
    const count = this.#register.index.size;
    for (const record of this.#register.index.values())
      this.#register.apply(record, { kind: 'removed', reason }, now);
    if (count > 0) this.#removalMark = this.#register.events.pushedCount;
    this.#register.events.deliver();
    return count;
  }

  /** `removeAll`, and nothing is created ever after. Idempotent. */
  stop(reason: SessionCause): number {
    this.#isStopped = true;
    return this.removeAll(reason);
  }

  /** Every event from now on, until the returned function is called. */
  subscribe(subscriber: SessionSubscriber<Data>): () => void {
    return this.#register.events.subscribe(subscriber);
  }

  /** The newest `historyEventsMax` moves of all sessions, oldest first; a live view. */
  history(): Iterable<SessionHistoryEntry> {
    return this.#register.history.entries();
  }

  /** What `history` remembers of one session, oldest first; also after its end. */
  timeline(session: ManagedSession<Data> | SessionId): SessionHistoryEntry[] {
    return this.#register.history.timeline(
      typeof session === 'string' ? session : session.sessionId,
    );
  }

  /** A live view. */
  get counters(): Readonly<SessionCounters> {
    return this.#register.counters;
  }

  #handle(session: ManagedSession<Data>, event: LifecycleEvent): boolean {
    const register = this.#register;
    const record = register.resolve(session);
    if (record === undefined) return false;
    return this.#deliver(register.apply(record, event, register.now()));
  }

  /** What the call answers is settled before subscribers hear of it. */
  #deliver<Answer>(answer: Answer): Answer {
    this.#register.events.deliver();
    return answer;
  }

  #mayBegin(): boolean {
    const { events } = this.#register;
    if (!this.#isStopped && events.isDelivered(this.#removalMark)) return true;
    return this.#register.count('contact-refused');
  }

  /** L18: who is in stays in, and is asked for a sign of life. */
  #rejectTakeover(older: SessionRecord<Data>, newcomer: SessionRecord<Data>, now: number): void {
    const register = this.#register;
    register.count('takeover-rejected');
    register.deadlines.oweHeartbeat(older, now);
    const { attempt } = newcomer;
    const failed = step(newcomer, { kind: 'login-failed', attempt, code: ALREADY_LOGGED_IN }, now);
    register.commit(newcomer, failed, { retryAfterMs: Math.max(0, older.deadline - now) });
  }
}

function isLoggedIn(session: ManagedSession): boolean {
  return session.isAlive && session.state === 'logged-in';
}
