/**
 * One server process as the model knows it: who is connected, who is managed, since when nobody was
 * judged, what has to happen next. In: what the judges have found out. Out: look-ups for them.
 */
import type { SessionPolicy } from '../../../session/session-policy.ts';
import { ModelConnection } from './model-connection.ts';
import type { ModelLimits } from './model-limits.ts';
import type { Duty, Expiry, ModelSession, ModelTime } from './model-session.ts';
import { ModelTokens } from './model-tokens.ts';

export interface ModelHostOptions {
  readonly policy: SessionPolicy;
  readonly limits: ModelLimits;
  readonly hasUserMessages: boolean;
  /** Sessions are in a store: what waits for it takes its time, and may be refused as `busy`. */
  readonly isDurable?: boolean;
  /** Whether its disk does not do what it is told just then. Default: it always does. */
  readonly isDiskTroubled?: (at: number) => boolean;
  readonly report: (problem: ModelProblem) => void;
}

/** What outlives a process. */
export interface Heritage {
  readonly tokens: ModelTokens;
  /** Sessions that had a seat as the process before died, by id. */
  readonly estate: ReadonlyMap<string, ModelSession>;
  /** Sessions that are over. */
  readonly ended: Set<string>;
  /** Those of them whose peers were told so when the store had to know it. */
  readonly told: Set<string>;
}

export const NO_HERITAGE = (): Heritage => ({
  tokens: new ModelTokens(),
  estate: new Map(),
  ended: new Set(),
  told: new Set(),
});

export interface ModelProblem {
  readonly at: number;
  /** Undefined: the host as a whole. */
  readonly peer: string | undefined;
  readonly text: string;
}

export class ModelHost {
  readonly policy: SessionPolicy;
  readonly limits: ModelLimits;
  /** In order of creation. */
  readonly sessions = new Map<string, ModelSession>();
  readonly #options: ModelHostOptions;
  readonly tokens: ModelTokens;
  readonly isDurable: boolean;
  readonly heritage: Heritage;
  /** Logins and Resumes that have begun. */
  attemptsBegun = 0;
  readonly #connections = new Map<string, Map<number, ModelConnection>>();
  /** Those of sessions that were brought back, by PeerId. */
  readonly #absent = new Map<string, ModelConnection>();
  readonly #removals = new Map<string, number>();
  readonly #owing = new Set<ModelSession>();
  /** Opened, and no session yet. */
  #arrival: ModelConnection | undefined;
  /** Told goodbye while its session goes on, as far as we have heard. */
  readonly closing = new Set<ModelConnection>();
  /** LoginAccepted or LoginRejected is owed. */
  readonly untold = new Set<ModelConnection>();
  /** No liveness deadline lies before. */
  livenessFloor = -Infinity;
  lastEvaluatedAt: number | undefined;
  /** What the evaluation that runs still has to do, in order. */
  expected: Expiry[] = [];
  /** Of that evaluation. */
  stallMs = 0;
  isStopping = false;
  /** What still comes is left to the next process. */
  isDraining = false;
  #drained: ReadonlyMap<string, ModelSession> | undefined;
  /** Answers of `authenticate` are known. */
  hasAnswers = false;
  /** Calls of `authenticate` that were answered, or told that nobody waits. */
  readonly settledAsks = new Set<number>();
  #creations = 0;

  constructor(options: ModelHostOptions, heritage: Heritage) {
    this.#options = options;
    this.heritage = heritage;
    this.tokens = heritage.tokens;
    this.isDurable = options.isDurable === true;
    this.policy = options.policy;
    this.limits = options.limits;
  }

  report(at: number, peer: string | undefined, text: string): void {
    this.#options.report({ at, peer, text });
  }

  open(peer: string, number: number, at: number): void {
    const { limits, hasUserMessages } = this.#options;
    const connection = new ModelConnection({ peer, number, at, limits, hasUserMessages });
    let ofPeer = this.#connections.get(peer);
    if (ofPeer === undefined) {
      ofPeer = new Map();
      this.#connections.set(peer, ofPeer);
    }
    ofPeer.set(number, connection);
    if (!this.isStopping && this.#hasRoomFor(peer)) this.#arrival = connection;
  }

  connection(peer: string, number: number): ModelConnection | undefined {
    return this.#connections.get(peer)?.get(number);
  }

  /** L23: nobody is there, under a PeerId of its own. */
  addAbsent(peerId: string, peer: string, at: number): ModelConnection {
    const { limits, hasUserMessages } = this.#options;
    const given = { peer, number: 0, at, limits, hasUserMessages, peerId };
    const connection = new ModelConnection(given);
    connection.isOpen = false;
    this.#absent.set(peerId, connection);
    return connection;
  }

  connectionOf(peerId: string): ModelConnection | undefined {
    const absent = this.#absent.get(peerId);
    if (absent !== undefined) return absent;
    const end = peerId.lastIndexOf('#');
    return this.connection(peerId.slice(0, end), Number(peerId.slice(end + 1)));
  }

  /** The one that the player is in, in whatever state. */
  sessionOfPlayer(playerId: string | undefined): ModelSession | undefined {
    if (playerId === undefined) return undefined;
    for (const session of this.sessions.values()) {
      if (session.playerId === playerId && session.hasSeat) return session;
    }
    return undefined;
  }

  isDiskTroubled(at: number): boolean {
    return this.#options.isDiskTroubled?.(at) === true;
  }

  /** L18, 'reject': who is in stays in. */
  keepsSeat(state: string): boolean {
    return this.policy.takeover === 'reject' && state === 'logged-in';
  }

  /** ADR 0014: the holder of the seat began to log in later, and was answered sooner. */
  isOvertaken(newcomer: ModelSession, { state, connection }: ModelSession): boolean {
    return state === 'logged-in' && connection.attemptBegun > newcomer.connection.attemptBegun;
  }

  /** Numbers sessions in order of creation. */
  add(create: (creation: number) => ModelSession): void {
    this.#creations += 1;
    const session = create(this.#creations);
    this.sessions.set(session.sessionId, session);
    if (this.#arrival === session.connection) this.#arrival = undefined;
  }

  remove(session: ModelSession): void {
    this.sessions.delete(session.sessionId);
    this.#owing.delete(session);
    if (this.#drained?.has(session.sessionId) === true) return;
    this.heritage.ended.add(session.sessionId);
    this.tokens.forget(session.sessionId);
  }

  drain(): void {
    this.isDraining = true;
    this.#drained = this.#seats();
  }

  /** What the next process finds. */
  get estate(): ReadonlyMap<string, ModelSession> {
    return this.#drained ?? this.#seats();
  }

  #seats(): ReadonlyMap<string, ModelSession> {
    return new Map([...this.sessions].filter(([, { hasSeat }]) => hasSeat));
  }

  /** A session id is never given again. */
  hasEnded(sessionId: string): boolean {
    return this.heritage.ended.has(sessionId);
  }

  /** How often `remove` has said of this session that it did. */
  countRemoval(sessionId: string): number {
    const count = (this.#removals.get(sessionId) ?? 0) + 1;
    this.#removals.set(sessionId, count);
    return count;
  }

  owe(session: ModelSession, duty: Duty): void {
    session.duties.push(duty);
    this.#owing.add(session);
  }

  time(now: number): ModelTime {
    return { now, policy: this.policy, livenessFloor: this.livenessFloor };
  }

  /** What had to happen before this instant and has not. */
  settle(at: number): void {
    for (const session of this.#owing) {
      for (const duty of session.duties) {
        if (duty.until >= at) continue;
        const { to, cause = 'whatever cause', because, until } = duty;
        const { peer } = session.connection;
        this.report(until, peer, `is still ${session.state}, not ${to} (${cause}): ${because}`);
      }
      session.duties = session.duties.filter(({ until }) => until >= at);
      if (session.duties.length === 0) this.#owing.delete(session);
    }
    const arrival = this.#arrival;
    if (arrival !== undefined && arrival.openedAt < at) {
      this.report(arrival.openedAt, arrival.peer, 'connects and gets no session (L1)');
      this.#arrival = undefined;
    }
  }

  /** Not everybody who is being removed has been heard of. */
  get isSweeping(): boolean {
    for (const { duties } of this.#owing) {
      if (duties.some(({ sweep }) => sweep !== undefined)) return true;
    }
    return false;
  }

  /** Who has been proven by a login that waits for the coordinator. */
  *provenLogins(): Iterable<{ readonly session: ModelSession; readonly duty: Duty }> {
    for (const session of this.#owing) {
      for (const duty of session.duties) if (duty.proven !== undefined) yield { session, duty };
    }
  }

  #hasRoomFor(peer: string): boolean {
    let unproven = 0;
    for (const { connection, isBeforeLogin } of this.sessions.values()) {
      if (connection.peer === peer && isBeforeLogin) unproven += 1;
    }
    return unproven < this.limits.sessionsPerAddressMax;
  }
}
