/**
 * Planted bugs, one after the other: each on a patched copy of the build, seed after seed, until an
 * oracle objects or the seeds are spent. In: mutants. Out: killed or survived, and why. Only an
 * oracle kills: a build that doesn't load, a crash or a hang outside the oracles is a survivor with
 * that reason.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';

import { createMutantCopy } from '../mutants/apply-patches.ts';
import { ALL_MUTANTS } from '../../test/mutants/all-mutants.ts';
import type { Mutant } from '../../test/mutants/mutant.ts';
import { runCampaign, type CampaignOutcome } from './campaign.ts';

/**
 * Seeds that one mutant may take: drawn mixes leave a kind of fault out half of the time, and a
 * variation comes once in eight seeds. Only a survivor takes them all.
 */
const SEEDS_MAX = 60;
/** A mutant that makes time stand still must not hold up others; a busy machine is no mutant. */
const SEED_MS_MAX = 40_000;

export interface MutantOutcome {
  readonly name: string;
  /** Seeds until the first mismatch; undefined = it survived. */
  readonly seedsToKill: number | undefined;
  /** What found it, or why nothing did. */
  readonly reason: string;
}

export interface MutantRunOptions {
  /** The build that is copied and patched. */
  readonly directory: string;
  readonly firstSeed: number;
  /** Mutants at the same time. Default: one for each core. */
  readonly workers: number | undefined;
  readonly mutants?: readonly Mutant[];
  /** Names of those to run. Default: all. */
  readonly only?: readonly string[];
  /** Seeds that one mutant may take. */
  readonly seedsMax?: number;
  readonly onOutcome: (outcome: MutantOutcome) => void;
}

/** Rejects when a patch does not apply any more, a copy doesn't load, or a name is unknown. */
export async function runMutants(options: MutantRunOptions): Promise<MutantSummary> {
  const { workers = availableParallelism(), mutants = ALL_MUTANTS } = options;
  const outcomes: MutantOutcome[] = [];
  const left = namedMutants(mutants, options.only);
  const runOnes = async (): Promise<void> => {
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const outcome = await runMutant(mutant, options);
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
  };
  await Promise.all(Array.from({ length: workers }, runOnes));
  return summariseMutants(outcomes);
}

function namedMutants(mutants: readonly Mutant[], only: readonly string[] | undefined): Mutant[] {
  if (only === undefined) return [...mutants];
  return only.map((name) => {
    const mutant = mutants.find((each) => each.name === name);
    if (mutant === undefined) throw new Error(`there is no planted bug '${name}'`);
    return mutant;
  });
}

/** One after the other, in one process: the count of seeds is exact. */
async function runMutant(
  mutant: Mutant,
  { directory, firstSeed, seedsMax = SEEDS_MAX }: MutantRunOptions,
): Promise<MutantOutcome> {
  const copy = await createMutantCopy(mutant, resolve(directory));
  try {
    const { from, step } = mutant.seeds ?? { from: firstSeed, step: 1 };
    const outcome = await runCampaign({
      directory: copy.directory,
      firstSeed: from,
      seedStep: step,
      seedsMin: seedsMax,
      seedsMax,
      stopsAtMismatch: true,
      seedMsMax: SEED_MS_MAX,
      workers: 1,
    });
    return judge(mutant, outcome, (seed) => (seed - from) / step + 1);
  } catch (error) {
    // A crash or a hang of every process, outside of any oracle.
    const reason = `no oracle: ${firstLine(error)}`;
    return { name: mutant.name, seedsToKill: undefined, reason };
  } finally {
    copy.dispose();
  }
}

function judge(
  { name }: Mutant,
  { tally, begun }: CampaignOutcome,
  begunUntil: (seed: number) => number,
): MutantOutcome {
  const { failures, crashes, shortcomings } = tally;
  const first = failures.toSorted((one, other) => one.seed - other.seed)[0];
  if (first !== undefined) {
    const oracles = new Set(first.mismatches.map(({ oracle }) => oracle));
    return { name, seedsToKill: begunUntil(first.seed), reason: [...oracles].join(', ') };
  }
  const without = [
    `no mismatch in ${begun} seeds`,
    ...crashes.slice(0, 1).map(({ reason }) => `${crashes.length} crashes: ${firstLine(reason)}`),
    ...shortcomings
      .slice(0, 1)
      .map(({ reason }) => `${shortcomings.length} not counted: ${reason}`),
  ];
  return { name, seedsToKill: undefined, reason: without.join('; ') };
}

/** The keys of the JSON line. */
export interface MutantSummary {
  readonly total: number;
  readonly killed: number;
  readonly survivors: readonly { readonly name: string; readonly reason: string }[];
  /** Null when nothing was killed. */
  readonly medianSeedsToKill: number | null;
}

export function summariseMutants(outcomes: readonly MutantOutcome[]): MutantSummary {
  const seedsToKill = outcomes
    .flatMap((each) => each.seedsToKill ?? [])
    .toSorted((one, other) => one - other);
  return {
    total: outcomes.length,
    killed: seedsToKill.length,
    survivors: outcomes
      .filter((each) => each.seedsToKill === undefined)
      .map(({ name, reason }) => ({ name, reason })),
    medianSeedsToKill: median(seedsToKill),
  };
}

/** Null when there is nothing to take it of. */
function median(sorted: readonly number[]): number | null {
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function firstLine(problem: unknown): string {
  const text = problem instanceof Error ? problem.message : String(problem);
  return text.split('\n', 1)[0] ?? '';
}
