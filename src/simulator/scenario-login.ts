/**
 * The `authenticate` of drawn runs: whoever has the proof of a player is that player. It answers at
 * once, later, or too late, as the scenario says. In: credentials. Out: who it is, or a refusal.
 * Every draw is from a stream of the player that it is about.
 */
import type { Authenticated, RefusedLogin } from '../host/authentication.ts';
import { refuse } from '../host/authentication.ts';
import type { Scenario } from './scenario.ts';
import type { UnitStreams } from '../transport/line-fates.ts';
import type { HookContext } from './simulation-options.ts';

/** Beyond the longest login time-out that is drawn. */
const LATE_MS = 4_500;

/** What lets this player in; plain data, as it goes over the wire. */
export function credentialsOf(playerId: string): unknown {
  return { playerId, proof: proofOf(playerId) };
}

/** What claims to be this player and must not be believed. */
export function forgedCredentialsOf(playerId: string): unknown {
  return { playerId, proof: 'none' };
}

export interface ScenarioLoginOptions {
  readonly scenario: Scenario;
  /** Virtual ms since the start. */
  readonly nowMs: () => number;
  /** Asked for `login:${playerId}`. */
  readonly units: UnitStreams;
}

export class ScenarioLogin {
  readonly #scenario: Scenario;
  readonly #nowMs: () => number;
  readonly #units: UnitStreams;
  readonly #streams = new Map<string, () => number>();
  /** The worlds that a player's next logins go to, by player. */
  readonly #worlds: ReadonlyMap<string, string[]>;

  constructor({ scenario, nowMs, units }: ScenarioLoginOptions) {
    this.#scenario = scenario;
    this.#nowMs = nowMs;
    this.#units = units;
    this.#worlds = new Map(
      scenario.peers.map(({ playerId, worldIds }) => [playerId, [...worldIds]]),
    );
  }

  authenticate(
    credentials: unknown,
    { sleep }: HookContext,
  ): Authenticated | RefusedLogin | Promise<Authenticated> {
    const { playerId, proof } = Object(credentials) as Readonly<Record<string, unknown>>;
    if (typeof playerId !== 'string' || proof !== proofOf(playerId))
      return refuse('bad-credentials');
    const answer: Authenticated = { playerId, ...this.#worldOf(playerId) };
    const delayMs = this.#delayMs(playerId);
    return delayMs === 0 ? answer : sleep(delayMs).then(() => answer);
  }

  /** The next of the player's worlds; after the last comes the first. */
  #worldOf(playerId: string): Pick<Authenticated, 'worldId'> {
    const worlds = this.#worlds.get(playerId);
    const worldId = worlds?.shift();
    if (worldId === undefined) return {};
    worlds?.push(worldId);
    return { worldId };
  }

  #delayMs(playerId: string): number {
    const { loginMsMax, lateLoginRate, safetyMs } = this.#scenario;
    if (loginMsMax === 0 && lateLoginRate === 0) return 0;
    const random = this.#stream(playerId);
    const isLate = random() < lateLoginRate;
    const delayMs = loginMsMax * random();
    return isLate && this.#nowMs() < safetyMs ? LATE_MS : delayMs;
  }

  #stream(playerId: string): () => number {
    let stream = this.#streams.get(playerId);
    if (stream === undefined) {
      stream = this.#units(`login:${playerId}`);
      this.#streams.set(playerId, stream);
    }
    return stream;
  }
}

/** A name by itself, so that a run under other names has other proofs, and nothing else. */
function proofOf(playerId: string): string {
  return playerId;
}
