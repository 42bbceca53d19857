/**
 * The sum of a campaign. In: reports of seeds. Out: the numbers of its JSON line, all of them
 * counted, none of them known before. Must not know: who ran the seeds.
 */
import type { Mismatch, SeedReport } from '../../src/simulator/seed-report.ts';
import type { SeedWord } from './worker-pool.ts';

export interface Failure {
  readonly seed: number;
  readonly mismatches: readonly Mismatch[];
}

/** A seed that proves nothing either way. */
export interface Discarded {
  readonly seed: number;
  readonly reason: string;
}

export class Tally {
  /** Seeds that count. */
  seeds = 0;
  jointMs = 0;
  virtualMs = 0;
  events = 0;
  pairsCompared = 0;
  bytesCompared = 0;
  mismatches = 0;
  replays = 0;
  replayMismatches = 0;
  acceptedInputs = 0;
  hits = 0;
  timeOuts = 0;
  takeovers = 0;
  readonly failures: Failure[] = [];
  readonly shortcomings: Discarded[] = [];
  readonly crashes: Discarded[] = [];
  readonly #faults = new Map<string, number>();
  readonly #coverage = new Map<string, Map<string, number>>();

  add(word: SeedWord): void {
    if (word.kind === 'crashed') {
      this.crashes.push({ seed: word.seed, reason: word.problem });
      return;
    }
    const { report } = word;
    this.#addMismatches(report);
    if (report.shortcoming !== undefined) {
      this.shortcomings.push({ seed: report.seed, reason: report.shortcoming });
      return;
    }
    this.seeds += 1;
    this.jointMs += report.jointMs;
    this.virtualMs += report.virtualMs;
    this.events += report.events;
    this.pairsCompared += report.pairsCompared;
    this.bytesCompared += report.bytesCompared;
    this.acceptedInputs += report.acceptedInputs;
    this.hits += report.hits;
    this.timeOuts += report.timeOuts;
    this.takeovers += report.takeovers;
    if (report.isReplayed) this.replays += 1;
    for (const [kind, count] of Object.entries(report.faults)) add(this.#faults, kind, count);
    for (const [move, byFault] of Object.entries(report.coverage)) {
      const cells = this.#coverage.get(move) ?? new Map<string, number>();
      this.#coverage.set(move, cells);
      for (const [fault, count] of Object.entries(byFault)) add(cells, fault, count);
    }
  }

  /** Everything went as it must: no mismatch, no crash, and something was proven. */
  get isClean(): boolean {
    return this.mismatches + this.replayMismatches + this.crashes.length === 0 && this.seeds > 0;
  }

  /** The keys of the JSON line but for the canary's, for a campaign that took so long. */
  summary(wallMs: number): Readonly<Record<string, unknown>> {
    const coverage = sortedObject(
      [...this.#coverage].map(([move, cells]) => [move, sortedObject([...cells])]),
    );
    const perHour = wallMs === 0 ? 0 : (this.seeds / wallMs) * 3_600_000;
    return {
      seeds: this.seeds,
      seedsPerHour: Math.round(perHour),
      virtualHours: rounded(this.virtualMs / 3_600_000),
      speedup: wallMs === 0 ? 0 : rounded(this.jointMs / wallMs),
      events: this.events,
      pairsCompared: this.pairsCompared,
      bytesCompared: this.bytesCompared,
      mismatches: this.mismatches,
      faults: sortedObject([...this.#faults]),
      coverage,
      replayMismatches: this.replayMismatches,
      acceptedInputs: this.acceptedInputs,
      hits: this.hits,
      timeOuts: this.timeOuts,
      takeovers: this.takeovers,
    };
  }

  /** What is not in the JSON line, for people. */
  get remarks(): readonly string[] {
    const cells = [...this.#coverage.values()].reduce((sum, moves) => sum + moves.size, 0);
    const idle = [...this.#faults].filter(([, count]) => count === 0).map(([kind]) => kind);
    return [
      `${this.replays} joint runs made twice, ${cells} cells of state × event × fault`,
      `${this.shortcomings.length} seeds not counted, ${this.crashes.length} crashed`,
      ...(idle.length === 0 ? [] : [`faults that never acted: ${idle.join(', ')}`]),
    ];
  }

  #addMismatches(report: SeedReport): void {
    const { seed, mismatches } = report;
    if (mismatches.length === 0) return;
    const replays = mismatches.filter(({ oracle }) => oracle === 'replay').length;
    this.replayMismatches += replays;
    this.mismatches += mismatches.length - replays;
    this.failures.push({ seed, mismatches });
  }
}

function add(counts: Map<string, number>, key: string, count: number): void {
  counts.set(key, (counts.get(key) ?? 0) + count);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function sortedObject<Value>(
  entries: readonly (readonly [string, Value])[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
