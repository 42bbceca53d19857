/**
 * Talks before it has said who it is: inputs, heartbeat answers, user messages, a Leave; or says
 * nothing at all until the server's patience ends. Sometimes it logs in after all.
 */
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick } from './draws.ts';
import { encodeRawMove, encodeRawShot } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 70;

const KINDS = ['move', 'shot', 'heartbeat-answer', 'user-message', 'leave', 'login'] as const;
type EarlyKind = (typeof KINDS)[number];

export class EarlyTalkerActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;
  /** Says nothing in this connection. */
  #isSilent = false;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      logsIn: false,
      onOpen: () => {
        this.#isSilent = options.random() < 0.3;
      },
      counts: this.counts,
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }

  #act(): void {
    const { random } = this.#options;
    if (this.#isSilent || this.#session.isLoggedIn) {
      // A login ends the early talk; begin again.
      if (this.#session.isLoggedIn && random() < 0.05) this.#session.drop();
      return;
    }
    const kind = pick(random, KINDS);
    // These two end the talk: rarely, or nothing else is ever tried.
    if ((kind === 'leave' || kind === 'login') && random() < 0.8) return;
    if (this.#say(kind)) this.counts.add(kind);
  }

  #say(kind: EarlyKind): boolean {
    const session = this.#session;
    const tick = BigInt(session.serverTick + 2);
    const direction = { directionX: 1, directionY: 0 };
    switch (kind) {
      case 'move':
        return session.sendBytes(encodeRawMove({ tick, ...direction, yaw: 0 }), 'sync');
      case 'shot': {
        const aim = { targetPlayerId: undefined, viewTickSixteenths: tick * 16n };
        return session.sendBytes(encodeRawShot({ tick, ...direction, ...aim }), 'reliable');
      }
      case 'heartbeat-answer':
        return session.send({
          kind,
          nonce: session.nonces[0] ?? 'early',
          serverTick: 1,
          reliableReceived: 0,
        });
      case 'user-message':
        return session.send({ kind, name: 'early', payload: '{}' });
      case 'leave':
        return session.send({ kind });
      case 'login':
        return session.login(this.#options.credentials);
      default:
        return kind satisfies never;
    }
  }
}
