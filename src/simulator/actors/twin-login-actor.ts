/**
 * One player who logs in on two or three connections in one instant, so that the answers of a slow
 * `authenticate` overtake each other: one of them has the seat in the end, the others are told. It
 * does so again and again, whole or a moment apart, or twice on the same connection.
 */
import type { Timer } from '../../base/clock.ts';
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { RawSession } from './raw-session.ts';

const PAUSE_MS = 150;
/** As late as another login of a round may come: while `authenticate` still thinks. */
const APART_MS_MAX = 250;

const KINDS = ['together', 'a moment apart', 'twice on each'] as const;
type TwinKind = (typeof KINDS)[number];

export class TwinLoginActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #timers = new Set<Timer>();
  #sessions: readonly RawSession[] = [];
  #isStopped = false;

  constructor(options: ActorOptions) {
    this.#options = options;
  }

  start(): void {
    this.#begin();
  }

  stop(): void {
    this.#isStopped = true;
    this.#end();
  }

  #begin(): void {
    const { random } = this.#options;
    const kind = pick(random, KINDS);
    const sessions = Array.from({ length: whole(random, 2, 3) }, () => {
      return new RawSession(this.#options, {
        logsIn: false,
        reconnectMs: 0,
        onOpen: () => this.#handleOpen(kind),
        onLoggedIn: () => this.counts.add('let in'),
        counts: this.counts,
      });
    });
    this.#sessions = sessions;
    for (const session of sessions) session.start();
    this.#after(whole(random, 500, 2_500), () => {
      this.#end();
      this.#after(PAUSE_MS, () => this.#begin());
    });
  }

  /** All connections and plans of this round. */
  #end(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
    for (const session of this.#sessions) session.stop();
    this.#sessions = [];
  }

  /** The last one to open begins for all. */
  #handleOpen(kind: TwinKind): void {
    if (this.#isStopped || this.#sessions.some(({ isOpen }) => !isOpen)) return;
    this.counts.add(kind);
    for (const [index, session] of this.#sessions.entries()) {
      const isLater = kind === 'a moment apart' && index > 0;
      if (isLater) this.#after(this.#options.random() * APART_MS_MAX, () => this.#login(session));
      else this.#login(session);
      if (kind === 'twice on each') this.#login(session);
    }
  }

  #login(session: RawSession): void {
    session.login(this.#options.credentials);
  }

  #after(delayMs: number, act: () => void): void {
    const timer = this.#options.scheduler.setTimer(delayMs, () => {
      this.#timers.delete(timer);
      if (!this.#isStopped) act();
    });
    this.#timers.add(timer);
  }
}
