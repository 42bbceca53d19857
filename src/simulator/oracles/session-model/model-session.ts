/**
 * One session as the rules see it: its state, its deadlines from the right origin, what it owes to
 * happen. In: what the model has found out. Out: when it is due, and what may happen to it.
 */
import type { SessionPolicy } from '../../../session/session-policy.ts';
import type { SessionState } from '../../../session/session-state.ts';
import type { LoginAnswer } from '../../session-log.ts';
import { isBeforeLogin } from './closing-words.ts';
import type { ModelConnection } from './model-connection.ts';

/** The removal of all: in order of creation. */
export interface Sweep {
  /** Whose end was heard last. */
  creation: number;
}

export interface ShownToken {
  readonly sessionId: string;
  readonly token: string;
  /** Whether it is good is not known. */
  readonly isUnsure?: boolean;
}

/** A move that has to come, and by that may. */
export interface Duty {
  readonly to: SessionState;
  /** Undefined: whichever; such a duty demands, and allows nothing. */
  readonly cause: string | undefined;
  /** It has to come at this instant at the latest. */
  readonly until: number;
  /** Whom the login has proven. */
  readonly proven?: Extract<LoginAnswer, { kind: 'proven' }>;
  /** One of many that end together. */
  readonly sweep?: Sweep;
  /** Which session its Resume is to take up. */
  readonly resumes?: ShownToken;
  /** Why, for reports. */
  readonly because: string;
}

/** A deadline that has passed. */
export interface Expiry {
  readonly session: ModelSession;
  readonly deadline: number;
  readonly to: SessionState;
  readonly cause: string;
  /** False: it may have been heard since. */
  readonly isSure: boolean;
}

export interface ModelTime {
  readonly now: number;
  readonly policy: SessionPolicy;
  /** No liveness deadline lies before. */
  readonly livenessFloor: number;
}

export class ModelSession {
  readonly sessionId: string;
  readonly creation: number;
  connection: ModelConnection;
  state: SessionState = 'transport-connected';
  cause = 'transport-activity';
  enteredAt: number;
  epoch = 0;
  playerId: string | undefined;
  worldId: string | undefined;
  /** All of them, and those of each kind. */
  attempts = 0;
  logins = 0;
  resumes = 0;
  /** What the next move to `login-pending` is about, and what the last one was. */
  nextAttempt: 'login' | 'resume' = 'login';
  attemptKind: 'login' | 'resume' = 'login';
  /** Which call of `authenticate` the pending attempt waits for. */
  ask: number | undefined;
  loginDeadline: number;
  /** The end of the window, without those who are on their way back. */
  seatUntil = Infinity;
  /** For somebody who was told to come back. */
  heldUntil = -Infinity;
  /** Who is resuming it, and until when each may take. */
  readonly resumers = new Map<ModelSession, number>();
  /** Which one it is resuming. */
  resuming: ModelSession | undefined;
  /** Last sign of life: surely, and at most. */
  aliveAt: number;
  perhapsAliveAt: number;
  duties: Duty[] = [];

  constructor(sessionId: string, creation: number, connection: ModelConnection) {
    const { openedAt } = connection;
    this.sessionId = sessionId;
    this.creation = creation;
    this.connection = connection;
    this.enteredAt = openedAt;
    this.loginDeadline = Infinity;
    this.aliveAt = openedAt;
    this.perhapsAliveAt = openedAt;
  }

  get isBeforeLogin(): boolean {
    return isBeforeLogin(this.state);
  }

  get hasSeat(): boolean {
    return !this.isBeforeLogin && this.state !== 'disconnected';
  }

  /** False: the model doesn't know to the instant when the peer was heard. */
  get isHeardForSure(): boolean {
    return this.aliveAt === this.perhapsAliveAt;
  }

  hear(at: number): void {
    this.aliveAt = at;
    this.perhapsAliveAt = at;
  }

  /** A refused attempt may be followed by another, while there are some left of its kind. */
  mayBegin(areSomeLeft: boolean): boolean {
    return areSomeLeft && this.enteredAt < this.loginDeadline;
  }

  /** L15: its connection is there again. */
  endWaits(): void {
    this.heldUntil = -Infinity;
    this.resumers.clear();
  }

  /** L15: the end of the window, or of the waiting for somebody, but no second window. */
  seatDeadline({ reconnectWindowMs }: SessionPolicy): number {
    const asked = Math.max(this.heldUntil, ...this.resumers.values());
    return Math.max(this.seatUntil, Math.min(asked, this.seatUntil + reconnectWindowMs));
  }

  /** When the present state ends by itself, as everybody may read it. */
  deadline({ policy, livenessFloor }: ModelTime): number {
    switch (this.state) {
      case 'transport-connected':
      case 'login-pending':
      case 'login-failed':
        return this.loginDeadline;
      case 'logged-in':
        return Math.max(this.aliveAt + policy.livenessTimeoutMs, livenessFloor);
      case 'timed-out':
        return this.enteredAt;
      case 'reconnecting':
        return this.seatDeadline(policy);
      case 'disconnected':
        return Infinity;
    }
  }

  /** Our own standing still is not the peer's: what still ran at its begin goes on later. */
  extend(from: number, byMs: number, policy: SessionPolicy): void {
    if (this.isBeforeLogin && this.loginDeadline > from) this.loginDeadline += byMs;
    if (this.state === 'reconnecting' && this.seatDeadline(policy) > from) {
      this.seatUntil += byMs;
      this.heldUntil += byMs;
    }
    for (const [newcomer, until] of this.resumers) this.resumers.set(newcomer, until + byMs);
  }

  /** What an evaluation has to do about it now; undefined = nothing. */
  expiry(time: ModelTime): Expiry | undefined {
    const deadline = this.deadline(time);
    if (time.now < deadline) return undefined;
    const { to, cause } = this.#expired(time.policy);
    const latest = this.perhapsAliveAt + time.policy.livenessTimeoutMs;
    const isSure = this.state !== 'logged-in' || time.now >= latest;
    return { session: this, deadline, to, cause, isSure };
  }

  #expired({ reconnectWindowMs }: SessionPolicy): Pick<Expiry, 'to' | 'cause'> {
    switch (this.state) {
      case 'transport-connected':
        return { to: 'disconnected', cause: 'login-timeout' };
      case 'login-pending':
        return { to: 'login-failed', cause: 'login-timeout' };
      case 'logged-in':
        return { to: 'timed-out', cause: 'liveness-timeout' };
      case 'timed-out':
        return { to: reconnectWindowMs === 0 ? 'disconnected' : 'reconnecting', cause: this.cause };
      case 'reconnecting':
        return { to: 'disconnected', cause: 'reconnect-window-expired' };
      case 'login-failed':
      case 'disconnected':
        return { to: 'disconnected', cause: this.cause };
    }
  }
}
