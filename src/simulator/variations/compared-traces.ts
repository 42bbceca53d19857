/** How much of a run was compared with another one. In: the run, names. Out: traces and bytes. */
import type { RunResult } from '../run-result.ts';
import type { VariationOutcome } from './variation.ts';

export function comparedTraces(
  { peers }: RunResult,
  names: Iterable<string> = peers.keys(),
): Pick<VariationOutcome, 'pairsCompared' | 'bytesCompared'> {
  let pairsCompared = 0;
  let bytesCompared = 0;
  for (const name of names) {
    pairsCompared += 1;
    bytesCompared += peers.get(name)?.trace.bytesCount ?? 0;
  }
  return { pairsCompared, bytesCompared };
}
