/**
 * Watches one coordinator for the session log: when it evaluates, what it is ordered, every move as
 * the first and the last of its listeners hear it, and what its look-ups show then. In: a
 * coordinator. Out: facts. It changes nothing: the methods that it stands before answer as ever.
 */
import type { Clock } from '../base/clock.ts';
import type { PeerId, PlayerId } from '../protocol/ids.ts';
import type {
  ResumeRefusal,
  ResumeStart,
  SessionEvaluation,
} from '../session/coordinator-calls.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { SessionEvent } from '../session/session-event.ts';
import type { SessionLog, SessionLook } from './session-log.ts';

/** A coordinator, as far as it is watched. */
export interface WatchedSessions extends Iterable<ManagedSession> {
  readonly size: number;
  subscribe(subscriber: (event: SessionEvent) => void): () => void;
  get(peerId: PeerId): ManagedSession | undefined;
  getByPlayer(playerId: PlayerId): ManagedSession | undefined;
  evaluate(): SessionEvaluation<unknown>;
  remove(session: ManagedSession, reason: string): boolean;
  removeAll(reason: string): number;
  stop(reason: string): number;
  notifyResumeStarted(start: ResumeStart<unknown>): number | undefined;
  notifyResumeRefused(refusal: ResumeRefusal<unknown>): boolean;
}

/** How seldom all look-ups are compared. */
const LOOK_EVALUATIONS = 8;

export class SessionWatch {
  readonly #sessions: WatchedSessions;
  readonly #log: SessionLog;
  readonly #clock: Clock;
  readonly #unsubscribes: (() => void)[] = [];
  #evaluations = 0;
  #isOver = false;

  /** Before anybody else subscribes, but for the host itself. */
  constructor(sessions: WatchedSessions, log: SessionLog, clock: Clock) {
    this.#sessions = sessions;
    this.#log = log;
    this.#clock = clock;
    this.#note({ kind: 'host-begins' });
    this.#unsubscribes.push(sessions.subscribe((event) => this.#hear(event)));
    this.#watchEvaluations();
    this.#watchOrders();
    this.#watchResumes();
  }

  /** Another process begins: what wakes this one is heard by nobody. */
  stop(): void {
    this.#isOver = true;
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
  }

  #watchEvaluations(): void {
    const sessions = this.#sessions;
    const evaluate = sessions.evaluate.bind(sessions);
    sessions.evaluate = () => {
      // Whoever subscribes when the host is made has done so.
      if (this.#evaluations === 0) this.#hearLast();
      if (this.#evaluations % LOOK_EVALUATIONS === 0) this.#look();
      this.#evaluations += 1;
      this.#note({ kind: 'evaluation-begins' });
      const evaluation = evaluate();
      this.#note({ kind: 'evaluation-ends', stallMs: evaluation.stallMs });
      return evaluation;
    };
  }

  #watchOrders(): void {
    const sessions = this.#sessions;
    const remove = sessions.remove.bind(sessions);
    sessions.remove = (session, reason) => {
      const { sessionId, peerId } = session;
      this.#note({ kind: 'order', order: 'remove', reason, sessionId, peerId });
      const isDone = remove(session, reason);
      this.#note({ kind: 'order-answered', sessionId, isDone });
      return isDone;
    };
    const nobody = { sessionId: undefined, peerId: undefined };
    const removeAll = sessions.removeAll.bind(sessions);
    sessions.removeAll = (reason) => {
      this.#note({ kind: 'order', order: 'removeAll', reason, ...nobody });
      return removeAll(reason);
    };
    const stop = sessions.stop.bind(sessions);
    sessions.stop = (reason) => {
      this.#note({ kind: 'order', order: 'stop', reason, ...nobody });
      return stop(reason);
    };
  }

  #watchResumes(): void {
    const sessions = this.#sessions;
    const start = sessions.notifyResumeStarted.bind(sessions);
    sessions.notifyResumeStarted = (given) => {
      const epoch = start(given);
      const { sessionId } = given;
      const newcomer = given.newcomer.peerId;
      if (epoch !== undefined) this.#note({ kind: 'resume-started', newcomer, sessionId });
      return epoch;
    };
    const refuse = sessions.notifyResumeRefused.bind(sessions);
    sessions.notifyResumeRefused = (given) => {
      const { retryAfterMs, sessionId } = given;
      const newcomer = given.newcomer.peerId;
      const isRefused = refuse(given);
      if (isRefused && retryAfterMs !== undefined) {
        this.#note({ kind: 'resume-postponed', newcomer, sessionId, retryAfterMs });
      }
      return isRefused;
    };
  }

  #hearLast(): void {
    if (this.#isOver) return;
    const hear = ({ session, to }: SessionEvent): void =>
      this.#note({ kind: 'heard-last', sessionId: session.sessionId, to });
    this.#unsubscribes.push(this.#sessions.subscribe(hear));
  }

  #hear(event: SessionEvent): void {
    const { session, from, to, cause, epoch, at: movedAt, previousPeerId, mergedInto } = event;
    const isPreviousFound =
      previousPeerId !== undefined && this.#sessions.get(previousPeerId) !== undefined;
    const look = this.#lookAt(session);
    const move = { from, to, cause, epoch, movedAt, previousPeerId, isPreviousFound, mergedInto };
    this.#note({ kind: 'heard', move: { ...move, look } });
  }

  #look(): void {
    const looks = Array.from(this.#sessions, (session) => this.#lookAt(session));
    this.#note({ kind: 'look-ups', size: this.#sessions.size, sessions: looks });
  }

  #lookAt(session: ManagedSession): SessionLook {
    const { sessionId, peerId, playerId, worldId, state, epoch } = session;
    const { deadline, lastLivenessAt, isAlive } = session;
    const foundByPlayer = playerId && this.#sessions.getByPlayer(playerId)?.sessionId;
    return {
      sessionId,
      peerId,
      playerId,
      worldId,
      state,
      epoch,
      deadline,
      lastLivenessAt,
      isAlive,
      foundByPeer: this.#sessions.get(peerId)?.sessionId,
      foundByPlayer,
    };
  }

  #note(fact: Unstamped<Parameters<SessionLog['note']>[0]>): void {
    if (!this.#isOver) this.#log.note({ at: this.#clock.now(), ...fact });
  }
}

type Unstamped<Fact> = Fact extends unknown ? Omit<Fact, 'at'> : never;
