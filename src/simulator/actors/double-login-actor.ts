/**
 * One player at two machines, both of which want the seat: each login takes it from the other, who
 * is told `superseded`, and logs in again.
 */
import { Tally } from '../../base/tally.ts';
import { ActLoop } from './act-loop.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { encodeRawMove } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 50;
/** Uneven, so that the two meet in every order. */
const RECONNECT_MS = [310, 470] as const;

export class DoubleLoginActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #sessions: readonly RawSession[];
  readonly #loop: ActLoop;

  constructor(options: ActorOptions) {
    this.#sessions = RECONNECT_MS.map(
      (reconnectMs) =>
        new RawSession(options, {
          reconnectMs,
          onLoggedIn: () => this.counts.add('let in'),
          counts: this.counts,
        }),
    );
    this.#loop = new ActLoop(options, PERIOD_MS, () => this.#play());
  }

  start(): void {
    for (const session of this.#sessions) session.start();
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    for (const session of this.#sessions) session.stop();
  }

  /** Both move, for the same ticks. */
  #play(): void {
    for (const [index, session] of this.#sessions.entries()) {
      if (!session.isLoggedIn) continue;
      const tick = BigInt(session.serverTick + 3);
      const directionX = index === 0 ? 1 : -1;
      const bytes = encodeRawMove({ tick, directionX, directionY: 0, yaw: 0 });
      if (session.sendBytes(bytes, 'sync')) this.counts.add('moves');
    }
  }
}
