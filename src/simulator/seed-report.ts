/**
 * What one seed has shown, as plain data that can be sent and added up. Made by `runSeed`.
 * Must not know: other seeds.
 */

/** Something that must not be, in the words of the oracle that found it. */
export interface Mismatch {
  /** `projection`, `legal-transitions`, `bounds`, …; `replay` for a hash that is not repeated. */
  readonly oracle: string;
  readonly text: string;
}

/** How often a session moved like this while that fault was on its line: move → fault → times. */
export type Coverage = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface SeedReport {
  readonly seed: number;
  /** Why it does not count, though nothing is wrong; undefined = it counts. */
  readonly shortcoming: string | undefined;
  readonly mismatches: readonly Mismatch[];
  /** Virtual ms of the joint run. */
  readonly jointMs: number;
  /** Virtual ms of all runs of the seed. */
  readonly virtualMs: number;
  /** Callbacks that ran, in all runs. */
  readonly events: number;
  /** Traces that were compared with another. */
  readonly pairsCompared: number;
  /** Bytes of one side of each pair. */
  readonly bytesCompared: number;
  /** Times that each fault has acted in the joint run, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly coverage: Coverage;
  readonly acceptedInputs: number;
  readonly hits: number;
  readonly timeOuts: number;
  readonly takeovers: number;
  /** The joint run was made twice. */
  readonly isReplayed: boolean;
}
