/**
 * Many connections at once that all log in: some with the right credentials, which take its own
 * seat over each time, some with wrong ones until they are thrown out, some with both at once, some
 * with none, and some that leave before they are answered. Bounded: a storm that never ends tests
 * nothing more.
 */
import { Tally } from '../../base/tally.ts';
import { ActLoop } from './act-loop.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 100;
const CONNECTIONS_MAX = 24;

const KINDS = ['right', 'wrong', 'right and wrong', 'none', 'gone at once'] as const;
type LoginKind = (typeof KINDS)[number];

export class LoginStormActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #sessions = new Set<RawSession>();
  readonly #loop: ActLoop;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#loop = new ActLoop(options, PERIOD_MS, () => this.#act());
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
    for (const session of this.#sessions) session.stop();
  }

  #act(): void {
    const { random } = this.#options;
    for (let left = whole(random, 1, 4); left > 0; left -= 1) {
      if (this.#sessions.size >= CONNECTIONS_MAX) this.#drop();
      this.#knock(pick(random, KINDS));
    }
  }

  #knock(kind: LoginKind): void {
    const session = new RawSession(this.#options, {
      logsIn: false,
      reconnectMs: 0,
      onOpen: () => this.#login(session, kind),
      onLoggedIn: () => this.counts.add('let in'),
      onRefused: () => this.#login(session, kind),
      counts: this.counts,
      onClosed: () => void this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    this.counts.add(`knock ${kind}`);
    session.start();
  }

  #login(session: RawSession, kind: LoginKind): void {
    const { credentials, forgedCredentials = [], random } = this.#options;
    const wrong = pick(random, [null, ...forgedCredentials]);
    if (kind === 'right' || kind === 'gone at once') session.login(credentials);
    if (kind === 'gone at once') session.drop();
    if (kind === 'wrong' || kind === 'right and wrong') session.login(wrong);
    if (kind === 'right and wrong') session.login(credentials);
  }

  /** Gives the oldest up. */
  #drop(): void {
    const [oldest] = this.#sessions;
    oldest?.stop();
  }
}
