/**
 * Plays on, but stops reading for seconds at a time, on a computer that takes next to nothing for
 * it: what it is sent piles up on the server, and that must be bounded and its own loss.
 */
import type { Timer } from '../../base/clock.ts';
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { whole } from './draws.ts';
import { encodeRawMove } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 50;
const WINDOW_BYTES = 256;

export class SlowReaderActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;
  #timer: Timer | undefined;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#play() },
      counts: this.counts,
    });
  }

  start(): void {
    this.#options.line.setWindow('down', WINDOW_BYTES);
    this.#session.start();
    this.#read();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#session.stop();
    this.#options.line.resumeReading();
  }

  #read(): void {
    const { scheduler, random, line } = this.#options;
    line.resumeReading();
    this.#timer = scheduler.setTimer(whole(random, 500, 2_000), () => this.#stall());
  }

  #stall(): void {
    const { scheduler, random, line } = this.#options;
    line.stopReading();
    this.counts.add('stalls');
    this.#timer = scheduler.setTimer(whole(random, 1_000, 8_000), () => this.#read());
  }

  /** A move that is stale, for each of which a report is due on the reliable lane. */
  #play(): void {
    if (!this.#session.isLoggedIn) return;
    const tick = BigInt(Math.max(0, this.#session.serverTick - 20));
    const bytes = encodeRawMove({ tick, directionX: 1, directionY: 0, yaw: 0 });
    if (this.#session.sendBytes(bytes, 'sync')) this.counts.add('moves');
  }
}
