/**
 * The sessions of one coordinator as they are stored. In: a record and what happened to it. Out:
 * records, events, counters. The one place that stores what `step` returned, so that look-ups,
 * deadlines, history and events always agree.
 * Must not know: which fact follows from which; that is MultiSessionManager's and SessionResumes'.
 */
import { assert } from '../base/assert.ts';
import type { Clock } from '../base/clock.ts';
import type { PeerId, SessionId } from '../protocol/ids.ts';
import { createLifecycle } from './lifecycle.ts';
import type { LifecycleEvent, LifecycleStep } from './lifecycle.ts';
import type { ManagedSession } from './managed-session.ts';
import { ResumeWaits } from './resume-waits.ts';
import { createSessionCounters } from './session-counters.ts';
import type { SessionCounter } from './session-counters.ts';
import { SessionDeadlines } from './session-deadlines.ts';
import type { SessionsDue } from './session-deadlines.ts';
import type { SessionEvent } from './session-event.ts';
import { SessionEventQueue } from './session-event-queue.ts';
import { SessionHistory } from './session-history.ts';
import { SessionIndex } from './session-index.ts';
import { SessionNumbers } from './session-numbers.ts';
import type { SessionPolicy } from './session-policy.ts';
import { SessionRecord } from './session-record.ts';
import type { ProvenPlayer, SessionContext, Succession } from './session-record.ts';
import { step } from './step.ts';

export interface SessionRegisterOptions<Data> {
  readonly clock: Clock;
  readonly policy: SessionPolicy;
  readonly historyEventsMax: number;
  readonly onSubscriberError: (error: unknown, event: SessionEvent<Data>) => void;
}

/** Who begins, and with which player when that is known already. */
export interface SessionBeginning<Data> {
  readonly sessionId: SessionId;
  readonly peerId: PeerId;
  readonly player?: ProvenPlayer<Data>;
}

/** What an event says besides the move itself. */
type Particulars = Pick<SessionEvent, 'previousPeerId' | 'mergedInto' | 'retryAfterMs'>;

export class SessionRegister<Data> {
  readonly policy: SessionPolicy;
  readonly index = new SessionIndex<Data>();
  readonly history: SessionHistory;
  readonly events: SessionEventQueue<SessionEvent<Data>>;
  readonly waits = new ResumeWaits();
  readonly counters = createSessionCounters();
  readonly deadlines: SessionDeadlines<Data>;
  readonly #clock: Clock;
  readonly #context: SessionContext;

  constructor({ clock, policy, ...options }: SessionRegisterOptions<Data>) {
    this.policy = policy;
    this.#clock = clock;
    this.#context = { policy, numbers: new SessionNumbers(), livenessFloor: -Infinity };
    const { index } = this;
    this.deadlines = new SessionDeadlines({ index, context: this.#context, now: clock.now() });
    this.history = new SessionHistory(options.historyEventsMax);
    this.events = new SessionEventQueue((error, event) => {
      this.count('subscriber-error');
      options.onSubscriberError(error, event);
    });
  }

  now(): number {
    return this.#clock.now();
  }

  /** A new session, whose first event this is; its id is no other's. */
  begin(beginning: SessionBeginning<Data>, event: LifecycleEvent): SessionRecord<Data> {
    const { sessionId, peerId, player } = beginning;
    assert(this.index.getBySession(sessionId) === undefined, 'a session id is given once');
    const now = this.now();
    const record = new SessionRecord<Data>({
      context: this.#context,
      ...this.index.takePlace(),
      sessionId,
      peerId,
      lifecycle: createLifecycle({ side: 'server', policy: this.policy, at: now }),
    });
    if (player !== undefined) record.prove(player);
    this.index.add(record);
    this.index.addPlayer(record);
    this.count('session-created');
    this.apply(record, event, now);
    return record;
  }

  /** L14: undefined for a handle that is dead or not ours. */
  resolve(session: ManagedSession<Data>): SessionRecord<Data> | undefined {
    if (session instanceof SessionRecord && session.isAliveIn(this.#context)) return session;
    this.count('dead-handle');
    return undefined;
  }

  resolveLoggedIn(session: ManagedSession<Data>): SessionRecord<Data> | undefined {
    if (session instanceof SessionRecord && session.isLoggedInIn(this.#context)) return session;
    if (this.resolve(session) !== undefined) this.count('not-logged-in');
    return undefined;
  }

  /** False = it was refused. */
  apply(record: SessionRecord<Data>, event: LifecycleEvent, now: number): boolean {
    return this.commit(record, step(record, event, now));
  }

  /** Stores what `step` returned; its events wait for the next delivery. */
  commit(
    record: SessionRecord<Data>,
    { session, effects }: LifecycleStep,
    particulars: Particulars = {},
  ): boolean {
    const hasMoved = effects.some(({ kind }) => kind === 'publish-move');
    const wasPending = record.state === 'login-pending';
    if (session !== record) {
      record.adopt(session);
      if (hasMoved) this.deadlines.follow(record);
      else this.deadlines.rearm(record);
      if (session.state === 'disconnected') this.#forget(record);
    }
    let isAccepted = true;
    for (const effect of effects) {
      if (effect.kind === 'count-refusal') {
        isAccepted = this.count(effect.refusal);
      } else {
        const { from, to, cause } = effect;
        const { epoch, enteredAt: at, sessionId, peerId, playerId } = record;
        this.history.record({ sessionId, peerId, playerId, from, to, cause, at, epoch });
        this.events.push({ session: record, from, to, cause, at, epoch, ...particulars });
      }
    }
    if (wasPending && hasMoved) this.#endResume(record);
    return isAccepted;
  }

  /** L16, L18: the older session goes on with the newcomer's connection. */
  passOn(
    older: SessionRecord<Data>,
    newcomer: SessionRecord<Data>,
    { cause, now }: Succession,
  ): SessionRecord<Data> {
    const { sessionId, peerId: previousPeerId } = older;
    const moved = step(older, { kind: cause }, now);
    const merged = step(newcomer, { kind: 'merged' }, now);
    const successor = older.passOn(newcomer.peerId, { cause, now });
    this.index.replace(older, successor);
    this.waits.release(sessionId);
    this.count(cause === 'resumed' ? 'session-resumed' : 'session-taken-over');
    this.commit(successor, moved, { previousPeerId });
    this.commit(newcomer, merged, { mergedInto: sessionId });
    return successor;
  }

  /** Everything that is due now, stalls absorbed. */
  collectDue(now: number): SessionsDue<Data> {
    const due = this.deadlines.collect(now);
    if (due.stallMs === 0) return due;
    this.count('stall');
    for (const sessionId of this.waits.extend(due.stallMs)) this.awaitResumes(sessionId, now);
    return due;
  }

  /** L15: tells a session until when resumes of it are being verified. */
  awaitResumes(sessionId: SessionId, now: number): void {
    const target = this.index.getBySession(sessionId);
    if (target === undefined) return;
    const until = this.waits.awaitedUntil(sessionId);
    this.apply(target, { kind: 'resume-awaited', until }, now);
  }

  /** Always false: what a refused call returns. */
  count(counter: SessionCounter): false {
    this.counters[counter] += 1;
    return false;
  }

  /** L19: out of all look-ups at once. */
  #forget(record: SessionRecord<Data>): void {
    this.index.remove(record);
    record.end();
    this.count('session-removed');
  }

  /** A newcomer is verified no longer: the seat that it asked for waits for it no longer either. */
  #endResume({ sessionId, enteredAt }: SessionRecord<Data>): void {
    const target = this.waits.targetOf(sessionId);
    if (target === undefined) return;
    this.waits.end(sessionId);
    this.awaitResumes(target, enteredAt);
  }
}
