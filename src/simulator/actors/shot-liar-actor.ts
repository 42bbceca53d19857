/**
 * Shots that lie: of what the shooter has seen and when, at whom they are aimed, where they go. In
 * between it shoots fairly, so that its lies are not all refused for the same reason. None of them
 * may hit what the server's own geometry would not.
 */
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick } from './draws.ts';
import { encodeRawShot } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 120;
const SIXTEENTHS = 16n;

const VIEWS = ['of now', 'of the beginning', 'long past', 'future', 'far future'] as const;
const TARGETS = ['nobody', 'itself', 'a stranger', 'somebody'] as const;

export class ShotLiarActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;
  #ownName: string | undefined;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      onLoggedIn: ({ playerId }) => {
        this.#ownName = playerId;
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
    const { random } = this.#options;
    const view = pick(random, VIEWS);
    const target = pick(random, TARGETS);
    const angle = random() * 2 * Math.PI;
    const bytes = encodeRawShot({
      tick: BigInt(serverTick + 2),
      targetPlayerId: this.#nameOf(target),
      directionX: Math.cos(angle),
      directionY: Math.sin(angle),
      viewTickSixteenths: viewOf(view, BigInt(serverTick)),
    });
    if (!this.#session.sendBytes(bytes, 'reliable')) return;
    this.counts.add(`view ${view}`);
    this.counts.add(`at ${target}`);
  }

  #nameOf(target: (typeof TARGETS)[number]): string | undefined {
    switch (target) {
      case 'nobody':
        return undefined;
      case 'itself':
        return this.#ownName;
      case 'a stranger':
        return 'nobody-of-that-name';
      case 'somebody':
        return this.#somebody();
      default:
        return target satisfies never;
    }
  }

  /** Whose credentials it would forge is somebody whom it knows by name. */
  #somebody(): string {
    const known = (this.#options.forgedCredentials ?? []).flatMap((each) => {
      const { playerId } = (each ?? {}) as { readonly playerId?: unknown };
      return typeof playerId === 'string' ? [playerId] : [];
    });
    return known.length === 0 ? '1' : pick(this.#options.random, known);
  }
}

function viewOf(view: (typeof VIEWS)[number], tick: bigint): bigint {
  switch (view) {
    case 'of now':
      return tick * SIXTEENTHS;
    case 'of the beginning':
      return 0n;
    case 'long past':
      return (tick > 1_000n ? tick - 1_000n : 1n) * SIXTEENTHS;
    case 'future':
      return (tick + 100n) * SIXTEENTHS;
    case 'far future':
      return 2n ** 53n - 1n;
    default:
      return view satisfies never;
  }
}
