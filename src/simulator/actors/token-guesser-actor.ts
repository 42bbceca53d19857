/**
 * Guesses at tokens: of its own session while that is held or played, of sessions that there never
 * were, with the right length and with none, in another version of the protocol; more often on a
 * connection than is allowed, and sometimes a Login after it. Nothing of it may ever succeed.
 */
import { Tally } from '../../base/tally.ts';
import type { SessionId } from '../../protocol/ids.ts';
import type { LoginAccepted } from '../../protocol/messages.ts';
import { ActLoop } from './act-loop.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 120;
const RECONNECT_MS = 200;
const TOKEN_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const TOKEN_LENGTH = 22;

const KINDS = ['own session', 'no session', 'empty', 'long', 'other version', 'login'] as const;
type GuessKind = (typeof KINDS)[number];

export class TokenGuesserActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  /** Has the session that it guesses at. */
  readonly #owner: RawSession;
  readonly #guesser: RawSession;
  readonly #loop: ActLoop;
  #sessionId = '';

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#owner = new RawSession(options, {
      reconnectMs: 1_500,
      onLoggedIn: (accepted) => this.#handleOwner(accepted),
    });
    this.#guesser = new RawSession(options, {
      logsIn: false,
      reconnectMs: RECONNECT_MS,
      onLoggedIn: ({ isResumed }) => this.counts.add(isResumed ? 'guessed right' : 'logged in'),
      onRefused: () => this.counts.add('refused'),
      counts: this.counts,
    });
    this.#loop = new ActLoop(options, PERIOD_MS, () => this.#act());
  }

  start(): void {
    this.#owner.start();
    this.#guesser.start();
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    this.#owner.stop();
    this.#guesser.stop();
  }

  #handleOwner({ sessionId }: LoginAccepted): void {
    this.#sessionId = sessionId;
  }

  #act(): void {
    const { random } = this.#options;
    if (random() < 0.05) this.#owner.drop();
    if (random() < 0.1) this.#guesser.drop();
    const kind = pick(random, KINDS);
    // A Login would end the guessing: seldom.
    if (kind === 'login' && random() < 0.7) return;
    if (this.#guess(kind)) this.counts.add(kind);
  }

  #guess(kind: GuessKind): boolean {
    const { credentials } = this.#options;
    const own = this.#sessionId as SessionId;
    const token = this.#token(TOKEN_LENGTH);
    switch (kind) {
      case 'own session':
        return own !== '' && this.#guesser.resume({ sessionId: own, token });
      case 'no session':
        return this.#guesser.resume({ sessionId: this.#token(32) as SessionId, token });
      case 'empty':
        return own !== '' && this.#guesser.resume({ sessionId: own, token: '' });
      case 'long':
        return own !== '' && this.#guesser.resume({ sessionId: own, token: this.#token(64) });
      case 'other version':
        return own !== '' && this.#guesser.resume({ sessionId: own, token, protocolVersion: 1 });
      case 'login':
        return this.#guesser.login(credentials);
      default:
        return kind satisfies never;
    }
  }

  #token(length: number): string {
    const { random } = this.#options;
    const letter = (): string => TOKEN_LETTERS[whole(random, 0, TOKEN_LETTERS.length - 1)]!;
    return Array.from({ length }, letter).join('');
  }
}
