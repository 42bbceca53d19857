/**
 * Which variations of a seed are run, by its number: each costs one or two joint runs. In: a
 * scenario and its joint run. Out: what each of them found. Must not know: what they change.
 */
import type { RunResult } from './run-result.ts';
import type { Scenario } from './scenario.ts';
import { removePeer } from './variations/remove-peer.ts';
import { renamePeers } from './variations/rename-peers.ts';
import { reorderJoins } from './variations/reorder-joins.ts';
import { stepWallClock } from './variations/step-wall-clock.ts';
import { substitutePeers } from './variations/substitute-peers.ts';
import type { Variation, VariationOutcome } from './variations/variation.ts';

/** By the rest of the seed's division by their number: every other seed has none. */
const VARIATIONS: readonly (Variation | undefined)[] = [
  stepWallClock,
  substitutePeers,
  undefined,
  renamePeers,
  undefined,
  removePeer,
  undefined,
  reorderJoins,
];

/** Undefined = this seed has none. */
export async function runVariation(
  scenario: Scenario,
  joint: RunResult,
): Promise<VariationOutcome | undefined> {
  const variation = VARIATIONS[scenario.seed % VARIATIONS.length];
  // A disk is shared by all: what one of them writes less, another has earlier.
  if (scenario.store !== undefined && variation !== stepWallClock) return undefined;
  return variation?.(scenario, joint);
}
