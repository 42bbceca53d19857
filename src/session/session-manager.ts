/**
 * One peer's own session, on the client: the same machine as on the server, side 'client'.
 * In: what the connection observed, the server's answers, the caller's evaluations. Out: the state,
 * events. Rule ids (C1–C9) are those of docs/SESSION-LIFECYCLE.md.
 * Must not know: sockets, timers, back-off, messages. Nothing in here throws for what the other
 * side can cause: such a call is refused, counted, and returns false or undefined.
 */
import { hasPassed } from '../base/clock.ts';
import type { Clock } from '../base/clock.ts';
import type { SessionId } from '../protocol/ids.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Lifecycle, LifecycleEvent } from './lifecycle.ts';
import type { SessionCause } from './session-cause.ts';
import { createSessionCounters } from './session-counters.ts';
import type { SessionCounters } from './session-counters.ts';
import { SessionEventQueue } from './session-event-queue.ts';
import { createClientPolicy } from './session-policy.ts';
import type { SessionState } from './session-state.ts';
import { stepClient } from './step-client.ts';

export interface SessionManagerOptions {
  readonly clock: Clock;
  /** From the opened connection to the server's answer. Default 10 000. */
  readonly loginTimeoutMs?: number;
  /** Hears of each subscriber that threw; what it throws itself is dropped. */
  readonly onSubscriberError?: (error: unknown) => void;
}

/** What LoginAccepted says about the session. */
export interface AcceptedLogin {
  readonly attempt: number;
  readonly sessionId: SessionId;
  readonly epoch: number;
  readonly livenessTimeoutMs: number;
  readonly reconnectWindowMs: number;
  /** The server took a Resume: the session goes on. Default false: it took a Login. */
  readonly isResumed?: boolean;
}

export interface RefusedLogin {
  readonly attempt: number;
  readonly code: SessionCause;
  readonly retryable: boolean;
}

export interface ClosedByServer {
  readonly code: SessionCause;
  readonly retryable: boolean;
}

/** One move of the client's own session. */
export interface ClientSessionEvent {
  readonly from: SessionState;
  readonly to: SessionState;
  readonly cause: SessionCause;
  /** Monotonic ms. */
  readonly at: number;
  /** The epoch after the move. */
  readonly epoch: number;
}

export class SessionManager {
  readonly #clock: Clock;
  readonly #events: SessionEventQueue<ClientSessionEvent>;
  readonly #counters = createSessionCounters();
  #session: Lifecycle;
  #lastLivenessAt: number;

  /** Throws HoldfastError `invalid-policy` that names the option. */
  constructor({ clock, loginTimeoutMs, onSubscriberError }: SessionManagerOptions) {
    const policy = createClientPolicy(loginTimeoutMs);
    this.#clock = clock;
    this.#session = createLifecycle({ side: 'client', policy, at: clock.now() });
    this.#lastLivenessAt = this.#session.lastLivenessAt;
    this.#events = new SessionEventQueue((error) => {
      this.#counters['subscriber-error'] += 1;
      onSubscriberError?.(error);
    });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** The last session that accepted us; undefined before the first. */
  get sessionId(): SessionId | undefined {
    return this.#session.sessionId;
  }

  /** Of `sessionId`; 0 before the first login. */
  get epoch(): number {
    return this.#session.epoch;
  }

  /** When the present state ends by itself (monotonic ms); Infinity = never. */
  get deadline(): number {
    const { state, deadline, policy } = this.#session;
    return state === 'logged-in' ? this.#lastLivenessAt + policy.livenessTimeoutMs : deadline;
  }

  /** Last frame heard while `logged-in` (monotonic ms). */
  get lastLivenessAt(): number {
    return this.#lastLivenessAt;
  }

  /** Undefined before the first move. */
  get lastCause(): SessionCause | undefined {
    return this.#session.lastCause;
  }

  /** What was refused, by name; a live view. */
  get counters(): Readonly<SessionCounters> {
    return this.#counters;
  }

  /** C1; while `reconnecting` it is an attempt's connection and moves nothing. */
  notifyConnectionOpened(): boolean {
    return this.#handle({ kind: 'transport-activity' });
  }

  /** C1, C5: a Login or a Resume. The number of the attempt; undefined when none may be sent. */
  notifyLoginSent(): number | undefined {
    const isAccepted = this.#apply({ kind: 'login-started', attemptKind: 'login' });
    // Read before subscribers can do anything to the session.
    const { attempt } = this.#session;
    this.#events.deliver();
    return isAccepted ? attempt : undefined;
  }

  /** C2, C7: false when it is stale: for another attempt, of an older epoch or another session. */
  notifyLoginSucceeded({ isResumed = false, ...accepted }: AcceptedLogin): boolean {
    return this.#handle({ kind: isResumed ? 'resume-accepted' : 'login-accepted', ...accepted });
  }

  /** C2, C5, C6, C9. */
  notifyLoginFailed(refused: RefusedLogin): boolean {
    return this.#handle({ kind: 'login-refused', ...refused });
  }

  /** A frame was heard: one number. False when not `logged-in`. */
  notifyInboundActivity(): boolean {
    if (this.#session.state !== 'logged-in') {
      this.#counters['not-logged-in'] += 1;
      return false;
    }
    this.#lastLivenessAt = this.#clock.now();
    return true;
  }

  /** C4, C5, C8: also when an attempt is abandoned; its answer is stale from then on. */
  notifyTransportLost(): boolean {
    return this.#handle({ kind: 'transport-lost', cause: 'transport-lost' });
  }

  /** C6: the server has closed with a code; a retryable one is a loss with that cause. */
  notifyClosed(closed: ClosedByServer): boolean {
    return this.#handle({ kind: 'host-closed', ...closed });
  }

  /** C6. */
  notifyLeft(): boolean {
    return this.#handle({ kind: 'left' });
  }

  /**
   * C3, C5, C8: acts on the deadline if it has passed; moves by at most one state. To be called
   * after what has arrived was read, so that bytes that wait in a queue count as heard.
   */
  evaluate(): void {
    if (!hasPassed(this.deadline, this.#clock.now())) return;
    this.#handle({ kind: 'deadline-passed', stallMs: 0 });
  }

  /** Every move from now on, until the returned function is called. */
  subscribe(subscriber: (event: ClientSessionEvent) => void): () => void {
    return this.#events.subscribe(subscriber);
  }

  #handle(event: LifecycleEvent): boolean {
    const isAccepted = this.#apply(event);
    this.#events.deliver();
    return isAccepted;
  }

  #apply(event: LifecycleEvent): boolean {
    const now = this.#clock.now();
    const before = { ...this.#session, lastLivenessAt: this.#lastLivenessAt };
    const { session, effects } = stepClient(before, event, now);
    this.#session = session;
    this.#lastLivenessAt = session.lastLivenessAt;
    let isAccepted = true;
    for (const effect of effects) {
      if (effect.kind === 'publish-move') {
        const { from, to, cause } = effect;
        this.#events.push({ from, to, cause, at: now, epoch: session.epoch });
      } else {
        this.#counters[effect.refusal] += 1;
        isAccepted = false;
      }
    }
    return isAccepted;
  }
}
