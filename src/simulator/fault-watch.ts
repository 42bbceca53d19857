/**
 * Which faults act on whom at this instant, and what sessions did meanwhile. In: the scenario, what
 * begins and ends, moves of sessions. Out: counts by kind of fault, and the cells state × event ×
 * fault that were reached. Must not know: networks, hosts.
 */
import type { SessionEvent } from '../session/session-event.ts';
import type { Scenario } from './scenario.ts';
import type { Coverage } from './seed-report.ts';

/** What a fault that is over at once may still cause, in ms: about the longest silence drawn. */
const AFTERMATH_MS = 4_000;
/** On the server: it acts on everybody. */
const EVERYBODY = '';

interface ActiveFault {
  readonly kind: string;
  readonly until: number;
}

export class FaultWatch {
  readonly #now: () => number;
  readonly #active = new Map<string, ActiveFault[]>();
  readonly #counts = new Map<string, number>();
  readonly #cells = new Map<string, Map<string, number>>();

  /** `now` answers virtual ms since the start. */
  constructor(scenario: Scenario, now: () => number) {
    this.#now = now;
    for (const { name, role, actor, conditions } of scenario.peers) {
      const kinds = new Set([...Object.keys(conditions.up), ...Object.keys(conditions.down)]);
      const faults = [...kinds].map((kind) => ({ kind, until: scenario.safetyMs }));
      if (role === 'hostile') faults.push({ kind: `hostile:${actor}`, until: Infinity });
      this.#active.set(name, faults);
    }
    this.#active.set(EVERYBODY, []);
  }

  /** A fault of one peer begins, or of the server where no peer is given. */
  begin(kind: string, durationMs: number, peer: string = EVERYBODY): void {
    const until = this.#now() + durationMs + AFTERMATH_MS;
    this.#active.get(peer)?.push({ kind, until });
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  handleMove(peer: string, { from, cause }: Pick<SessionEvent, 'from' | 'cause'>): void {
    const move = `${from} × ${cause}`;
    let cells = this.#cells.get(move);
    if (cells === undefined) this.#cells.set(move, (cells = new Map()));
    const kinds = this.#kindsOn(peer);
    for (const kind of kinds.size === 0 ? ['none'] : kinds) {
      cells.set(kind, (cells.get(kind) ?? 0) + 1);
    }
  }

  /** Times that each act of the script has begun. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  get coverage(): Coverage {
    return Object.fromEntries(
      [...this.#cells].map(([key, cells]) => [key, Object.fromEntries(cells)]),
    );
  }

  #kindsOn(peer: string): Set<string> {
    const now = this.#now();
    const kinds = new Set<string>();
    for (const name of [EVERYBODY, peer]) {
      for (const { kind, until } of this.#active.get(name) ?? []) if (until > now) kinds.add(kind);
    }
    return kinds;
  }
}
