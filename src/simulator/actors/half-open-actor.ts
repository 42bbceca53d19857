/**
 * A player whose connection is lost on one side alone, again and again: either it comes back while
 * the server believes in the old connection, or it believes in one that the server has given up.
 */
import type { Timer } from '../../base/clock.ts';
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { encodeRawMove } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 50;
/** How long it believes in a connection that says nothing. */
const PATIENCE_MS = 3_000;

export class HalfOpenActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;
  #timer: Timer | undefined;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#play() },
      reconnectMs: 250,
      onLoggedIn: () => this.#plan(),
      counts: this.counts,
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#session.stop();
  }

  #plan(): void {
    const { scheduler, random, line } = this.#options;
    this.#timer?.cancel();
    this.#timer = scheduler.setTimer(whole(random, 500, 4_000), () => {
      const lostBy = pick(random, ['client', 'server'] as const);
      this.counts.add(`lost by the ${lostBy}`);
      line.halfOpen(lostBy);
    });
  }

  #play(): void {
    const session = this.#session;
    if (!session.isOpen) return;
    if (this.#options.clock.now() - session.heardAt > PATIENCE_MS) {
      this.counts.add('given up');
      session.drop();
      return;
    }
    const tick = BigInt(session.serverTick + 3);
    const bytes = encodeRawMove({ tick, directionX: 0, directionY: 1, yaw: 0 });
    if (session.isLoggedIn && session.sendBytes(bytes, 'sync')) this.counts.add('moves');
  }
}
