/**
 * Logs in and gives no proof of life, but makes a noise: bytes that are no message, a message on
 * the wrong lane, another login, a nonce that it guesses or has used before. So seldom that it is
 * never closed for that, so often that it would outlast every liveness deadline if noise were life.
 */
import { Tally } from '../../base/tally.ts';
import { encodeClientMessage } from '../../protocol/client-codec.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { randomBytes, whole } from './draws.ts';
import { RawSession } from './raw-session.ts';

/** At most 975 ms between two, and fewer strikes than are forgiven with the default limits. */
const PERIOD_MS = 650;
const RECONNECT_MS = 100;
/** The kind of no message. */
const NO_KIND = 0xff;

/** One for each connection, in turn: each has to fail on its own. */
const KINDS = ['malformed', 'wrong lane', 'login again', 'guessed nonce', 'used nonce'] as const;
type BabbleKind = (typeof KINDS)[number];

export class BabblerActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;
  readonly #firstKind: number;
  /** The first heartbeat's of this connection. */
  #nonce: string | undefined;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#firstKind = whole(options.random, 0, KINDS.length - 1);
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      answersHeartbeats: false,
      reconnectMs: RECONNECT_MS,
      onLoggedIn: () => {
        this.counts.add('let in');
        this.#nonce = undefined;
        this.#session.nonces.length = 0;
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
    if (!this.#session.isLoggedIn) return;
    const kind = KINDS[(this.#firstKind + this.#session.connections) % KINDS.length]!;
    if (this.#babble(kind)) this.counts.add(kind);
  }

  #babble(kind: BabbleKind): boolean {
    const { random, credentials } = this.#options;
    const session = this.#session;
    switch (kind) {
      case 'malformed':
        return session.sendBytes(Uint8Array.of(NO_KIND, ...randomBytes(random, 8)), 'reliable');
      case 'wrong lane':
        return session.sendBytes(encodeClientMessage(answerTo('0')), 'sync');
      case 'login again':
        return session.login(credentials);
      case 'guessed nonce':
        return session.send(answerTo(Math.floor(random() * 2 ** 32).toString(16)));
      case 'used nonce': {
        // The first time it is a proof of life, and the only time.
        this.#nonce ??= session.nonces[0];
        return this.#nonce !== undefined && session.send(answerTo(this.#nonce));
      }
      default:
        return kind satisfies never;
    }
  }
}

function answerTo(nonce: string) {
  return { kind: 'heartbeat-answer', nonce, serverTick: 1, reliableReceived: 0 } as const;
}
