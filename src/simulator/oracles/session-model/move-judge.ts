/**
 * Whether a move of a session is one that the rules know now: expected of the evaluation that runs,
 * owed since something was heard, or the host's own to decide. In: moves as they were heard. Out:
 * problems; the model's sessions moved along, so that one mistake is said once.
 */
import type { HeardMove } from '../../session-log.ts';
import { CloseJudge, type ClosedConnection } from './close-judge.ts';
import { closeWordFor, holdsSeat, isCloseWord, refusalWordFor } from './closing-words.ts';
import { judgeLook } from './look-judge.ts';
import type { ModelHost } from './model-host.ts';
import { ModelSession, type Duty, type Sweep } from './model-session.ts';
import { restoreSession } from './restore-session.ts';
import type { ResumeJudge } from './resume-judge.ts';

/** Words with which a host may refuse whom `authenticate` has let in. */
const FULL: ReadonlySet<string> = new Set(['world-full', 'address-full', 'world-unavailable']);
/** Words with which a host may close what nobody else has asked it to. */
const OWN_WORDS: ReadonlySet<string> = new Set(['slow-consumer', 'internal-error']);

export class MoveJudge {
  readonly #host: ModelHost;
  readonly #resumes: ResumeJudge;
  readonly #closes: CloseJudge;
  /** The newest session that began a login. */
  #newestLogin: ModelSession | undefined;
  #at = 0;

  constructor(host: ModelHost, resumes: ResumeJudge) {
    this.#host = host;
    this.#resumes = resumes;
    this.#closes = new CloseJudge(host);
  }

  /** Whose Login is being handled. */
  get newestLogin(): ModelSession | undefined {
    return this.#newestLogin;
  }

  judge(at: number, move: HeardMove): void {
    this.#at = at;
    const { look, movedAt } = move;
    const { sessionId } = look;
    const session =
      move.from === 'disconnected' ? this.#create(move) : this.#host.sessions.get(sessionId);
    if (session === undefined) {
      this.#report(move, 'of a session that there is not');
      return;
    }
    if (movedAt !== at) this.#report(move, `is told ${at - movedAt} ms late`);
    if (move.from !== 'disconnected') this.#follow(session, move);
    judgeLook(this.#host, { at, move, session });
  }

  #create(move: HeardMove): ModelSession | undefined {
    const { look, to, cause } = move;
    const host = this.#host;
    if (cause === 'server-restarted') {
      const report = (problem: string): void => this.#report(move, problem);
      return restoreSession(host, { move, at: this.#at, report });
    }
    const connection = host.connectionOf(look.peerId);
    if (connection === undefined) return undefined;
    const isNew = connection.session === undefined && connection.openedAt === this.#at;
    const isFresh = !host.sessions.has(look.sessionId) && !host.hasEnded(look.sessionId);
    if (!isNew || !connection.isOpen) this.#report(move, 'without a new connection (L1)');
    if (!isFresh) this.#report(move, 'under an id that was given before');
    if (host.isStopping || host.isSweeping) {
      this.#report(move, 'while everything is being removed, or after it (L20)');
    }
    if (to !== 'transport-connected' || cause !== 'transport-activity') {
      this.#report(move, 'is no first contact (L1)');
    }
    host.add((creation) => {
      const session = new ModelSession(look.sessionId, creation, connection);
      session.loginDeadline = this.#at + host.policy.loginTimeoutMs;
      connection.session = session;
      return session;
    });
    return connection.session;
  }

  #follow(session: ModelSession, move: HeardMove): void {
    const { from, cause } = move;
    if (from !== session.state) this.#report(move, `of one that is ${session.state}`);
    if (move.to === 'disconnected') this.#resumes.forgetResume(session, this.#at);
    const isPassedOn = isPassing(move);
    const isExpiry = !isPassedOn && this.#takeExpected(session, move);
    const isLicensed =
      isExpiry || (isPassedOn ? this.#takePassing(session, move) : this.#takeDuty(session, move));
    if (!isLicensed && !this.#isOwnDecision(session, move)) {
      this.#report(move, `without a cause: ${reasonAgainst(session, move)}`);
    }
    session.resuming?.resumers.delete(session);
    session.resuming = undefined;
    this.#apply(session, move, isExpiry);
    session.state = move.to;
    session.cause = cause;
    session.enteredAt = this.#at;
  }

  /** In its turn among those whose deadline has passed. */
  #takeExpected(session: ModelSession, move: HeardMove): boolean {
    const { expected } = this.#host;
    const index = expected.findIndex(
      (each) => each.session === session && each.to === move.to && each.cause === move.cause,
    );
    const found = expected[index];
    if (found === undefined) return false;
    const before = expected.slice(0, index).find(({ isSure }) => isSure);
    if (before !== undefined && found.isSure) {
      const other = before.session.connection.peer;
      this.#report(move, `before ${other}, whose deadline was earlier (L21)`);
    }
    expected.splice(index, 1);
    return true;
  }

  #takeDuty(session: ModelSession, move: HeardMove): boolean {
    const isIt = (duty: Duty): boolean =>
      isDuty(duty, move) ||
      isRefusedForRoom(duty, move) ||
      this.#isSeatKept(session, duty, move) ||
      this.#isResumeRefused(duty, move);
    const duty = session.duties.find((each) => isIt(each) && mayLicense(each));
    session.duties = session.duties.filter((each) => each !== duty && !isMet(each, move));
    if (duty?.proven !== undefined && move.to === 'logged-in') {
      const { playerId, worldId } = duty.proven;
      const { look } = move;
      if (look.playerId !== playerId || look.worldId !== worldId) {
        this.#report(move, `as ${look.playerId} in ${look.worldId}, not ${playerId} in ${worldId}`);
      }
    }
    if (duty?.sweep !== undefined) this.#sweep(session, move, duty.sweep);
    return duty !== undefined;
  }

  /** What was good as it came may be so no longer when the store has answered. */
  #isResumeRefused({ resumes }: Duty, { to, cause }: HeardMove): boolean {
    if (resumes === undefined || to !== 'login-failed') return false;
    if (cause === 'busy') return this.#host.isDurable || resumes.isUnsure === true;
    return cause === 'resume-refused' && this.#resumes.mayRefuse(resumes, this.#at);
  }

  /** L20. */
  #sweep({ creation }: ModelSession, move: HeardMove, sweep: Sweep): void {
    if (creation < sweep.creation) this.#report(move, 'after one that was created later (L20)');
    sweep.creation = creation;
  }

  /** L16, L18. */
  #takePassing(session: ModelSession, move: HeardMove): boolean {
    const newcomer = this.#host.connectionOf(move.look.peerId)?.session;
    if (newcomer?.state !== 'login-pending') return false;
    if (move.cause === 'taken-over') return this.#takeTakeover(session, newcomer, move);
    const problem = this.#resumes.take(session, newcomer, move);
    if (problem !== undefined) this.#report(move, problem);
    return true;
  }

  /** A newcomer has been proven to be this player, in the same world. */
  #takeTakeover(session: ModelSession, newcomer: ModelSession, move: HeardMove): boolean {
    const { playerId, worldId } = move.look;
    if (this.#host.keepsSeat(move.from)) return false;
    if (this.#host.isOvertaken(newcomer, session)) return false;
    this.#host.tokens.replace(session.sessionId);
    if (!this.#host.hasAnswers) return true;
    const isIt = ({ proven }: Duty): boolean =>
      proven?.playerId === playerId && proven?.worldId === worldId;
    const isProven = newcomer.duties.some(isIt);
    newcomer.duties = newcomer.duties.filter((duty) => !isIt(duty));
    return isProven;
  }

  #isOwnDecision(session: ModelSession, move: HeardMove): boolean {
    const { to, cause } = move;
    if (to === 'disconnected' && cause === 'superseded') return this.#isElsewhere(session);
    const isLogin = session.state === 'login-pending' && !this.#host.hasAnswers;
    if (isLogin && (to === 'logged-in' || to === 'login-failed')) return true;
    const isOwnWord = cause === 'protocol-error' && !session.connection.areStrikesKnown;
    if (!OWN_WORDS.has(cause) && !isOwnWord) return false;
    if (session.state !== 'logged-in') return session.isBeforeLogin && to === 'disconnected';
    const holds = holdsSeat(cause) && this.#host.policy.reconnectWindowMs > 0;
    return to === (holds ? 'reconnecting' : 'disconnected');
  }

  /** L18: a second login finds its player in, and doesn't get the seat, or not yet. */
  #isSeatKept(session: ModelSession, { proven }: Duty, { to, cause }: HeardMove): boolean {
    if (to !== 'login-failed') return false;
    const older = this.#host.sessionOfPlayer(proven?.playerId);
    if (cause === 'busy') return this.#host.isDurable;
    if (cause !== 'already-logged-in' || older === undefined) return false;
    return this.#host.keepsSeat(older.state) || this.#host.isOvertaken(session, older);
  }

  /** Its player has just been proven in another world. */
  #isElsewhere({ playerId, worldId, state }: ModelSession): boolean {
    if (this.#host.keepsSeat(state)) return false;
    if (!this.#host.hasAnswers) return true;
    for (const { duty } of this.#host.provenLogins()) {
      const { proven } = duty;
      if (proven?.playerId === playerId && proven?.worldId !== worldId) return true;
    }
    return false;
  }

  #apply(session: ModelSession, move: HeardMove, isExpiry: boolean): void {
    const epoch = session.epoch + (move.to === 'logged-in' ? 1 : 0);
    if (move.epoch !== epoch) this.#report(move, `with epoch ${move.epoch}, not ${epoch}`);
    session.epoch = move.epoch;
    if (session.state === 'login-pending') this.#checkHook(session, move);
    switch (move.to) {
      case 'login-pending':
        this.#beginAttempt(session, move);
        break;
      case 'login-failed':
        this.#fail(session, move, isExpiry);
        break;
      case 'logged-in':
        if (isPassing(move)) this.#passOn(session, move);
        else this.#logIn(session, move);
        break;
      case 'timed-out':
        session.connection.isOpen = false;
        break;
      case 'reconnecting':
        this.#holdSeat(session, move);
        break;
      case 'disconnected':
        this.#end(session, move);
        break;
      case 'transport-connected':
        break;
    }
  }

  #beginAttempt(session: ModelSession, move: HeardMove): void {
    const host = this.#host;
    const kind = session.nextAttempt;
    session.attempts += 1;
    session.attemptKind = kind;
    session.ask = undefined;
    host.attemptsBegun += 1;
    session.connection.attemptBegun = host.attemptsBegun;
    if (kind === 'resume') {
      session.resumes += 1;
      return;
    }
    session.logins += 1;
    this.#newestLogin = session;
    if (session.logins <= host.policy.loginAttemptsMax) return;
    this.#report(move, `as login ${session.logins} (L3)`);
  }

  /** L7: whoever is still asked hears that nobody waits any more. */
  #checkHook({ ask }: ModelSession, move: HeardMove): void {
    if (ask === undefined || this.#host.settledAsks.has(ask)) return;
    this.#report(move, 'and authenticate is not told (L7)');
  }

  /** L5; at the deadline (L7) the session waits for a later evaluation. */
  #fail(session: ModelSession, { cause }: HeardMove, isExpiry: boolean): void {
    session.connection.refusals.push({ at: this.#at, word: refusalWordFor(cause) });
    this.#host.untold.add(session.connection);
    if (isExpiry || session.attemptKind === 'resume') return;
    if (session.logins < this.#host.policy.loginAttemptsMax) return;
    const because = 'its last attempt has failed (L5)';
    this.#host.owe(session, { to: 'disconnected', cause, until: this.#at, because });
  }

  #logIn(session: ModelSession, move: HeardMove): void {
    const { playerId, worldId } = move.look;
    const older = this.#host.sessionOfPlayer(playerId);
    if (older !== undefined && older !== session) {
      this.#report(move, `while ${older.connection.peerId} is in as ${playerId} (L18)`);
    }
    session.playerId = playerId;
    session.worldId = worldId;
    this.#host.tokens.replace(session.sessionId);
    this.#welcome(session, false);
  }

  /** L16, L18: the session goes on with the newcomer's connection; the newcomer's ends. */
  #passOn(session: ModelSession, move: HeardMove): void {
    const { connection: old } = session;
    const connection = this.#host.connectionOf(move.look.peerId);
    if (move.previousPeerId !== old.peerId) {
      this.#report(move, `from ${move.previousPeerId}, not ${old.peerId} (L18)`);
    }
    if (connection === undefined) return;
    this.#requireClose(move, { connection: old, word: 'superseded', isKnown: true });
    old.isOpen = false;
    old.session = undefined;
    const newcomer = connection.session;
    connection.session = session;
    session.connection = connection;
    if (newcomer !== undefined && newcomer !== session) {
      const because = `it became part of ${session.sessionId} (L18)`;
      const duty = { to: 'disconnected', cause: 'merged', until: this.#at, because } as const;
      this.#host.owe(newcomer, duty);
    }
    this.#welcome(session, move.cause === 'resumed');
  }

  #welcome(session: ModelSession, isResumed: boolean): void {
    const { sessionId, epoch, playerId, worldId, connection } = session;
    session.hear(this.#at);
    session.endWaits();
    connection.welcome = { at: this.#at, sessionId, epoch, playerId, worldId, isResumed };
    this.#host.untold.add(connection);
  }

  #holdSeat(session: ModelSession, move: HeardMove): void {
    const { reconnectWindowMs } = this.#host.policy;
    const { connection } = session;
    if (session.state === 'timed-out') {
      session.seatUntil = session.enteredAt + this.#host.stallMs + reconnectWindowMs;
      return;
    }
    session.seatUntil = this.#at + reconnectWindowMs;
    if (isCloseWord(move.cause)) {
      this.#requireClose(move, { connection, word: move.cause, isKnown: false });
    }
    connection.isOpen = false;
  }

  #end(session: ModelSession, move: HeardMove): void {
    const { connection } = session;
    if (move.mergedInto === undefined) {
      const word = closeWordFor(session.state, move.cause);
      const isKnown = session.isBeforeLogin || this.#closes.keepsUp(connection, this.#at);
      // What the store has to know first is said later.
      const isNow = session.isBeforeLogin || !this.#host.isDurable;
      this.#requireClose(move, {
        connection,
        word,
        isKnown: isKnown && isNow && word !== 'slow-consumer',
      });
      connection.isOpen = false;
      connection.session = undefined;
      connection.endedSessionId = session.sessionId;
    }
    this.#host.remove(session);
    const { playerId } = session;
    // Who is superseded has a seat in another world.
    if (playerId === undefined || move.cause === 'superseded') return;
    this.#resumes.forgetPlayer(playerId);
  }

  #requireClose(move: HeardMove, closed: ClosedConnection): void {
    const problem = this.#closes.problemOf(closed, this.#at);
    if (problem !== undefined) this.#report(move, problem);
  }

  #report({ look, from, to, cause }: HeardMove, problem: string): void {
    const { peerId, sessionId } = look;
    const connection = this.#host.connectionOf(peerId);
    const text = `${peerId} moves ${from} → ${to} (${cause}) ${problem} [${sessionId.slice(0, 8)}]`;
    this.#host.report(this.#at, connection?.peer, text);
  }
}

/** The session goes on with another connection. */
function isPassing({ to, cause }: HeardMove): boolean {
  return to === 'logged-in' && (cause === 'taken-over' || cause === 'resumed');
}

/** One without a cause demands, and allows nothing. */
function mayLicense({ cause, resumes }: Duty): boolean {
  return cause !== undefined || resumes !== undefined;
}

function isDuty(duty: Duty, { to, cause }: HeardMove): boolean {
  if (duty.resumes !== undefined) return false;
  return duty.to === to && (duty.cause ?? cause) === cause;
}

/** Also one that asks for less. */
function isMet(duty: Duty, move: HeardMove): boolean {
  return isDuty(duty, move) || move.to === 'disconnected';
}

function isRefusedForRoom(duty: Duty, { to, cause }: HeardMove): boolean {
  return duty.proven !== undefined && to === 'login-failed' && FULL.has(cause);
}

function reasonAgainst(session: ModelSession, { to }: HeardMove): string {
  if (session.duties.length === 0) return `nothing asks for ${to}`;
  return `due is ${session.duties.map((duty) => `${duty.to} (${duty.cause ?? '?'})`).join(', ')}`;
}
