/**
 * Claims to be somebody else wherever a message lets it: logins with others' names and no proof,
 * second logins on its connection, guessed, used and repeated nonces, itself and names that break
 * tables as targets, user messages that carry a playerId, a protocol of another version.
 */
import { Tally } from '../../base/tally.ts';
import { ActLoop } from './act-loop.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { claimedPlayers } from './claimed-players.ts';
import { pick } from './draws.ts';
import { encodeRawShot } from './raw-inputs.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 150;

/** What proves nobody, whatever the game's `authenticate` looks at. */
const NO_PROOF: readonly unknown[] = [null, 42, 'root', [], {}, { __proto__: null, isAdmin: true }];
/** Nobody's name in a drawn run: there, who is meant must not depend on what somebody is called. */
const ODD_TARGETS = ['__defineGetter__', 'valueOf', 'nobody', '-0', '\u{1f916}'] as const;

const KINDS = [
  'login again',
  'login of another version',
  'guessed nonce',
  'repeated nonce',
  'odd target',
  'claimed player',
  'login elsewhere',
] as const;
type ForgeryKind = (typeof KINDS)[number];

export class ForgedIdentityActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #forged: readonly unknown[];
  readonly #targets: readonly string[];
  readonly #session: RawSession;
  /** Never gets in. */
  readonly #impostor: RawSession;
  readonly #loop: ActLoop;

  constructor(options: ActorOptions) {
    this.#options = options;
    const { forgedCredentials = [] } = options;
    this.#forged = [...NO_PROOF, ...forgedCredentials];
    this.#targets = [...ODD_TARGETS, ...forgedCredentials.flatMap(claimedPlayers)];
    this.#session = new RawSession(options);
    this.#impostor = new RawSession(options, {
      logsIn: false,
      reconnectMs: 1_000,
      onLoggedIn: () => this.counts.add('impostor let in'),
    });
    this.#loop = new ActLoop(options, PERIOD_MS, () => this.#act());
  }

  start(): void {
    this.#session.start();
    this.#impostor.start();
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    this.#session.stop();
    this.#impostor.stop();
  }

  #act(): void {
    const kind = pick(this.#options.random, KINDS);
    if (this.#forge(kind)) this.counts.add(kind);
  }

  #forge(kind: ForgeryKind): boolean {
    const { random } = this.#options;
    const session = this.#session;
    const tick = session.serverTick + 2;
    switch (kind) {
      case 'login again':
        return session.login(pick(random, this.#forged));
      case 'login elsewhere':
        return this.#impostor.login(pick(random, this.#forged));
      case 'login of another version':
        return this.#impostor.send({ kind: 'login', protocolVersion: 999, credentials: 'null' });
      case 'guessed nonce': {
        const nonce = Math.floor(random() * 2 ** 32).toString(16);
        return session.send({
          kind: 'heartbeat-answer',
          nonce,
          serverTick: tick,
          reliableReceived: 0,
        });
      }
      case 'repeated nonce': {
        const [nonce] = session.nonces;
        if (nonce === undefined) return false;
        return session.send({
          kind: 'heartbeat-answer',
          nonce,
          serverTick: tick,
          reliableReceived: 0,
        });
      }
      case 'odd target': {
        const targetPlayerId = pick(random, this.#targets);
        const aim = { directionX: 1, directionY: 0, viewTickSixteenths: BigInt(tick) * 16n };
        const bytes = encodeRawShot({ tick: BigInt(tick), targetPlayerId, ...aim });
        return session.sendBytes(bytes, 'reliable');
      }
      case 'claimed player': {
        const name = pick(random, ['constructor', 'chat', 'login', '__proto__']);
        const payload = JSON.stringify({ playerId: 'somebody else', sessionId: '0' });
        return session.send({ kind: 'user-message', name, payload });
      }
      default:
        return kind satisfies never;
    }
  }
}
