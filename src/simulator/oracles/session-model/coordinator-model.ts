/**
 * The rules L1–L23 once more, small and on their own: a reference that hears what a coordinator was
 * told, fact by fact, knows from that alone what has to happen when, and compares. In: the session
 * log. Out: problems. It shares no code with src/session; numbers are its own.
 */
import { PROTOCOL_VERSION } from '../../../protocol/version.ts';
import type {
  ConnectionFact,
  FrameFact,
  LoginAnswer,
  OrderFact,
  SessionFact,
  SessionFacts,
} from '../../session-log.ts';
import { holdsSeat } from './closing-words.ts';
import { judgeLooks } from './look-judge.ts';
import type { Meaning, ModelConnection } from './model-connection.ts';
import { ModelHost, NO_HERITAGE, type Heritage, type ModelHostOptions } from './model-host.ts';
import type { ModelSession } from './model-session.ts';
import { MoveJudge } from './move-judge.ts';
import { ResumeJudge } from './resume-judge.ts';
import { WordJudge } from './word-judge.ts';

export interface CoordinatorModelOptions extends ModelHostOptions {
  readonly startedAt: number;
}

interface Asked {
  readonly session: ModelSession;
  readonly attempt: number;
}

export class CoordinatorModel {
  readonly #options: ModelHostOptions;
  readonly #log: SessionFacts;
  #host!: ModelHost;
  #moves!: MoveJudge;
  #resumes!: ResumeJudge;
  #words!: WordJudge;
  #asked = new Map<number, Asked>();
  #hasAnswers = false;
  /** Heard first, and not yet last. */
  #unheard: { readonly sessionId: string; readonly to: string } | undefined;
  #hearsLast = false;
  /** The first host is made before there is a clock. */
  #at: number;

  constructor(log: SessionFacts, options: CoordinatorModelOptions) {
    this.#log = log;
    this.#at = options.startedAt;
    this.#options = options;
    this.#begin(NO_HERITAGE());
  }

  run(): void {
    this.#hasAnswers = this.#log.facts.some(({ kind }) => kind === 'login-asked');
    for (const fact of this.#log.facts) {
      if (fact.at > this.#at) {
        if (fact.kind !== 'host-begins') this.#host.settle(fact.at);
        this.#at = fact.at;
      }
      this.#handle(fact);
    }
  }

  #handle(fact: SessionFact): void {
    switch (fact.kind) {
      case 'received':
      case 'sent':
        this.#handleFrame(fact);
        break;
      case 'opened':
      case 'ended':
      case 'lost':
      case 'text-received':
      case 'counted-sent':
        this.#handleConnection(fact);
        break;
      case 'snapshot-sent':
        this.#host.connection(fact.peer, fact.connection)?.handleSnapshotSent(fact.tick);
        break;
      case 'evaluation-begins':
        this.#beginEvaluation(this.#at);
        break;
      case 'evaluation-ends':
        this.#endEvaluation(fact.stallMs);
        break;
      case 'heard':
        this.#checkDelivery(fact.move.look.sessionId, fact.move.to);
        this.#moves.judge(fact.at, fact.move);
        break;
      case 'heard-last':
        this.#hearLast(fact.sessionId, fact.to);
        break;
      case 'login-asked':
        this.#handleAsked(fact.ask);
        break;
      case 'login-answered':
        this.#handleAnswer(fact.ask, fact.answer);
        break;
      case 'login-aborted':
        this.#host.settledAsks.add(fact.ask);
        break;
      case 'order':
        this.#handleOrder(fact);
        break;
      case 'order-answered':
        this.#checkRemoval(fact.sessionId, fact.isDone);
        break;
      case 'look-ups':
        judgeLooks(this.#host, { at: fact.at, size: fact.size, looks: fact.sessions });
        break;
      case 'resume-started':
      case 'resume-postponed':
        this.#handleResumeFact(fact);
        break;
      case 'host-drains':
        this.#host.drain();
        break;
      case 'host-begins':
        this.#begin(this.#inherit());
        break;
    }
  }

  #begin(heritage: Heritage): void {
    this.#host = new ModelHost(this.#options, heritage);
    this.#host.hasAnswers = this.#hasAnswers;
    this.#resumes = new ResumeJudge(this.#host);
    this.#moves = new MoveJudge(this.#host, this.#resumes);
    this.#words = new WordJudge(this.#host);
    this.#asked = new Map();
    this.#unheard = undefined;
    this.#hearsLast = false;
  }

  /** What the process that begins may know of the one before: without a store nothing. */
  #inherit(): Heritage {
    const { heritage, estate, isDurable } = this.#host;
    if (!isDurable) return { ...NO_HERITAGE(), ended: heritage.ended, told: heritage.told };
    return { ...heritage, estate };
  }

  #handleConnection({ kind, at, peer, connection: number }: ConnectionFact): void {
    if (kind === 'opened') {
      this.#host.open(peer, number, at);
      return;
    }
    const connection = this.#host.connection(peer, number);
    if (connection === undefined) return;
    if (kind === 'counted-sent') connection.counted += 1;
    else if (kind === 'lost') connection.isLost = true;
    else if (kind === 'ended') this.#endConnection(connection);
    else if (connection.isOpen) this.#act(connection, connection.strike(at));
  }

  /** L12, L12b, L13. */
  #endConnection(connection: ModelConnection): void {
    const { session } = connection;
    const wasOpen = connection.isOpen;
    connection.isOpen = false;
    if (!wasOpen || session === undefined) return;
    const isHeld = session.state === 'logged-in' && this.#host.policy.reconnectWindowMs > 0;
    const to = isHeld ? 'reconnecting' : 'disconnected';
    const because = `connection ${connection.number} has ended (L12, L13)`;
    this.#host.owe(session, { to, cause: 'transport-lost', until: this.#at, because });
  }

  #handleFrame(fact: FrameFact): void {
    const connection = this.#host.connection(fact.peer, fact.connection);
    if (connection === undefined) return;
    if (fact.kind === 'sent') {
      this.#words.hear(connection, this.#log.bytesOf(fact), this.#at);
      return;
    }
    const { at, lane, sentAt } = fact;
    const { session } = connection;
    if (session === undefined || !connection.isOpen || this.#host.isDraining) return;
    if (at === this.#host.lastEvaluatedAt && sentAt < at) {
      this.#report(connection, 'has a message waiting while silence is judged');
    }
    const frame = { at, lane, bytes: this.#log.bytesOf(fact) };
    this.#act(connection, connection.judge(frame, session.state === 'logged-in'));
  }

  #act(connection: ModelConnection, meaning: Meaning): void {
    const { session } = connection;
    if (session === undefined) return;
    switch (meaning.kind) {
      case 'alive':
        session.hear(this.#at);
        this.#host.tokens.confirm(session.sessionId, true);
        break;
      case 'perhaps-alive':
        session.perhapsAliveAt = this.#at;
        this.#host.tokens.confirm(session.sessionId, false);
        break;
      case 'login':
        this.#beginLogin(session, meaning);
        break;
      case 'resume':
        if (this.#resumes.begin(session, meaning.resume, this.#at)) break;
        this.#act(connection, connection.strike(this.#at));
        break;
      case 'leave': {
        const because = 'it has said that it leaves (L12a)';
        this.#host.owe(session, { to: 'disconnected', cause: 'left', until: this.#at, because });
        break;
      }
      case 'fatal':
        this.#oweClose(session, meaning.word);
        break;
      case 'nothing':
        break;
    }
  }

  /** L3, L3b. */
  #beginLogin(session: ModelSession, { login }: Extract<Meaning, { kind: 'login' }>): void {
    const { state, connection } = session;
    const host = this.#host;
    const areSomeLeft = session.logins < host.policy.loginAttemptsMax;
    const mayTry = state === 'login-failed' && session.mayBegin(areSomeLeft);
    if (state !== 'transport-connected' && !mayTry) {
      this.#act(connection, connection.strike(this.#at));
      return;
    }
    const because = 'a Login has come (L3)';
    const until = this.#at;
    host.owe(session, { to: 'login-pending', cause: 'login-started', until, because });
    session.nextAttempt = 'login';
    const to = 'login-failed';
    if (login.protocolVersion !== PROTOCOL_VERSION) {
      const version = 'it speaks another version';
      host.owe(session, { to, cause: 'version-mismatch', until, because: version });
    } else if (!isJson(login.credentials)) {
      // Nobody is asked, so nothing makes the answer come at this instant.
      const cause = 'malformed-credentials';
      host.owe(session, { to, cause, until: Infinity, because: 'its credentials are no JSON' });
    }
  }

  /** L12c. */
  #oweClose(session: ModelSession, word: string): void {
    const isSeatHeld =
      session.state === 'logged-in' && holdsSeat(word) && this.#host.policy.reconnectWindowMs > 0;
    const to = isSeatHeld ? 'reconnecting' : 'disconnected';
    const because = 'it has gone too far (L12c)';
    this.#host.owe(session, { to, cause: word, until: this.#at, because });
  }

  #handleAsked(ask: number): void {
    const session = this.#moves.newestLogin;
    if (session === undefined) return;
    session.ask = ask;
    this.#asked.set(ask, { session, attempt: session.attempts });
  }

  /** L4, L5; L8 for an attempt that nobody waits for any more. */
  #handleAnswer(ask: number, answer: LoginAnswer): void {
    const asked = this.#asked.get(ask);
    if (asked === undefined) return;
    this.#host.settledAsks.add(ask);
    const { session, attempt } = asked;
    const isPending = session.state === 'login-pending' && session.attempts === attempt;
    if (!isPending || this.#host.sessions.get(session.sessionId) !== session) return;
    if (answer.kind === 'proven') {
      if (!this.#mayMoveSeat(session, answer.playerId)) return;
      const until = this.#host.isDurable ? Infinity : this.#at;
      const because = `${answer.playerId} has been proven (L4)`;
      const to = 'logged-in';
      const duty = { to, cause: 'login-succeeded', until, proven: answer, because } as const;
      this.#host.owe(session, duty);
    } else {
      const cause = answer.kind === 'refused' ? answer.code : 'authenticate-failed';
      const because = 'authenticate has said no (L5)';
      const until = this.#at;
      this.#host.owe(session, { to: 'login-failed', cause, until, because });
    }
  }

  /** Whoever is in has the seat taken away by a login, though not too often. */
  #mayMoveSeat(session: ModelSession, playerId: string): boolean {
    const host = this.#host;
    const older = host.sessionOfPlayer(playerId);
    if (older === undefined || host.isDurable) return true;
    if (host.keepsSeat(older.state) || host.isOvertaken(session, older)) return true;
    if (this.#resumes.mayMoveSeat(playerId, this.#at)) return true;
    const because = 'its seat has moved too often';
    host.owe(session, { to: 'login-failed', cause: 'busy', until: this.#at, because });
    return false;
  }

  #handleResumeFact(fact: Extract<SessionFact, { newcomer: string }>): void {
    const newcomer = this.#host.connectionOf(fact.newcomer)?.session;
    const sessionId = fact.sessionId ?? newcomer?.resuming?.sessionId;
    const target = this.#host.sessions.get(sessionId ?? '');
    if (fact.kind === 'resume-started') this.#resumes.await(newcomer, target, this.#at);
    else this.#resumes.postpone(target, fact.retryAfterMs, this.#at);
  }

  #beginEvaluation(now: number): void {
    const host = this.#host;
    // Whoever listens last has listened since before the first one.
    if (!this.#hearsLast) this.#unheard = undefined;
    this.#hearsLast = true;
    this.#words.check(now);
    const since = host.lastEvaluatedAt ?? now;
    const gapMs = now - since;
    host.lastEvaluatedAt = now;
    host.stallMs = gapMs > host.policy.stallMsMax ? gapMs : 0;
    if (host.stallMs > 0) {
      host.livenessFloor = now + 2 * host.policy.heartbeatIntervalMs;
      for (const session of host.sessions.values()) session.extend(since, gapMs, host.policy);
    }
    const time = host.time(now);
    host.expected = [];
    for (const session of host.sessions.values()) {
      const expiry = session.expiry(time);
      if (expiry !== undefined) host.expected.push(expiry);
    }
    host.expected.sort(
      (one, other) =>
        one.deadline - other.deadline || one.session.creation - other.session.creation,
    );
  }

  #endEvaluation(stallMs: number): void {
    const { expected, stallMs: known } = this.#host;
    this.#host.expected = [];
    if (stallMs !== known) {
      this.#host.report(this.#at, undefined, `a stall of ${known} ms is taken for ${stallMs} ms`);
    }
    for (const { session, deadline, to, cause, isSure } of expected) {
      if (!isSure) continue;
      const text = `stays ${session.state}: from ${deadline} ms on ${to} (${cause}) is due (L21)`;
      this.#report(session.connection, text);
    }
  }

  #handleOrder({ order, reason, sessionId, peerId }: OrderFact): void {
    const host = this.#host;
    const until = this.#at;
    const duty = { to: 'disconnected', cause: reason, until, because: `${order} (L19)` } as const;
    if (order !== 'remove') {
      if (order === 'stop') host.isStopping = true;
      const sweep = { creation: 0 };
      for (const session of host.sessions.values()) host.owe(session, { ...duty, sweep });
      return;
    }
    const session = host.sessions.get(sessionId ?? '');
    if (session !== undefined && session.connection.peerId === peerId) host.owe(session, duty);
  }

  /** L19: true once. */
  #checkRemoval(sessionId: string | undefined, isDone: boolean): void {
    if (!isDone || sessionId === undefined) return;
    if (this.#host.countRemoval(sessionId) === 1) return;
    this.#host.report(this.#at, undefined, `${sessionId} is removed more than once (L19)`);
  }

  /** Each event to everybody before the next. */
  #checkDelivery(sessionId: string, to: string): void {
    const missed = this.#hearsLast ? this.#unheard : undefined;
    if (missed !== undefined) {
      const text = `the last subscriber has not heard ${missed.sessionId} → ${missed.to} yet`;
      this.#host.report(this.#at, undefined, text);
    }
    this.#unheard = { sessionId, to };
  }

  #hearLast(sessionId: string, to: string): void {
    const { sessionId: first, to: firstTo } = this.#unheard ?? {};
    this.#unheard = undefined;
    if (first === sessionId && firstTo === to) return;
    const text = `the last subscriber hears ${sessionId} → ${to}, the first ${first} → ${firstTo}`;
    this.#host.report(this.#at, undefined, text);
  }

  #report(connection: ModelConnection, text: string): void {
    this.#host.report(this.#at, connection.peer, `${connection.peerId} ${text}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
