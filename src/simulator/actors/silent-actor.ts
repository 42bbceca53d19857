/**
 * Logs in and never says anything again but that it has snapshots which were never sent, heartbeats
 * unanswered: lies are no life, so it times out, and comes back once the server has given it up.
 */
import { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { RawSession } from './raw-session.ts';

/** No oftener than offences are forgiven. */
const PERIOD_MS = 1_500;
const TICKS_AHEAD = 1_000;

export class SilentActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #session: RawSession;

  constructor(options: ActorOptions) {
    this.#session = new RawSession(options, {
      answersHeartbeats: false,
      loop: { periodMs: PERIOD_MS, act: () => this.#lie() },
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

  #lie(): void {
    if (!this.#session.isLoggedIn) return;
    const tick = this.#session.serverTick + TICKS_AHEAD;
    const bytes = encodeClientMessage({ kind: 'snapshot-ack', tick, earlier: 0 });
    if (this.#session.sendBytes(bytes, 'sync')) this.counts.add('lies');
  }
}
