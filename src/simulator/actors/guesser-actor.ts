/**
 * Guesses at passwords: one to five wrong ones on a connection, each when the last was refused or
 * all in one instant, whatever the server allows; then the right one, or nothing any more until its
 * time is up. Once let in it goes and begins again.
 */
import type { Timer } from '../../base/clock.ts';
import { Tally } from '../../base/tally.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick, whole } from './draws.ts';
import { RawSession } from './raw-session.ts';

const RECONNECT_MS = 300;
const STAY_MS = 400;
const GUESSES_MAX = 5;
/** How long it thinks between two guesses at most: slower ones meet the login deadline. */
const THINK_MS_MAX = 600;

export class GuesserActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;
  #guessesLeft = 0;
  #knowsIt = false;
  #timer: Timer | undefined;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#session = new RawSession(options, {
      logsIn: false,
      reconnectMs: RECONNECT_MS,
      onOpen: () => this.#begin(),
      onRefused: () => {
        this.counts.add('refused');
        this.#plan(options.random() * THINK_MS_MAX, () => this.#guess());
      },
      onLoggedIn: () => {
        this.counts.add('let in');
        this.#plan(STAY_MS, () => this.#session.drop());
      },
      counts: this.counts,
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#session.stop();
  }

  #begin(): void {
    const { random } = this.#options;
    this.#timer?.cancel();
    this.#guessesLeft = whole(random, 1, GUESSES_MAX);
    this.#knowsIt = random() < 0.6;
    const isHasty = random() < 0.3;
    this.#guess();
    while (isHasty && this.#guessesLeft > 0) this.#guess();
  }

  #guess(): void {
    const { random, credentials, forgedCredentials = [] } = this.#options;
    if (this.#guessesLeft > 0) {
      this.#guessesLeft -= 1;
      if (this.#session.login(pick(random, [null, ...forgedCredentials]))) this.counts.add('wrong');
      return;
    }
    if (!this.#knowsIt) {
      this.counts.add('gives up');
      return;
    }
    this.#knowsIt = false;
    if (this.#session.login(credentials)) this.counts.add('right');
  }

  #plan(delayMs: number, act: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#options.scheduler.setTimer(delayMs, act);
  }
}
