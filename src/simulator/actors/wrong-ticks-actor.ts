/**
 * Inputs of fair content for the wrong ticks: long run, twice the same, far ahead, out of order.
 * Its shots are at nobody in particular, seen when an honest player would have seen them: what lies
 * of that is the shot liar. None of them may move it further than the ticks that pass, move a mark
 * for the next input, or shoot more often.
 */
import { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { encodeRawMove, encodeRawShot } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 50;
/** How far behind the server's present an honest view is, in ticks. */
const VIEW_AGE_TICKS = 2;
const SIXTEENTHS = 16;
/** Of its turns. */
const LOST_RATE = 0.05;
const LOST = encodeClientMessage({ kind: 'snapshot-ack', tick: 0, earlier: 0 });

const KINDS = ['stale', 'duplicate', 'future', 'out of order', 'fair'] as const;
type WrongTickKind = (typeof KINDS)[number];

export class WrongTicksActor implements Actor {
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
    const { serverTick } = this.#session;
    if (!this.#session.isLoggedIn || serverTick === 0) return;
    if (this.#random() < LOST_RATE) this.#loseItsWay();
    const kind = pick(this.#random, KINDS);
    const isShot = this.#random() < 0.3;
    let isSent = false;
    for (const tick of this.#ticks(kind, serverTick)) {
      isSent = this.#send(BigInt(Math.max(0, tick)), isShot);
    }
    if (isSent) this.counts.add(`${isShot ? 'shot' : 'move'} ${kind}`);
  }

  /** Says that no snapshot which it has is of use: true, false, it is its own affair. */
  #loseItsWay(): void {
    if (this.#session.sendBytes(LOST, 'sync')) this.counts.add('lost its way');
  }

  #ticks(kind: WrongTickKind, now: number): readonly number[] {
    const random = this.#random;
    switch (kind) {
      case 'stale':
        return [now - whole(random, 1, 60)];
      case 'duplicate': {
        const tick = now + whole(random, 1, 5);
        return [tick, tick, tick];
      }
      case 'future':
        return [now + pick(random, [9, 10, 100, 1_000_000, Number.MAX_SAFE_INTEGER - now])];
      case 'out of order':
        return [now + 5, now + 3, now + 4];
      case 'fair':
        return [now + 3];
      default:
        return kind satisfies never;
    }
  }

  #send(tick: bigint, isShot: boolean): boolean {
    const angle = this.#random() * 2 * Math.PI;
    const directionX = Math.cos(angle);
    const directionY = Math.sin(angle);
    if (!isShot) {
      const bytes = encodeRawMove({ tick, directionX, directionY, yaw: angle });
      return this.#session.sendBytes(bytes, 'sync');
    }
    const seen = Math.max(0, this.#session.serverTick - VIEW_AGE_TICKS) * SIXTEENTHS;
    const aim = { targetPlayerId: undefined, directionX, directionY };
    const bytes = encodeRawShot({ tick, ...aim, viewTickSixteenths: BigInt(seen) });
    return this.#session.sendBytes(bytes, 'reliable');
  }
}
