/**
 * A hostile peer: what it needs, and how it is started and stopped. Each kind is a class beside
 * this file; create-hostile-actor.ts makes one by its name. An actor lives on its own node, draws
 * from its own random stream, and counts what it does, so that a run in which it did nothing shows.
 */
import type { Clock, Scheduler } from '../../base/clock.ts';
import type { Tally } from '../../base/tally.ts';
import type { SimulatedLine } from '../simulated-line.ts';
import type { SimulatedClientTransport } from '../simulated-network.ts';

export interface ActorOptions {
  /** Of the actor's node. */
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Uniform in [0, 1), for this actor alone. */
  readonly random: () => number;
  readonly transport: SimulatedClientTransport;
  readonly line: SimulatedLine;
  readonly url: string;
  /** With which `authenticate` lets it in as its own player. */
  readonly credentials: unknown;
  /** With which `authenticate` must not let it in, such as another player's without the proof. */
  readonly forgedCredentials?: readonly unknown[];
  readonly tickRateHz: number;
}

/** A hostile peer. */
export interface Actor {
  /** What it has done, by name. */
  readonly counts: Tally;
  /** Begins; once. */
  start(): void;
  /** Drops its connections and does nothing ever after. Idempotent. */
  stop(): void;
}
