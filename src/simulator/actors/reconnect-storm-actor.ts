/**
 * Comes, goes and comes again, many times a second, and ends its connections in every way there is:
 * politely, with a Leave, by dropping, before the login is answered and just after it.
 */
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick } from './draws.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 80;
const RECONNECT_MS = 20;

const KINDS = ['drop', 'close', 'leave', 'reset', 'stay'] as const;

export class ReconnectStormActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      reconnectMs: RECONNECT_MS,
      onLoggedIn: () => {
        this.counts.add('let in');
        if (options.random() < 0.3) this.#act();
      },
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }

  #act(): void {
    const session = this.#session;
    if (!session.isOpen) return;
    const kind = pick(this.#options.random, KINDS);
    if (kind === 'drop') session.drop();
    if (kind === 'close') session.close();
    if (kind === 'leave') session.send({ kind: 'leave' });
    if (kind === 'reset') this.#options.line.reset();
    this.counts.add(kind);
  }
}
