/**
 * The supervised process's end of the channel to its supervisor. In: facts at the start. Out:
 * reports. When the supervisor is gone, in whatever way, this process ends too.
 */
import type { LaunchFacts, PreviousProcess } from './supervised-child.ts';
import type { ChildReport } from './supervision-messages.ts';
import { FACTS_VARIABLE, parseLaunchFacts } from './supervision-messages.ts';

export class SupervisorLink {
  readonly #facts: LaunchFacts;
  #handleLost: () => void = () => process.exit(1);

  /** Made by `findSupervisor` alone. */
  constructor(facts: LaunchFacts) {
    this.#facts = facts;
    process.once('disconnect', () => this.#handleLost());
    // It may have gone before anybody listened.
    if (!process.connected) this.#handleLost();
  }

  /** Processes that were started before this one. */
  get restarts(): number {
    return this.#facts.restarts;
  }

  /** The port that an earlier process reported: listen on this one. */
  get port(): number | undefined {
    return this.#facts.port;
  }

  /** How and when the process before this one ended; undefined for the first. */
  get previous(): PreviousProcess | undefined {
    return this.#facts.previous;
  }

  /** Says that this process serves. `port`: the one that it chose, for those that follow. */
  reportListening(port?: number): void {
    this.#report({ holdfast: 'listening', ...(port === undefined ? {} : { port }) });
  }

  /** Asks for SIGTERM, and for another process after this one. */
  requestRestart(): void {
    this.#report({ holdfast: 'restart' });
  }

  /** What to do when the supervisor is gone; at first: exit. */
  onLost(callback: () => void): void {
    this.#handleLost = callback;
  }

  #report(report: ChildReport): void {
    if (!process.connected) return;
    // Deliberate: a report that fails means that the supervisor is gone, and that is noticed.
    process.send?.(report, undefined, undefined, () => undefined);
  }
}

let hasLooked = false;
let link: SupervisorLink | undefined;

/** The supervisor of this process; undefined when it runs on its own. Call it early. */
export function findSupervisor(): SupervisorLink | undefined {
  if (hasLooked) return link;
  hasLooked = true;
  const facts = parseLaunchFacts(process.env[FACTS_VARIABLE]);
  // Not for the processes that this one starts.
  delete process.env[FACTS_VARIABLE];
  if (facts !== undefined && process.send !== undefined) link = new SupervisorLink(facts);
  return link;
}
