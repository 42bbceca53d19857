/**
 * Keeps one session alive over as many connections as it takes: first login, liveness, attempts
 * while `reconnecting`, the end. In: the transport's events, time. Out: moves of the session and
 * the messages of the connection that carries it; at most one connection at a time.
 * Must not know: what gameplay messages mean, who listens.
 */
import { encodeClientMessage } from '../protocol/client-codec.ts';
import { CLOSE_CODES } from '../protocol/codes.ts';
import { isCountedFrame } from '../protocol/counted-messages.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';
import { MESSAGE_LANES } from '../protocol/lanes.ts';
import type {
  ClientMessage,
  Heartbeat,
  LoginAccepted,
  LoginRejected,
  ServerMessage,
} from '../protocol/messages.ts';
import { SessionManager } from '../session/session-manager.ts';
import type { ClientSessionEvent } from '../session/session-manager.ts';
import type { SessionCause } from '../session/session-cause.ts';
import type { ClientCloseInfo } from '../transport/transport.ts';
import type { ClientOptions } from './client-options.ts';
import type { ClientTraffic } from './client-traffic.ts';
import { ConnectionAttempt } from './connection-attempt.ts';
import { DeadlineWatch } from './deadline-watch.ts';
import { Farewell } from './farewell.ts';
import type { GameplayMessage } from './gameplay-message.ts';
import {
  loginClosedError,
  loginRefusedError,
  sessionOpenElsewhereError,
  ownRefusal,
} from './login-errors.ts';
import type { LoginClosed } from './login-errors.ts';
import { ReconnectLoop } from './reconnect-loop.ts';
import { SeatWait } from './seat-wait.ts';
import { SessionLock } from './session-lock.ts';
import { SessionMemory } from './session-memory.ts';

export interface SessionKeeperHandler {
  handleMove(move: ClientSessionEvent): void;
  handleMessage(message: GameplayMessage): void;
}

interface PendingLogin {
  readonly deadline: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Why a connection is over: the server's word, or nothing but the loss. */
type ConnectionEnd = Omit<LoginClosed, 'hasOpened' | 'url'>;

export class SessionKeeper {
  readonly #options: ClientOptions;
  readonly #handler: SessionKeeperHandler;
  readonly #traffic: ClientTraffic;
  readonly #session: SessionManager;
  readonly #watch: DeadlineWatch;
  readonly #loop: ReconnectLoop;
  readonly #seatWait: SeatWait;
  readonly #memory: SessionMemory;
  readonly #lock: SessionLock;
  readonly #farewell: Farewell;
  /** The only connection that is listened to; while `logged-in` it carries the session. */
  #attempt: ConnectionAttempt | undefined;
  /** The session's number of the Login or Resume that this connection has sent. */
  #loginAttempt: number | undefined;
  #accepted: LoginAccepted | undefined;
  #pendingLogin: PendingLogin | undefined;
  #left: Promise<void> | undefined;

  constructor(options: ClientOptions, traffic: ClientTraffic, handler: SessionKeeperHandler) {
    const { clock, scheduler, random, network, loginTimeoutMs } = options;
    this.#options = options;
    this.#traffic = traffic;
    this.#handler = handler;
    this.#session = new SessionManager({ clock, loginTimeoutMs });
    this.#watch = new DeadlineWatch({
      clock,
      scheduler,
      deadline: () => this.#pendingLogin?.deadline ?? this.#session.deadline,
      onPassed: () => this.#handleDeadline(),
    });
    this.#loop = new ReconnectLoop({
      clock,
      scheduler,
      random,
      network,
      startAttempt: () => this.#openAttempt(),
      abandonAttempt: () => this.#abandonAttempt(),
    });
    this.#seatWait = new SeatWait({ clock, scheduler, askAgain: () => this.#sendLogin() });
    this.#memory = new SessionMemory(options, traffic);
    this.#lock = new SessionLock({ locks: options.locks, scheduler });
    this.#farewell = new Farewell(scheduler);
    this.#session.subscribe((move) => this.#handleMove(move));
  }

  /** Read-only for others. */
  get session(): SessionManager {
    return this.#session;
  }

  /** What the server said to the last accepted login. */
  get accepted(): LoginAccepted | undefined {
    return this.#accepted;
  }

  /** Read-only for others. */
  get memory(): SessionMemory {
    return this.#memory;
  }

  /** Of the connection that carries the session. */
  get isSyncOrdered(): boolean {
    return this.#attempt?.isSyncOrdered ?? true;
  }

  /**
   * The first login, or the resume of a session that an earlier page had; call once. Rejects with
   * HoldfastError `login-refused`, `login-timeout`, `connection-failed`, `connection-lost` or
   * `session-open-elsewhere`, or with what `cancelLogin` was given.
   */
  login(): Promise<void> {
    return new Promise((resolve, reject) => {
      const deadline = this.#options.clock.now() + this.#options.loginTimeoutMs;
      this.#pendingLogin = { deadline, resolve, reject };
      this.#watch.update();
      const kept = this.#options.isResuming ? this.#memory.recall() : undefined;
      if (kept === undefined) return this.#openAttempt();
      // A copy of the page, such as a duplicated tab, has the same ticket: one of them may use it.
      this.#lock.claim(kept, (isOurs) => {
        if (isOurs) this.#openAttempt();
        else this.#failLogin(sessionOpenElsewhereError());
      });
    });
  }

  /** Ends the first login; no effect later. */
  cancelLogin(reason: unknown): void {
    this.#failLogin(reason, 'left');
  }

  /** False when not logged in, or when the connection or the server's acknowledgements lag. */
  send(message: ClientMessage): boolean {
    if (this.#session.state !== 'logged-in') return false;
    const frame = encodeClientMessage(message);
    const isCounted = isCountedFrame(frame);
    if (isCounted && !this.#memory.hasRoomFor(frame)) {
      this.#traffic.messagesHeldBack += 1;
      return false;
    }
    const isWritten = this.#attempt?.write(MESSAGE_LANES[message.kind], frame) ?? false;
    if (isWritten && isCounted) this.#memory.keep(frame);
    return isWritten;
  }

  /** Ends the session at once; resolves when the connection has ended too. Idempotent, bounded. */
  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  #leave(): Promise<void> {
    const attempt = this.#attempt;
    if (this.#session.state === 'disconnected') return Promise.resolve();
    if (this.#session.state !== 'logged-in' || attempt === undefined) {
      this.#session.notifyLeft();
      return Promise.resolve();
    }
    this.send({ kind: 'leave' });
    // From here on nothing that it says counts; it only has to end.
    this.#attempt = undefined;
    const left = this.#farewell.begin(attempt);
    this.#session.notifyLeft();
    return left;
  }

  #openAttempt(): void {
    this.#attempt = new ConnectionAttempt({
      transport: this.#options.transport,
      url: this.#options.url,
      traffic: this.#traffic,
      handler: {
        handleOpened: (attempt) => this.#handleOpened(attempt),
        handleCounted: (attempt) => this.#handleCounted(attempt),
        handleMessage: (attempt, message) => this.#handleMessage(attempt, message),
        handleClosed: (attempt, info) => this.#handleClosed(attempt, info),
      },
    });
    this.#attempt.open();
  }

  #handleOpened(attempt: ConnectionAttempt): void {
    if (attempt !== this.#attempt) return;
    this.#loop.handleConnected();
    this.#session.notifyConnectionOpened();
    this.#sendLogin();
  }

  #sendLogin(): void {
    this.#loginAttempt = this.#session.notifyLoginSent();
    this.#attempt?.write('reliable', this.#memory.firstFrame());
  }

  #handleCounted(attempt: ConnectionAttempt): void {
    if (attempt === this.#attempt && this.#session.state === 'logged-in') {
      this.#memory.handleCounted();
    }
  }

  #handleMessage(attempt: ConnectionAttempt, message: ServerMessage): void {
    if (attempt !== this.#attempt) return;
    const isLoggedIn = this.#session.state === 'logged-in';
    if (isLoggedIn) this.#session.notifyInboundActivity();
    if (message.kind === 'close') {
      this.#endAttempt(attempt, message);
    } else if (message.kind === 'login-accepted' || message.kind === 'login-rejected') {
      if (isLoggedIn) this.#traffic.messagesIgnored += 1;
      else this.#handleLoginAnswer(attempt, message);
    } else if (isLoggedIn) {
      if (!this.#memory.handleMessage(message)) this.#traffic.messagesIgnored += 1;
      if (message.kind === 'heartbeat') this.#answer(message);
      this.#handler.handleMessage(message);
    } else {
      this.#traffic.messagesIgnored += 1;
    }
  }

  /** From the message handler, never from a timer: those are throttled in hidden tabs. */
  #answer({ nonce, serverTick }: Heartbeat): void {
    const { reliableReceived } = this.#memory;
    this.send({ kind: 'heartbeat-answer', nonce, serverTick, reliableReceived });
  }

  #handleLoginAnswer(attempt: ConnectionAttempt, answer: LoginAccepted | LoginRejected): void {
    const isRefused = answer.kind === 'login-rejected';
    const refusal = isRefused ? answer : ownRefusal(answer, this.#options.snapshotFields);
    if (refusal !== undefined) this.#handleRefusal(refusal);
    else if (!isRefused) this.#handleAcceptance(attempt, answer);
  }

  #handleAcceptance(attempt: ConnectionAttempt, accepted: LoginAccepted): void {
    const before = this.#accepted;
    this.#accepted = accepted;
    const isTaken = this.#session.notifyLoginSucceeded({
      attempt: this.#loginAttempt ?? 0,
      sessionId: accepted.sessionId,
      epoch: accepted.epoch,
      livenessTimeoutMs: accepted.livenessTimeoutMs,
      reconnectWindowMs: accepted.reconnectWindowMs,
      isResumed: accepted.isResumed,
    });
    if (isTaken) return;
    // C7: an answer of an older life of this session.
    this.#accepted = before;
    this.#traffic.messagesIgnored += 1;
    this.#endAttempt(attempt, { code: undefined, retryable: true });
  }

  #handleRefusal(refusal: LoginRejected): void {
    const { code, retryable, retryAfterMs } = refusal;
    const attempt = this.#loginAttempt ?? 0;
    const pending = this.#pendingLogin;
    if (pending !== undefined && code === 'resume-refused' && this.#memory.isResumable) {
      // The session of an earlier page is over: a Login may follow on this connection (L17).
      this.#forgetSession();
      this.#session.notifyLoginFailed({ attempt, code, retryable: true });
      this.#sendLogin();
      return;
    }
    this.#session.notifyLoginFailed({ attempt, code, retryable });
    if (pending !== undefined && this.#seatWait.begin(refusal, pending.deadline)) return;
    this.#failLogin(loginRefusedError(refusal), code);
    this.#dropAttempt();
    if (this.#session.state === 'reconnecting') this.#loop.handleAttemptEnded(retryAfterMs);
  }

  #handleClosed(attempt: ConnectionAttempt, { code, failure }: ClientCloseInfo): void {
    this.#farewell.handleClosed(attempt);
    const retryable = code === undefined || CLOSE_CODES[code].retryable;
    if (attempt === this.#attempt) this.#endAttempt(attempt, { code, retryable, failure });
  }

  /** The connection is over by the server's word, or by itself; what that means, the state says. */
  #endAttempt(attempt: ConnectionAttempt, end: ConnectionEnd): void {
    const { code, retryable } = end;
    const closed = { ...end, hasOpened: attempt.hasOpened, url: this.#options.url };
    const wasReconnecting = this.#session.state === 'reconnecting';
    const { refusal } = this.#seatWait;
    this.#dropAttempt();
    if (code === undefined) this.#session.notifyTransportLost();
    else this.#session.notifyClosed({ code, retryable });
    this.#failLogin(refusal ? loginRefusedError(refusal) : loginClosedError(closed), code);
    if (wasReconnecting) this.#loop.handleAttemptEnded();
  }

  /** An attempt that came to nothing; an answer that still comes for it is stale. */
  #abandonAttempt(): void {
    this.#dropAttempt();
    this.#session.notifyTransportLost();
  }

  #dropAttempt(): void {
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.abandon();
  }

  #handleDeadline(): void {
    if (this.#pendingLogin === undefined) {
      this.#session.evaluate();
      return;
    }
    const { loginTimeoutMs } = this.#options;
    const problem = `no answer to the login within ${loginTimeoutMs} ms`;
    this.#failLogin(new HoldfastError('login-timeout', problem), 'login-timeout');
  }

  /** Does nothing but before the first `logged-in`. */
  #failLogin(error: unknown, code: SessionCause = 'transport-lost'): void {
    const pending = this.#pendingLogin;
    if (pending === undefined) return;
    this.#pendingLogin = undefined;
    if (this.#session.state !== 'disconnected') {
      this.#session.notifyClosed({ code, retryable: true });
    }
    this.#release();
    pending.reject(error);
  }

  #handleMove(move: ClientSessionEvent): void {
    switch (move.to) {
      case 'logged-in':
        this.#loop.stop();
        this.#continueSession();
        break;
      case 'timed-out':
        this.#dropAttempt();
        break;
      case 'reconnecting':
        this.#dropAttempt();
        this.#loop.start();
        break;
      case 'disconnected':
        // A first login that failed leaves the session of an earlier page to the next try.
        if (this.#accepted !== undefined) this.#memory.forget();
        this.#release();
        break;
      case 'transport-connected':
      case 'login-pending':
      case 'login-failed':
        break;
    }
    this.#watch.update();
    this.#handler.handleMove(move);
    if (move.to === 'logged-in') this.#settleLogin();
  }

  /** Before anybody hears of the move: what is sent again goes before what is sent then. */
  #continueSession(): void {
    const accepted = this.#accepted;
    if (accepted === undefined) return;
    for (const frame of this.#memory.handleAccepted(accepted)) {
      this.#attempt?.write('reliable', frame);
    }
    if (this.#memory.isKept) this.#lock.hold(accepted.sessionId);
    else this.#lock.release();
  }

  #forgetSession(): void {
    this.#memory.forget();
    this.#lock.release();
  }

  #settleLogin(): void {
    const pending = this.#pendingLogin;
    this.#pendingLogin = undefined;
    this.#watch.update();
    pending?.resolve();
  }

  /** Nothing is left that could call back, but a farewell that is bounded by its own timer. */
  #release(): void {
    this.#watch.stop();
    this.#loop.stop();
    this.#seatWait.stop();
    this.#lock.release();
    this.#dropAttempt();
  }
}
