/**
 * Shots that lie: of when the shooter has seen what it shoots at, of whom, and of where that was.
 * The ticks they are for are fair ones. It aims at what it sees, above all at whoever has just
 * begun a life, where that player is and where it was before, so that what it gets is decided by
 * what the server believes. None of its shots may hit what the server's own history would not.
 */
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { encodeRawShot } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';
import { SeenWorld } from './seen-world.ts';

const PERIOD_MS = 60;
const SIXTEENTHS = 16n;
/** In 1/16 tick: as far back as a server may believe, and beyond. */
const JUST_PAST_MAX = 96;

const VIEWS = [
  'of now',
  'just past',
  'just past',
  'of the beginning',
  'long past',
  'future',
  'far future',
] as const;
const TARGETS = ['nobody', 'itself', 'a stranger', 'somebody', 'somebody'] as const;
/** Of somebody whom it sees. */
const AIMS = ['where it is', 'where it was', 'anywhere'] as const;

interface Aim {
  readonly name: string | undefined;
  readonly x: number;
  readonly y: number;
}

export class ShotLiarActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #random: () => number;
  readonly #session: RawSession;
  readonly #world = new SeenWorld();
  #ownName: string | undefined;

  constructor(options: ActorOptions) {
    this.#random = options.random;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      onSeen: (message) => this.#world.handle(message),
      onLoggedIn: (accepted) => {
        this.#world.handleAccepted(accepted);
        this.#ownName = accepted.playerId;
        this.counts.add('let in');
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
    const { serverTick } = this.#session;
    if (!this.#session.isLoggedIn || serverTick === 0) return;
    const view = pick(this.#random, VIEWS);
    const target = pick(this.#random, TARGETS);
    const { name, x, y } = this.#aim();
    const bytes = encodeRawShot({
      tick: BigInt(serverTick + 2),
      targetPlayerId: this.#nameOf(target, name),
      directionX: x,
      directionY: y,
      viewTickSixteenths: this.#viewOf(view, BigInt(serverTick)),
    });
    if (!this.#session.sendBytes(bytes, 'reliable')) return;
    this.counts.add(`view ${view}`);
    this.counts.add(`at ${target}`);
  }

  /** At whom it sees, where that player is or was; nowhere in particular before it sees anybody. */
  #aim(): Aim {
    const { ownPlace, leapt, others } = this.#world;
    const seen = leapt.length > 0 ? leapt : others;
    const entity = seen.length === 0 ? undefined : pick(this.#random, seen);
    const places = entity === undefined ? [] : this.#world.placesOf(entity);
    const aim = pick(this.#random, AIMS);
    const place = aim === 'where it was' ? places[0] : places.at(-1);
    const name = entity === undefined ? undefined : this.#world.nameOf(entity);
    if (place === undefined || ownPlace === undefined || aim === 'anywhere') {
      const angle = this.#random() * 2 * Math.PI;
      return { name, x: Math.cos(angle), y: Math.sin(angle) };
    }
    this.counts.add(`aimed ${aim}`);
    return { name, x: place.x - ownPlace.x, y: place.y - ownPlace.y };
  }

  #nameOf(target: (typeof TARGETS)[number], seen: string | undefined): string | undefined {
    switch (target) {
      case 'nobody':
        return undefined;
      case 'itself':
        return this.#ownName;
      case 'a stranger':
        return 'nobody-of-that-name';
      case 'somebody':
        return seen;
      default:
        return target satisfies never;
    }
  }

  #viewOf(view: (typeof VIEWS)[number], tick: bigint): bigint {
    const now = tick * SIXTEENTHS;
    switch (view) {
      case 'of now':
        return now;
      case 'just past':
        return now - BigInt(Math.min(Number(now), whole(this.#random, 0, JUST_PAST_MAX)));
      case 'of the beginning':
        return 0n;
      case 'long past':
        return (tick > 1_000n ? tick - 1_000n : 1n) * SIXTEENTHS;
      case 'future':
        return now + 100n * SIXTEENTHS;
      case 'far future':
        return 2n ** 53n - 1n;
      default:
        return view satisfies never;
    }
  }
}
