/**
 * The campaign's own check: one planted coupling between peers, on a copy of the build, which the
 * same seeds must find. In: the build. Out: how many mismatches they found; 0 means that the
 * campaign sees nothing and its own 0 is worth nothing.
 */
import { createMutantCopy } from '../mutants/apply-patches.ts';
import type { Mutant } from '../../test/mutants/mutant.ts';
import { runCampaign } from './campaign.ts';

const CANARY_SEEDS = 4;

/** Everybody is told the newest input tick of everybody. */
const CANARY: Mutant = {
  name: 'canary-shared-input-ack',
  file: 'broadcast/broadcaster.js',
  replacements: [
    {
      find: "return encodeInputAck({ kind: 'input-ack', lastInputTick, marginTicks });",
      replace: `this.newest = Math.max(this.newest ?? lastInputTick, lastInputTick);
        return encodeInputAck({ kind: 'input-ack', lastInputTick: this.newest, marginTicks });`,
    },
  ],
  mistake: 'Who keeps one acknowledgement for all makes each peer hear of the others.',
  rule: 'R1',
};

export interface CanaryOptions {
  /** The build that is copied. */
  readonly directory: string;
  readonly firstSeed: number;
  readonly workers: number | undefined;
}

/** Answers the mismatches that were found. Rejects when the patch does not apply any more. */
export async function runCanary(options: CanaryOptions): Promise<number> {
  const { firstSeed, workers } = options;
  const { directory, dispose } = await createMutantCopy(CANARY, options.directory);
  try {
    const { tally } = await runCampaign({
      directory,
      firstSeed,
      seedsMin: CANARY_SEEDS,
      seedsMax: CANARY_SEEDS,
      ...(workers === undefined ? {} : { workers }),
    });
    return tally.mismatches;
  } finally {
    dispose();
  }
}
