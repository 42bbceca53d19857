/**
 * A player whose token is in more than one hand: resumes on two or three connections at once with
 * the same one, with one that is spent, with the newest while the session is played elsewhere, and
 * again after the answer was lost on its way. Exactly one of its connections may have the seat.
 */
import type { Timer } from '../../base/clock.ts';
import { Tally } from '../../base/tally.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { LoginAccepted } from '../../protocol/messages.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { encodeRawMove } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PAUSE_MS = 120;
const APART_MS_MAX = 250;
const TICKETS_KEPT = 6;

const KINDS = [
  'raced',
  'raced apart',
  'spent',
  'void since the login',
  'played elsewhere',
  'answer lost',
] as const;
type ReplayKind = (typeof KINDS)[number];

interface Opening {
  readonly logsIn: boolean;
  /** It says nothing that would show that it has its token. */
  readonly isSilent: boolean;
  readonly onOpen?: () => void;
  readonly onLoggedIn?: () => void;
}

interface Ticket {
  readonly sessionId: SessionId;
  readonly token: string;
}

export class TokenReplayerActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #timers = new Set<Timer>();
  readonly #sessions = new Set<RawSession>();
  /** Newest last. */
  #tickets: Ticket[] = [];
  #isStopped = false;

  constructor(options: ActorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#begin();
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    this.#hangUp();
  }

  /** A round: one login, some resumes, and away. */
  #begin(): void {
    const { random } = this.#options;
    const kind = pick(random, KINDS);
    const owner = this.#open({
      logsIn: true,
      isSilent: false,
      onLoggedIn: () => {
        this.counts.add(kind);
        this.#after(whole(random, 0, 400), () => this.#replay(kind, owner));
      },
    });
    this.#after(whole(random, 700, 2_200), () => {
      this.#hangUp();
      this.#after(PAUSE_MS, () => this.#begin());
    });
  }

  #replay(kind: ReplayKind, owner: RawSession): void {
    const { random } = this.#options;
    const newest = this.#tickets.at(-1);
    if (newest === undefined) return;
    switch (kind) {
      case 'raced':
      case 'raced apart':
        if (random() < 0.5) owner.drop();
        for (let left = whole(random, 2, 3); left > 0; left -= 1) {
          this.#after(kind === 'raced' ? 0 : random() * APART_MS_MAX, () => this.#resume(newest));
        }
        return;
      case 'spent':
        for (const ticket of this.#tickets.slice(0, -1)) this.#resume(ticket);
        return;
      case 'void since the login':
        this.#open({ logsIn: true, isSilent: true, onLoggedIn: () => this.#resume(newest) });
        return;
      case 'played elsewhere':
        this.#play(owner);
        this.#after(APART_MS_MAX, () => this.#resume(newest));
        return;
      case 'answer lost': {
        const first = this.#resume(newest);
        this.#after(random() * APART_MS_MAX, () => first.stop());
        this.#after(whole(random, 200, 1_300), () => this.#resume(newest));
        return;
      }
      default:
        kind satisfies never;
    }
  }

  #resume(ticket: Ticket): RawSession {
    const session = this.#open({
      logsIn: false,
      isSilent: false,
      onOpen: () => {
        if (session.resume(ticket)) this.counts.add('resumes');
      },
    });
    return session;
  }

  /** Whoever speaks under a token has it. */
  #play(session: RawSession): void {
    if (!session.isLoggedIn) return;
    const tick = BigInt(session.serverTick + 3);
    session.sendBytes(encodeRawMove({ tick, directionX: 1, directionY: 0, yaw: 0 }), 'sync');
  }

  #open({ isSilent, onLoggedIn, ...behaviour }: Opening): RawSession {
    const session = new RawSession(this.#options, {
      ...behaviour,
      // Who answers no heartbeat leaves open whether the token has arrived.
      answersHeartbeats: this.#options.random() < 0.4 && !isSilent,
      reconnectMs: 0,
      onLoggedIn: (accepted) => {
        this.#keep(accepted);
        onLoggedIn?.();
      },
      onRefused: () => this.counts.add('refused'),
      counts: this.counts,
      onClosed: () => void this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    session.start();
    return session;
  }

  #keep({ sessionId, resumeToken: token, isResumed }: LoginAccepted): void {
    this.counts.add(isResumed ? 'resumed' : 'let in');
    if (token === '') return;
    this.#tickets = [...this.#tickets, { sessionId, token }].slice(-TICKETS_KEPT);
  }

  #hangUp(): void {
    for (const session of this.#sessions) session.stop();
    this.#sessions.clear();
  }

  #after(delayMs: number, act: () => void): void {
    const timer = this.#options.scheduler.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      if (!this.#isStopped) act();
    });
    this.#timers.add(timer);
  }
}
