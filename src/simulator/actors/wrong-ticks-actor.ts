/**
 * Inputs of fair content for the wrong ticks: long run, twice the same, far ahead, out of order;
 * shots at what was seen long ago, or will be. None of them may move it further than the ticks that
 * pass, move a mark for the next input, or find others where the server's rules say they are not.
 */
import { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { claimedPlayers } from './claimed-players.ts';
import { pick, whole } from './draws.ts';
import { encodeRawMove, encodeRawShot } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 50;
/** Sixteenths of a tick: up to two ticks ahead, or eight back. */
const VIEW_LIE = 32;
/** Of its turns. */
const LOST_RATE = 0.05;
const LOST = encodeClientMessage({ kind: 'snapshot-ack', tick: 0, earlier: 0 });

const KINDS = ['stale', 'duplicate', 'future', 'out of order', 'fair'] as const;
type WrongTickKind = (typeof KINDS)[number];

export class WrongTicksActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #random: () => number;
  readonly #session: RawSession;
  /** Whom it aims at, or nobody in particular. */
  readonly #targets: readonly (string | undefined)[];

  constructor(options: ActorOptions) {
    this.#random = options.random;
    this.#targets = [undefined, ...(options.forgedCredentials ?? []).flatMap(claimedPlayers)];
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
    const targetPlayerId = pick(this.#random, this.#targets);
    const aim = { targetPlayerId, directionX, directionY };
    // Ticks of 60 bits are the poisoner's: a view is 16 times its tick.
    const seen = (tick % 2n ** 40n) * 16n - BigInt(whole(this.#random, -VIEW_LIE, VIEW_LIE * 4));
    const viewTickSixteenths = seen < 0n ? 0n : seen;
    return this.#session.sendBytes(encodeRawShot({ tick, ...aim, viewTickSixteenths }), 'reliable');
  }
}
