/**
 * Many seeds on one build, on all cores. In: which seeds, or for how long. Out: their Tally and how
 * long it took. Every 100th seed is replayed. Must not know: what is done with the result.
 */
import { availableParallelism } from 'node:os';

import { Tally } from './tally.ts';
import { runOnWorkers, type SeedWord } from './worker-pool.ts';

/** The joint run of each so many-th seed is made twice: equal seeds must make equal runs. */
const REPLAY_EACH = 100;

export interface CampaignOptions {
  /** The build to run. */
  readonly directory: string;
  readonly firstSeed: number;
  /** From one seed to the next. Default 1. */
  readonly seedStep?: number;
  /** Run until so many seeds count. Default: without end, until `wallMsMax`. */
  readonly seedsMin?: number;
  /** Begin no seed after so long. */
  readonly wallMsMax?: number;
  /** Begin no seed after the first mismatch, and no further run of its own seed. */
  readonly stopsAtMismatch?: boolean;
  /** Give up when so many seeds have not sufficed. Default: twice `seedsMin`, and 20. */
  readonly seedsMax?: number;
  readonly workers?: number;
  readonly seedMsMax?: number;
  readonly onWord?: (word: SeedWord, tally: Tally) => void;
}

export interface CampaignOutcome {
  readonly tally: Tally;
  readonly wallMs: number;
  /** Seeds that were begun. */
  readonly begun: number;
}

/** Rejects when the build can't be loaded. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignOutcome> {
  const { directory, firstSeed, seedsMin = Infinity, wallMsMax = Infinity } = options;
  const { stopsAtMismatch = false, seedsMax = 2 * seedsMin + 20, seedStep = 1 } = options;
  const tally = new Tally();
  const startedAt = performance.now();
  let begun = 0;
  let answered = 0;
  const mayBegin = (): boolean => {
    if (begun >= seedsMax || performance.now() - startedAt >= wallMsMax) return false;
    if (stopsAtMismatch && tally.failures.length > 0) return false;
    return tally.seeds + (begun - answered) < seedsMin;
  };
  await runOnWorkers({
    directory,
    workers: Math.min(options.workers ?? availableParallelism(), seedsMin),
    ...(options.seedMsMax === undefined ? {} : { seedMsMax: options.seedMsMax }),
    nextOrder: () => {
      if (!mayBegin()) return undefined;
      const seed = firstSeed + begun * seedStep;
      begun += 1;
      return { seed, isReplayed: seed % REPLAY_EACH === 0, stopsAtMismatch };
    },
    onWord: (word) => {
      answered += 1;
      tally.add(word);
      options.onWord?.(word, tally);
    },
  });
  return { tally, wallMs: performance.now() - startedAt, begun };
}
