/**
 * Removes one peer's session, once, from a drawn moment on: between two events, inside an event or
 * a verdict of its own, inside one of somebody else. In: what a run says. Out: when it was done.
 */
import type { ManagedSession } from '../../session/managed-session.ts';
import type { ScenarioIntervention } from '../scenario-run.ts';
import type { Simulation } from '../simulation.ts';

export const REMOVAL_MOMENTS = [
  'between events',
  'in its own event',
  "in another's event",
  'in its own verdict',
  "in another's verdict",
] as const;
export type RemovalMoment = (typeof REMOVAL_MOMENTS)[number];

export interface PeerRemovalOptions {
  readonly peer: string;
  /** Not before, in virtual ms since the start. */
  readonly fromMs: number;
  readonly moment: RemovalMoment;
  readonly reason: string;
}

type Host = Parameters<ScenarioIntervention['handleHostCreated']>[0];

export class PeerRemoval implements ScenarioIntervention {
  readonly #options: PeerRemovalOptions;
  #simulation: Simulation | undefined;
  #host: Host | undefined;
  #doneAt: number | undefined;

  constructor(options: PeerRemovalOptions) {
    this.#options = options;
  }

  /** Virtual ms; undefined = there was nothing to remove. */
  get doneAt(): number | undefined {
    return this.#doneAt;
  }

  handleStarted(simulation: Simulation): void {
    this.#simulation = simulation;
    const { moment, fromMs } = this.#options;
    if (moment !== 'between events') return;
    // It may be out just then.
    simulation.schedule(fromMs, () => this.#removeOrWait(simulation));
  }

  handleHostCreated(host: Host): void {
    this.#host = host;
    host.sessions.subscribe(({ session }) => this.#hear(session, 'event'));
  }

  handleVerdict(session: ManagedSession): void {
    this.#hear(session, 'verdict');
  }

  #removeOrWait(simulation: Simulation): void {
    this.#remove();
    if (this.#doneAt === undefined) simulation.schedule(1, () => this.#removeOrWait(simulation));
  }

  #hear(session: ManagedSession, what: 'event' | 'verdict'): void {
    const { moment, fromMs, peer } = this.#options;
    if (this.#doneAt !== undefined || (this.#simulation?.nowMs ?? 0) < fromMs) return;
    const whose = isOf(session, peer) ? 'its own' : "another's";
    if (moment === `in ${whose} ${what}`) this.#remove();
  }

  /** The newest of the peer's sessions. */
  #remove(): void {
    const host = this.#host;
    if (host === undefined || this.#simulation === undefined) return;
    const session = [...host.sessions].findLast((each) => isOf(each, this.#options.peer));
    if (session === undefined) return;
    if (!host.sessions.remove(session, this.#options.reason)) return;
    this.#doneAt = this.#simulation.time.now();
  }
}

/** PeerIds are `name#connection`. */
function isOf({ peerId }: ManagedSession, name: string): boolean {
  return peerId.slice(0, peerId.lastIndexOf('#')) === name;
}
