/**
 * Logs in and never says anything again, heartbeats unanswered: it times out, and comes back once
 * the server has given it up.
 */
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { RawSession } from './raw-session.ts';

export class SilentActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #session: RawSession;

  constructor(options: ActorOptions) {
    this.#session = new RawSession(options, {
      answersHeartbeats: false,
      onLoggedIn: () => this.counts.add('let in'),
      counts: this.counts,
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }
}
