/**
 * What became of one session's inputs: counts, the newest few that were not plainly accepted, and
 * what this tick's VerdictReport will say. Accepted inputs cost one addition.
 */
import { RingBuffer } from '../base/ring-buffer.ts';
import { Tally } from '../base/tally.ts';
import type { AuthorityInput } from '../authority/authority.ts';
import type { Verdict, VerdictOutcome } from '../authority/verdict.ts';
import type { VerdictReport } from '../protocol/messages.ts';
import { WIRE_LIMITS } from '../protocol/wire-limits.ts';

export type VerdictEntry = VerdictReport['entries'][number];

/** What `host.inspect` shows; a copy. */
export interface VerdictSummary {
  readonly counts: Readonly<Record<VerdictOutcome, number>>;
  /** Rejections by code. */
  readonly rejectedByCode: Readonly<Record<string, number>>;
  /** Newest last; only what was not plainly accepted. */
  readonly recent: readonly VerdictEntry[];
}

const RECENT_MAX = 8;

function entryOf(input: AuthorityInput, verdict: Verdict & { outcome: VerdictEntry['outcome'] }) {
  return {
    input: input.kind === 'user-input' ? input.name : input.kind,
    inputTick: input.kind === 'user-input' ? 0 : input.tick,
    outcome: verdict.outcome,
    code: verdict.outcome === 'rejected' ? verdict.code : undefined,
  };
}

export class VerdictRecord {
  readonly #counts: Record<VerdictOutcome, number> = {
    accepted: 0,
    clamped: 0,
    stale: 0,
    duplicate: 0,
    rejected: 0,
  };
  /** Made when they have something to hold: who plays by the rules has none of the three. */
  #rejectedByCode: Tally | undefined;
  #recent: RingBuffer<VerdictEntry> | undefined;
  #pending: VerdictEntry[] | undefined;
  #omitted = 0;

  /** True while `takeReport` has something. */
  get hasReport(): boolean {
    return this.#pending !== undefined;
  }

  /** Counts one verdict. Shots stay out of the report: a CombatEvent tells their shooter. */
  note(input: AuthorityInput, verdict: Verdict): void {
    const entry = this.count(input, verdict);
    if (entry === undefined || input.kind === 'shoot-input') return;
    this.#pending ??= [];
    if (this.#pending.length < WIRE_LIMITS.verdictEntriesMax) this.#pending.push(entry);
    else this.#omitted += 1;
  }

  /** Counts one that nobody will be told of. Answers what it noted; undefined when accepted. */
  count(input: AuthorityInput, verdict: Verdict): VerdictEntry | undefined {
    this.#counts[verdict.outcome] += 1;
    if (verdict.outcome === 'accepted') return undefined;
    const entry = entryOf(input, verdict);
    if (entry.code !== undefined) (this.#rejectedByCode ??= new Tally()).add(entry.code);
    (this.#recent ??= new RingBuffer(RECENT_MAX)).push(entry);
    return entry;
  }

  /** The report of what came together since the last one; undefined when there is nothing. */
  takeReport(tick: number): VerdictReport | undefined {
    const entries = this.#pending;
    if (entries === undefined) return undefined;
    const omitted = this.#omitted;
    this.#pending = undefined;
    this.#omitted = 0;
    return { kind: 'verdict-report', tick, entries, omitted };
  }

  summary(): VerdictSummary {
    return {
      counts: { ...this.#counts },
      rejectedByCode: Object.fromEntries(this.#rejectedByCode ?? []),
      recent: [...(this.#recent ?? [])],
    };
  }
}
