/**
 * Messages of perfect form with numbers that poison arithmetic: directions that are too long, NaN,
 * infinities, −0, the largest and smallest floats, ticks at the edges of 53 and 64 bits, views of
 * the far future and past.
 */
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { encodeRawMove, encodeRawShot } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 40;

const FLOATS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -0,
  0,
  3.402_823_466e38,
  -3.402_823_466e38,
  1.401_298_464e-45,
  1.175_494_35e-38,
  1e20,
  1 + 2 ** -23,
  1.5,
  -3,
  40,
  1,
] as const;

const TICKS = [
  0n,
  1n,
  2n ** 31n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
] as const;

export class PoisonNumbersActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #random: () => number;
  readonly #session: RawSession;

  constructor(options: ActorOptions) {
    this.#random = options.random;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }

  #act(): void {
    if (!this.#session.isLoggedIn) return;
    const act = pick(this.#random, ['float', 'float', 'tick', 'view'] as const);
    const isMove = act !== 'view' && this.#random() < 0.7;
    const bytes = isMove ? this.#move(act === 'tick') : this.#shot(act);
    const lane = isMove ? 'sync' : 'reliable';
    if (this.#session.sendBytes(bytes, lane)) this.counts.add(`${isMove ? 'move' : 'shot'} ${act}`);
  }

  /** A poisoned direction goes with a tick that is fine: the tick must not be what saves us. */
  #tick(isPoisoned: boolean): bigint {
    if (isPoisoned) return pick(this.#random, TICKS);
    return BigInt(this.#session.serverTick + whole(this.#random, 1, 6));
  }

  #float(): number {
    return pick(this.#random, FLOATS);
  }

  #move(hasPoisonedTick: boolean): Uint8Array {
    return encodeRawMove({
      tick: this.#tick(hasPoisonedTick),
      directionX: this.#float(),
      directionY: this.#float(),
      yaw: this.#float(),
    });
  }

  #shot(act: 'float' | 'tick' | 'view'): Uint8Array {
    const tick = this.#tick(act === 'tick');
    return encodeRawShot({
      tick,
      targetPlayerId: undefined,
      directionX: this.#float(),
      directionY: this.#float(),
      viewTickSixteenths: act === 'view' ? pick(this.#random, TICKS) : tick * 16n,
    });
  }
}
