/**
 * One player's client as docs/SESSION-LIFECYCLE.md (C1 to C9) and docs/CLIENT.md have it, written
 * anew: what it may do at each instant, and what it owes by when. In: what its wire carried, what
 * happened to its connections, the moves of its session. Out: what it did without cause, too early,
 * too late or not at all. Shares no code with src/session or src/client.
 */
import { MESSAGE_KIND_BYTES } from '../../../protocol/message-kinds.ts';
import type { SessionMove } from '../session-move.ts';
import { isCloseRetryable, isRefusalRetryable } from '../spec-codes.ts';
import { BackOffModel } from './back-off-model.ts';
import type { NodeTime } from './node-time.ts';
import type { ServerWord } from './server-words.ts';
import { TicketModel } from './ticket-model.ts';

const ATTEMPT_MS_MAX = 2_000;
const FIRST_LOGIN_MS_MAX = 10_000;
const FAREWELL_MS_MAX = 1_000;
const UNHEARD_MS_MAX = 500;
const UNHEARD_TICKS_MAX = 5;
/** How late a deadline may be looked at. */
const LATE_MS_MAX = 0.5;
/** What the sum of an instant and a duration may be off by. */
const ROUNDING_MS = 1e-6;
/** Stamps may be steered ahead at once by as much as the server takes. */
const EXTRA_MOVES_PER_SECOND = 12;

const { leave, heartbeat } = MESSAGE_KIND_BYTES;
const ANSWER = MESSAGE_KIND_BYTES['heartbeat-answer'];
const MOVE = MESSAGE_KIND_BYTES['move-input'];

/** `first-login`: inside `connect`. `out`: nothing of a client is there. */
type Phase = 'out' | 'first-login' | 'logged-in' | 'timed-out' | 'reconnecting';

interface Connection {
  readonly number: number;
  readonly begunAt: number;
  askedAt: number | undefined;
  word: { readonly at: number; readonly said: ServerWord } | undefined;
  end: ConnectionEnd | undefined;
}

export interface ConnectionEnd {
  readonly connection: number;
  readonly at: number;
  readonly code: string | undefined;
  readonly unread: number;
}

export interface ClientModelOptions {
  readonly node: NodeTime;
  /** Only the first thing of each client is told: what follows from it would follow. */
  readonly report: (problem: string, at: number) => void;
  /** A wait, as a share of the longest that it could have been. */
  readonly onWaited: (share: number) => void;
}

export class ClientModel {
  readonly #options: ClientModelOptions;
  readonly #node: NodeTime;
  readonly #backOff = new BackOffModel();
  readonly #ticket = new TicketModel();
  #client = 0;
  #phase: Phase = 'out';
  #bornAt = 0;
  #isTold = false;
  #isJoined = false;
  #connection: Connection | undefined;
  #farewell: { readonly connection: number; readonly until: number } | undefined;
  #enteredAt = 0;
  #heardAt = 0;
  #answersOwed = 0;
  #answerOwedAt = 0;
  #accepted: Extract<ServerWord, { kind: 'login-accepted' }> | undefined;
  #recentMoves: number[] = [];

  constructor(options: ClientModelOptions) {
    this.#options = options;
    this.#node = options.node;
  }

  handleBegun(client: number, connection: number, at: number): void {
    if (client !== this.#client) {
      if (client < this.#client) this.#report(`client ${client} is over and connects again`, at);
      else this.#beginLife(client, at);
    } else if (this.#phase !== 'reconnecting') {
      this.#report(`tries again while ${this.#described}`, at);
    } else {
      this.#checkAttempt(at);
      this.#backOff.handleBegun();
    }
    this.#connection = {
      number: connection,
      begunAt: at,
      askedAt: undefined,
      word: undefined,
      end: undefined,
    };
  }

  handleEnded(end: ConnectionEnd): void {
    const { connection, at } = end;
    if (this.#farewell?.connection === connection) this.#farewell = undefined;
    const current = this.#connection;
    if (current?.number !== connection || current.end !== undefined) return;
    current.end = end;
    if (this.#phase === 'first-login') {
      this.#phase = 'out';
    } else if (this.#phase === 'reconnecting') {
      const said = current.word?.said;
      this.#backOff.handleEnded(at, said?.kind === 'login-rejected' ? said.retryAfterMs : 0);
    }
  }

  handleHeard(message: { connection: number; firstByte: number }, at: number): void {
    const current = this.#connection;
    if (current === undefined || current.number !== message.connection) {
      this.#report(`hears connection ${message.connection}, which it has given up`, at);
    } else if (this.#phase === 'logged-in') {
      this.#heardAt = at;
      if (message.firstByte !== heartbeat) return;
      this.#answersOwed += 1;
      this.#answerOwedAt = at;
    }
  }

  handleWord(said: ServerWord, at: number): void {
    const current = this.#connection;
    if (current === undefined || (this.#phase === 'logged-in' && said.kind !== 'close')) return;
    current.word = { at, said };
    if (said.kind !== 'login-accepted' || this.#phase !== 'first-login') return;
    // Nobody listens to a client before its first login: it is in from here on.
    this.#enter('logged-in', at);
    this.#logIn(said, at);
  }

  handleSent({ connection, firstByte }: { connection: number; firstByte: number }, at: number) {
    const current = this.#connection;
    if (current === undefined || current.number !== connection) {
      this.#report(`sends on connection ${connection}, which it has given up`, at);
    } else if (this.#ticket.isFirst(firstByte)) {
      const first = { connection: current, firstByte, at };
      const problem = this.#ticket.problemOf(first, this.#phase === 'first-login');
      if (problem !== undefined) this.#report(problem, at);
    } else if (this.#phase !== 'logged-in' && !this.#isWelcomedAt(at)) {
      this.#report(`sends message 0x${firstByte.toString(16)} while ${this.#described}`, at);
    } else if (firstByte === ANSWER) {
      this.#answersOwed -= 1;
      if (this.#answersOwed < 0) this.#report('answers a heartbeat that it has not heard', at);
    } else if (firstByte === MOVE) {
      this.#checkMove(at);
    } else if (firstByte === leave) {
      this.#answersOwed = 0;
    }
  }

  /** Its computer has lost what it kept. */
  handleForgotten(): void {
    this.#ticket.forget();
  }

  handleMove({ from, to, cause }: SessionMove, at: number): void {
    if (cause === 'crashed') {
      this.#endLife();
      return;
    }
    if (from === 'login-pending') {
      if (this.#accepted === undefined) this.#report('is in without having been accepted', at);
      this.#isJoined = true;
      return;
    }
    const problem = from === this.#phase ? this.#problemOf(to, cause, at) : 'does not follow';
    if (problem !== undefined) {
      this.#report(`${from} → ${to} (${cause}) ${problem}, while ${this.#described}`, at);
    }
    this.#follow(to, at);
  }

  /** Before anything that happens at `at`: whatever was due before that has been done. */
  settle(at: number): void {
    const diedAt = this.#node.diedAt(at);
    if (diedAt < at && diedAt >= this.#bornAt) this.#endLife();
    const debt = this.#phase === 'out' && this.#farewell === undefined ? undefined : this.#debt(at);
    if (debt !== undefined) this.#report(debt, at);
  }

  /** What is sent again goes before everything, so before anybody hears of the move. */
  #isWelcomedAt(at: number): boolean {
    const { said, at: saidAt } = this.#connection?.word ?? {};
    return said?.kind === 'login-accepted' && saidAt === at;
  }

  get #described(): string {
    return this.#phase === 'first-login' ? 'its first login is under way' : this.#phase;
  }

  #report(problem: string, at: number): void {
    // Whose connections are not on record has no life that could be judged.
    if (!this.#isTold && this.#client > 0) this.#options.report(problem, at);
    this.#isTold = true;
  }

  #beginLife(client: number, at: number): void {
    this.#endLife();
    this.#bornAt = at;
    this.#client = client;
    this.#isTold = false;
    this.#phase = 'first-login';
  }

  /** The process is dead, or the session over. */
  #endLife(): void {
    this.#phase = 'out';
    this.#isJoined = false;
    this.#connection = undefined;
    this.#farewell = undefined;
    this.#accepted = undefined;
    this.#answersOwed = 0;
    this.#recentMoves = [];
    this.#backOff.handleOver();
  }

  #enter(phase: Phase, at: number): void {
    this.#phase = phase;
    this.#enteredAt = at;
  }

  #logIn(accepted: Extract<ServerWord, { kind: 'login-accepted' }>, at: number): void {
    this.#accepted = accepted;
    this.#ticket.handleAccepted(accepted);
    this.#heardAt = at;
    this.#answersOwed = 0;
    this.#backOff.handleLoggedIn(at);
  }

  #follow(to: SessionMove['to'], at: number): void {
    const current = this.#connection;
    const said = current?.word?.said;
    if (to === 'logged-in' && said?.kind === 'login-accepted') {
      this.#enter('logged-in', at);
      this.#logIn(said, at);
    } else if (to === 'timed-out') {
      this.#enter('timed-out', at);
    } else if (to === 'reconnecting') {
      this.#enter('reconnecting', at);
      this.#backOff.handleLoss(at);
    } else {
      const isOpen = current !== undefined && current.end === undefined;
      this.#enter('out', at);
      this.#backOff.handleOver();
      this.#ticket.forget();
      if (isOpen) this.#farewell = { connection: current.number, until: at + FAREWELL_MS_MAX };
    }
  }

  /** Undefined = the move has its cause, and its instant. */
  #problemOf(to: SessionMove['to'], cause: string, at: number): string | undefined {
    if (to === 'disconnected' && cause === 'left') return undefined;
    switch (this.#phase) {
      case 'logged-in':
        return to === 'timed-out' ? this.#problemOfSilence(at) : this.#problemOfEnd(to, cause, at);
      case 'timed-out':
        return to === 'reconnecting' ? undefined : this.#problemOfEnd(to, cause, at);
      case 'reconnecting':
        if (to === 'logged-in') return this.#problemOfLogin(cause, at);
        if (cause === 'reconnect-window-expired') return this.#problemOfExpiry(at);
        return this.#problemOfEnd(to, cause, at);
      case 'out':
      case 'first-login':
        return 'has no cause';
    }
  }

  /** C3. */
  #problemOfSilence(at: number): string | undefined {
    const deadline = this.#livenessDeadline;
    if (!this.#node.mayRunAt(at, deadline, deadline + LATE_MS_MAX)) {
      return `is not at its deadline (${deadline} ms)`;
    }
    const unread = this.#connection?.end?.unread ?? 0;
    return unread > 0 ? `leaves ${unread} messages unread that had arrived` : undefined;
  }

  /** C5: until the server cannot hold the seat any longer. */
  #problemOfExpiry(at: number): string | undefined {
    const deadline = this.#windowDeadline;
    if (this.#node.mayRunAt(at, deadline, deadline + LATE_MS_MAX)) return undefined;
    return `is not at its deadline (${deadline} ms)`;
  }

  /** C2, C7. */
  #problemOfLogin(cause: string, at: number): string | undefined {
    const word = this.#connection?.word;
    if (word?.said.kind !== 'login-accepted' || word.at !== at) return 'was not accepted';
    if ((cause === 'resumed') !== word.said.isResumed) return 'is called something else';
    return this.#isStale(word.said) ? 'takes an answer of an older epoch' : undefined;
  }

  /** C4, C5, C6: what the server said decides, else the connection is lost. */
  #problemOfEnd(to: string, cause: string, at: number): string | undefined {
    const current = this.#connection;
    const word = current?.word;
    const end = current?.end;
    const said = word !== undefined && this.#isPrompt(word.at, at) ? word.said : undefined;
    const code = wordOf(said) ?? end?.code;
    if (said === undefined && (end === undefined || !this.#isPrompt(end.at, at))) {
      return 'has no cause';
    }
    if (cause !== (code ?? 'transport-lost')) return `has the cause ${code ?? 'transport-lost'}`;
    const isFinal = said === undefined ? isCloseRetryable(code ?? '') === false : isLast(said);
    return isFinal === (to === 'disconnected') ? undefined : `is no answer to ${code}`;
  }

  #isPrompt(cause: number, at: number): boolean {
    return this.#node.mayRunAt(at, cause, cause);
  }

  #isStale({ sessionId, epoch }: { sessionId: string; epoch: number }): boolean {
    return this.#accepted?.sessionId === sessionId && epoch < this.#accepted.epoch;
  }

  get #livenessDeadline(): number {
    return this.#heardAt + (this.#accepted?.livenessTimeoutMs ?? Infinity);
  }

  get #windowDeadline(): number {
    const deadline = this.#livenessDeadline + (this.#accepted?.reconnectWindowMs ?? Infinity);
    return Math.max(deadline, this.#enteredAt);
  }

  /** C5: the instant, and that there is one connection at a time. */
  #checkAttempt(at: number): void {
    const { due } = this.#backOff;
    if (this.#connection?.end === undefined) {
      this.#report('begins a connection while it has another', at);
    } else if (due === undefined || !this.#node.mayRunAt(at, due.from, due.until)) {
      const when = due === undefined ? 'never' : `from ${due.from} to ${due.until} ms`;
      this.#report(`tries again, due ${when}`, at);
    } else if (due.isOpenEnded && !this.#node.isAbsentWithin(due.from, at)) {
      const isWhole = at > due.until - ROUNDING_MS;
      if (isWhole) this.#report('waits for the longest, not a part of it', at);
      else this.#options.onWaited((at - due.from) / (due.until - due.from));
    }
  }

  #checkMove(at: number): void {
    const tickRateHz = this.#accepted?.tickRateHz ?? 0;
    const unheardMsMax = Math.max(UNHEARD_MS_MAX, (UNHEARD_TICKS_MAX * 1_000) / tickRateHz);
    if (at - this.#heardAt > unheardMsMax + ROUNDING_MS) {
      this.#report(`moves though it has heard nothing since ${this.#heardAt} ms`, at);
    }
    this.#recentMoves.push(at);
    if (this.#recentMoves.length <= tickRateHz + EXTRA_MOVES_PER_SECOND) return;
    const first = this.#recentMoves.shift() ?? -Infinity;
    if (at - first < 1_000) this.#report('moves more often than there are ticks', at);
  }

  /** What was due before `at` and has not happened; undefined = nothing. */
  #debt(at: number): string | undefined {
    const isOverdue = (due: number): boolean => this.#node.latest(due) + LATE_MS_MAX < at;
    if (this.#farewell !== undefined && isOverdue(this.#farewell.until)) {
      return `holds connection ${this.#farewell.connection} after its farewell`;
    }
    if (this.#phase === 'out') return undefined;
    const { begunAt, askedAt = begunAt, end, word } = this.#connection ?? {};
    const isWaiting = begunAt !== undefined && askedAt !== undefined && end === undefined;
    switch (this.#phase) {
      case 'first-login':
        if (!isWaiting || !isOverdue(begunAt + FIRST_LOGIN_MS_MAX)) return undefined;
        return 'waits for its first login for too long';
      case 'logged-in':
        if (this.#answersOwed > 0 && isOverdue(this.#answerOwedAt)) return 'answers no heartbeat';
        if (!this.#isJoined) return undefined;
        if (end !== undefined && isOverdue(end.at)) return 'stays logged-in without a connection';
        if (isOverdue(this.#livenessDeadline)) return 'does not time out';
        return word?.said.kind === 'close' && isOverdue(word.at) ? 'outlives a Close' : undefined;
      case 'timed-out':
        return isOverdue(this.#enteredAt) ? 'stays timed-out' : undefined;
      case 'reconnecting':
        if (isOverdue(this.#windowDeadline)) return 'outlives its reconnect window';
        if (isWaiting) {
          return isOverdue(askedAt + ATTEMPT_MS_MAX) ? 'does not abandon an attempt' : undefined;
        }
        return isOverdue(this.#backOff.due?.until ?? Infinity) ? 'does not try again' : undefined;
    }
  }
}

/** The word by which a connection ends. */
function wordOf(said: ServerWord | undefined): string | undefined {
  return said === undefined || said.kind === 'login-accepted' ? undefined : said.code;
}

/** C6: codes of the game's own say of themselves whether they are final. */
function isLast(said: ServerWord): boolean {
  if (said.kind === 'login-accepted') return false;
  const { code, retryable } = said;
  const known = said.kind === 'close' ? isCloseRetryable(code) : isRefusalRetryable(code);
  return !(known ?? retryable);
}
