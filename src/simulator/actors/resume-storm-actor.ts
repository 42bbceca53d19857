/**
 * Drops its connection and resumes, many times a second, more often than a seat may move, and says
 * absurd things of itself: counts that were never sent, less than it has taken, that it remembers
 * nothing, ticks of another age. Acknowledges what it never got.
 */
import { Tally } from '../../base/tally.ts';
import type { LoginAccepted, Resume } from '../../protocol/messages.ts';
import type { Actor, ActorOptions } from './actor.ts';
import { pick } from './draws.ts';
import { RawSession } from './raw-session.ts';

const PERIOD_MS = 90;
const RECONNECT_MS = 15;
const ABSURD = [0, 1, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER] as const;

const KINDS = ['honest', 'forgetful', 'taken back', 'absurd count', 'absurd tick'] as const;
type ClaimKind = (typeof KINDS)[number];

export class ResumeStormActor implements Actor {
  readonly counts: Tally = new Tally();
  readonly #options: ActorOptions;
  readonly #session: RawSession;
  #ticket: Pick<Resume, 'sessionId' | 'token'> | undefined;

  constructor(options: ActorOptions) {
    this.#options = options;
    this.#session = new RawSession(options, {
      loop: { periodMs: PERIOD_MS, act: () => this.#act() },
      logsIn: false,
      // Its own acknowledgements are lies.
      answersHeartbeats: false,
      reconnectMs: RECONNECT_MS,
      onOpen: () => this.#begin(),
      onLoggedIn: (accepted) => this.#keep(accepted),
      onRefused: () => this.#giveUp(),
      counts: this.counts,
    });
  }

  start(): void {
    this.#session.start();
  }

  stop(): void {
    this.#session.stop();
  }

  #begin(): void {
    const kind = pick(this.#options.random, KINDS);
    if (this.#ticket === undefined) this.#session.login(this.#options.credentials);
    else if (this.#session.resume({ ...this.#ticket, ...this.#claim(kind) })) this.counts.add(kind);
  }

  #claim(kind: ClaimKind): Partial<Resume> {
    const { random } = this.#options;
    switch (kind) {
      case 'honest':
        return {};
      case 'forgetful':
        return { reliableReceived: undefined, lastTick: 0 };
      case 'taken back':
        return { reliableReceived: Math.max(0, this.#session.reliableReceived - 1) };
      case 'absurd count':
        return { reliableReceived: pick(random, ABSURD) };
      case 'absurd tick':
        return { lastTick: pick(random, ABSURD) };
      default:
        return kind satisfies never;
    }
  }

  #keep({ sessionId, resumeToken: token, isResumed }: LoginAccepted): void {
    this.counts.add(isResumed ? 'resumed' : 'let in');
    this.#ticket = token === '' ? undefined : { sessionId, token };
  }

  /** Busy, or over: now and then it begins again. */
  #giveUp(): void {
    this.counts.add('refused');
    if (this.#options.random() < 0.5) this.#ticket = undefined;
    this.#session.drop();
  }

  #act(): void {
    const { random } = this.#options;
    const session = this.#session;
    if (!session.isOpen) return;
    if (random() < 0.15) {
      const [nonce] = session.nonces;
      const reliableReceived = pick(random, ABSURD);
      const answer = { kind: 'heartbeat-answer', nonce: nonce ?? '', serverTick: 0 } as const;
      if (session.send({ ...answer, reliableReceived })) this.counts.add('false acknowledgement');
      return;
    }
    this.counts.add('drop');
    session.drop();
  }
}
