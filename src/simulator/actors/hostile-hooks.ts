/**
 * What a game's own code on the server does wrong, for the peers that are its victims and for
 * nobody else: subscribers that remove or throw, hooks and rules that throw, hooks that never
 * answer, answer late or answer nonsense. In: the game's honest hooks. Out: the same hooks, gone
 * bad; `counts` of what they did. Every draw is from a stream of the peer that it is about.
 */
import type { CreateAuthorities } from '../../authority/authority.ts';
import type { Scheduler } from '../../base/clock.ts';
import { Tally } from '../../base/tally.ts';
import type { Authenticate } from '../../host/authentication.ts';
import type { HostOptions } from '../../host/host-options.ts';
import type { ManagedSession } from '../../session/managed-session.ts';
import type { MultiSessionManager } from '../../session/multi-session-manager.ts';
import type { UnitStreams } from '../../transport/line-fates.ts';
import { pick, whole } from './draws.ts';
import { hostileRules } from './hostile-rules.ts';

export interface HostileHooksOptions {
  /** Of the server's node. */
  readonly scheduler: Scheduler;
  /** Asked for `hook:${purpose}:${peer}`; for logins the peer is known by its address. */
  readonly streams: UnitStreams;
  /** How often a hook goes bad where it can, from 0 to 1. Default 0.2. */
  readonly rate?: number;
  readonly isVictim: (session: ManagedSession) => boolean;
  /** Whether these credentials are a victim's. */
  readonly areVictimCredentials: (credentials: unknown) => boolean;
  /** At whose inputs rules throw. Default: the victims'. */
  readonly isVictimOfRules?: (session: ManagedSession) => boolean;
  /** Its rules end it, while the rate is above 0; nobody but victims may ever be in it. */
  readonly doomedWorld?: string;
}

/** What `authenticate` may do to a victim instead of answering. */
const ANSWERS = ['throws', 'rejects', 'never answers', 'answers late', 'answers nonsense'] as const;
const NONSENSE: readonly unknown[] = [
  undefined,
  null,
  7,
  {},
  { playerId: '' },
  { playerId: 'x'.repeat(65) },
  { playerId: 'victim', worldId: 3 },
];
const LATE_MS_MAX = 15_000;
/** Of the rate, for each input that runs: there are twenty a second. */
const RULE_RATE = 0.02;
/** In which tick a doomed world ends. */
const DOOM_TICKS = { min: 5, max: 100 };

export class HostileHooks {
  readonly counts: Tally = new Tally();
  readonly #options: HostileHooksOptions;
  readonly #rate: number;
  readonly #streams = new Map<string, () => number>();
  #doom: number | undefined;

  constructor(options: HostileHooksOptions) {
    this.#options = options;
    this.#rate = options.rate ?? 0.2;
  }

  /** Removes a victim from within its own event. Answers how to unsubscribe. */
  subscribeRemover(sessions: MultiSessionManager): () => void {
    return sessions.subscribe(({ session, to }) => {
      if (to === 'disconnected' || !this.#goesBad('remove', session)) return;
      this.counts.add('removes in a callback');
      sessions.remove(session, 'removed-in-callback');
    });
  }

  /** Throws at events of victims. Answers how to unsubscribe. */
  subscribeThrower(sessions: MultiSessionManager): () => void {
    return sessions.subscribe(({ session }) => {
      if (this.#goesBad('subscriber', session)) this.#throw('subscriber');
    });
  }

  authenticate(inner: Authenticate): Authenticate {
    return (credentials, request) => {
      const { areVictimCredentials } = this.#options;
      if (!areVictimCredentials(credentials)) return inner(credentials, request);
      const random = this.#stream('authenticate', request.address);
      if (random() >= this.#rate) return inner(credentials, request);
      return this.#answerBadly(random, () => inner(credentials, request)) as ReturnType<
        typeof inner
      >;
    };
  }

  onMessage(inner: HostOptions['onMessage']): HostOptions['onMessage'] {
    return (session, message) => {
      if (this.#goesBad('onMessage', session)) this.#throw('onMessage');
      inner(session, message);
    };
  }

  onVerdict(inner: HostOptions['onVerdict']): NonNullable<HostOptions['onVerdict']> {
    return (session, input, verdict) => {
      inner?.(session, input, verdict);
      if (this.#goesBad('onVerdict', session)) this.#throw('onVerdict');
    };
  }

  /** Throws at half of what it hears of victims: it hears seldom. */
  onSuspicion(): NonNullable<HostOptions['onSuspicion']> {
    return (session) => {
      if (this.#rate > 0 && this.#goesBad('onSuspicion', session, 0.5)) this.#throw('onSuspicion');
    };
  }

  /** Rules that throw at inputs of victims, and in a tick of the doomed world. */
  authorities(inner: CreateAuthorities): CreateAuthorities {
    return hostileRules(inner, {
      handleInput: (session) => {
        const { isVictim, isVictimOfRules = isVictim } = this.#options;
        if (!isVictimOfRules(session)) return;
        const random = this.#stream('rule', session.peerId);
        if (random() < this.#rate * RULE_RATE) this.#throw('rule');
      },
      step: (worldId, tick) => {
        if (worldId !== this.#options.doomedWorld || this.#rate === 0) return;
        if (tick === this.#doomTick(worldId)) this.#throw('world');
      },
    });
  }

  /** The same in each life of the world. */
  #doomTick(worldId: string): number {
    const { min, max } = DOOM_TICKS;
    this.#doom ??= whole(this.#stream('world', worldId), min, max);
    return this.#doom;
  }

  /** Deliberate: the abort signal is ignored, as by a hook that was written in a hurry. */
  #answerBadly(random: () => number, answer: () => unknown): unknown {
    const kind = pick(random, ANSWERS);
    this.counts.add(`authenticate ${kind}`);
    switch (kind) {
      case 'throws':
        throw new Error('authenticate went bad');
      case 'rejects':
        return Promise.reject(new Error('authenticate went bad'));
      case 'never answers':
        return new Promise(() => undefined);
      case 'answers nonsense':
        return pick(random, NONSENSE);
      case 'answers late': {
        const delayMs = whole(random, 1, LATE_MS_MAX);
        return new Promise((resolve) => {
          this.#options.scheduler.setTimer(delayMs, () => resolve(answer()));
        });
      }
      default:
        return kind satisfies never;
    }
  }

  #goesBad(purpose: string, session: ManagedSession, rate = this.#rate): boolean {
    if (!this.#options.isVictim(session)) return false;
    return this.#stream(purpose, session.peerId)() < rate;
  }

  #throw(where: string): never {
    this.counts.add(`${where} throws`);
    throw new Error(`${where} went bad`);
  }

  #stream(purpose: string, peer: string): () => number {
    const key = `hook:${purpose}:${peer}`;
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = this.#options.streams(key);
      this.#streams.set(key, stream);
    }
    return stream;
  }
}

/** Whether it is what a hook that went bad has thrown. */
export function isGoneBad(error: unknown): boolean {
  return error instanceof Error && error.message.endsWith('went bad');
}
