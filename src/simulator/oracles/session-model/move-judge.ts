/**
 * Whether a move of a session is one that the rules know now: expected of the evaluation that runs,
 * owed since something was heard, or the host's own to decide. In: moves as they were heard. Out:
 * problems; the model's sessions moved along, so that one mistake is said once.
 */
import type { HeardMove } from '../../session-log.ts';
import { closeWordFor, holdsSeat, isCloseWord, refusalWordFor } from './closing-words.ts';
import { judgeLook } from './look-judge.ts';
import type { ModelConnection } from './model-connection.ts';
import type { ModelHost } from './model-host.ts';
import { ModelSession, type Duty, type Sweep } from './model-session.ts';

/** Words with which a host may refuse whom `authenticate` has let in. */
const FULL: ReadonlySet<string> = new Set(['world-full', 'address-full', 'world-unavailable']);
/** Words with which a host may close what nobody else has asked it to. */
const OWN_WORDS: ReadonlySet<string> = new Set(['slow-consumer', 'internal-error']);
/** Heartbeats that a peer may be behind and still has room for a goodbye. */
const BEATS_BEHIND_MAX = 2.5;

export class MoveJudge {
  readonly #host: ModelHost;
  /** The newest session that began a login. */
  #newestLogin: ModelSession | undefined;
  #at = 0;

  constructor(host: ModelHost) {
    this.#host = host;
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
    const isTakeover = cause === 'taken-over' && move.to === 'logged-in';
    const isExpiry = !isTakeover && this.#takeExpected(session, move);
    const isLicensed =
      isExpiry || (isTakeover ? this.#takeTakeover(move) : this.#takeDuty(session, move));
    if (!isLicensed && !this.#isOwnDecision(session, move)) {
      this.#report(move, `without a cause: ${reasonAgainst(session, move)}`);
    }
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
      isDuty(duty, move) || isRefusedForRoom(duty, move) || this.#isSeatKept(duty, move);
    const duty = session.duties.find((each) => isIt(each) && each.cause !== undefined);
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

  /** L20. */
  #sweep({ creation }: ModelSession, move: HeardMove, sweep: Sweep): void {
    if (creation < sweep.creation) this.#report(move, 'after one that was created later (L20)');
    sweep.creation = creation;
  }

  /** A newcomer has been proven to be this player, in the same world. */
  #takeTakeover(move: HeardMove): boolean {
    const { peerId, playerId, worldId } = move.look;
    const newcomer = this.#host.connectionOf(peerId)?.session;
    if (newcomer?.state !== 'login-pending' || this.#keepsSeat(move.from)) return false;
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

  /** L18, 'reject': a second login finds its player in. */
  #isSeatKept({ proven }: Duty, { to, cause }: HeardMove): boolean {
    if (to !== 'login-failed' || cause !== 'already-logged-in') return false;
    const older = this.#host.sessionOfPlayer(proven?.playerId);
    return older !== undefined && this.#keepsSeat(older.state);
  }

  #keepsSeat(state: string): boolean {
    return this.#host.policy.takeover === 'reject' && state === 'logged-in';
  }

  /** Its player has just been proven in another world. */
  #isElsewhere({ playerId, worldId, state }: ModelSession): boolean {
    if (this.#keepsSeat(state)) return false;
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
        session.attempts += 1;
        session.ask = undefined;
        this.#newestLogin = session;
        if (session.attempts > this.#host.policy.loginAttemptsMax) {
          this.#report(move, `as attempt ${session.attempts} (L3)`);
        }
        break;
      case 'login-failed':
        this.#fail(session, move, isExpiry);
        break;
      case 'logged-in':
        if (move.cause === 'taken-over') this.#takeOver(session, move);
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

  /** L7: whoever is still asked hears that nobody waits any more. */
  #checkHook({ ask }: ModelSession, move: HeardMove): void {
    if (ask === undefined || this.#host.settledAsks.has(ask)) return;
    this.#report(move, 'and authenticate is not told (L7)');
  }

  /** L5; at the deadline (L7) the session waits for a later evaluation. */
  #fail(session: ModelSession, { cause }: HeardMove, isExpiry: boolean): void {
    session.connection.refusals.push({ at: this.#at, word: refusalWordFor(cause) });
    this.#host.untold.add(session.connection);
    if (isExpiry || session.attempts < this.#host.policy.loginAttemptsMax) return;
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
    this.#welcome(session);
  }

  /** L18: the older session goes on with the newcomer's connection; the newcomer's ends. */
  #takeOver(session: ModelSession, move: HeardMove): void {
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
    this.#welcome(session);
  }

  #welcome(session: ModelSession): void {
    const { sessionId, epoch, playerId, worldId, connection } = session;
    session.hear(this.#at);
    connection.welcome = { at: this.#at, sessionId, epoch, playerId, worldId };
    this.#host.untold.add(connection);
  }

  #holdSeat(session: ModelSession, move: HeardMove): void {
    const { reconnectWindowMs } = this.#host.policy;
    const { connection } = session;
    if (session.state === 'timed-out') {
      session.seatDeadline = session.enteredAt + this.#host.stallMs + reconnectWindowMs;
      return;
    }
    session.seatDeadline = this.#at + reconnectWindowMs;
    if (isCloseWord(move.cause)) {
      this.#requireClose(move, { connection, word: move.cause, isKnown: false });
    }
    connection.isOpen = false;
  }

  #end(session: ModelSession, move: HeardMove): void {
    const { connection } = session;
    if (move.mergedInto === undefined) {
      const word = closeWordFor(session.state, move.cause);
      const isKnown = session.isBeforeLogin || this.#keepsUp(connection);
      this.#requireClose(move, { connection, word, isKnown: isKnown && word !== 'slow-consumer' });
      connection.isOpen = false;
      connection.session = undefined;
    }
    this.#host.remove(session);
  }

  /** Whether what the host has said to it has been read, so that there is room for a goodbye. */
  #keepsUp({ readUntil }: ModelConnection): boolean {
    return this.#at - readUntil <= BEATS_BEHIND_MAX * this.#host.policy.heartbeatIntervalMs;
  }

  #requireClose(move: HeardMove, { connection, word, isKnown }: ClosedConnection): void {
    this.#host.closing.delete(connection);
    if (!connection.isOpen || connection.isLost) return;
    const { closeWord } = connection;
    if (closeWord === word) return;
    if (closeWord === undefined && !(isKnown && this.#isRoomy(connection))) return;
    const told = closeWord ?? 'nothing';
    this.#report(move, `and ${connection.peerId} is told ${told}, not '${word}' (L12c)`);
  }

  #isRoomy(connection: ModelConnection): boolean {
    return connection.readUntil === -Infinity || this.#keepsUp(connection);
  }

  #report({ look, from, to, cause }: HeardMove, problem: string): void {
    const { peerId, sessionId } = look;
    const connection = this.#host.connectionOf(peerId);
    const text = `${peerId} moves ${from} → ${to} (${cause}) ${problem} [${sessionId.slice(0, 8)}]`;
    this.#host.report(this.#at, connection?.peer, text);
  }
}

interface ClosedConnection {
  readonly connection: ModelConnection;
  readonly word: string;
  /** There was room for it, as far as is known. */
  readonly isKnown: boolean;
}

function isDuty(duty: Duty, { to, cause }: HeardMove): boolean {
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
