/**
 * O3: names mean nothing, and neither does the order in which peers join. In: a run, and the same
 * one under other names or with another order of joining. Out: a finding for each peer whose trace,
 * translated back, is not equal byte for byte. New names keep the order of the old ones (ties of
 * damage go to the lower id) and lines have no bandwidth limit (names have lengths).
 */
import type { RunResult } from '../run-result.ts';
import { canonicalTrace, type Canon } from './canonical-trace.ts';
import { comparePeers } from './compare-peers.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { Renaming } from './renaming.ts';

export interface RenamingCheck {
  readonly original: RunResult;
  readonly renamed: RunResult;
  /** From the new name to the old one; peers and players share their names. Default: the same. */
  readonly originalByName?: ReadonlyMap<string, string>;
  /** The order of joining is another one: entities may have other numbers. Default false. */
  readonly isReordered?: boolean;
}

const SAME_NAMES = new Renaming([]);

export function checkRenaming(check: RenamingCheck): OracleFinding[] {
  const { original, originalByName = new Map<string, string>(), isReordered = false } = check;
  const renaming = new Renaming(originalByName);
  const renamed: RunResult = { ...check.renamed, peers: translatedPeers(check.renamed, renaming) };
  const canonOf = (run: RunResult): Canon => ({
    renaming: run === original ? SAME_NAMES : renaming,
    ignoresEntityNumbers: isReordered,
  });
  return comparePeers({
    oracle: 'O3',
    expected: original,
    actual: renamed,
    peers: new Set([...original.peers.keys(), ...renamed.peers.keys()]),
    read: (trace, run) => canonicalTrace(trace, canonOf(run)),
  });
}

function translatedPeers({ peers }: RunResult, renaming: Renaming): RunResult['peers'] {
  return new Map([...peers].map(([name, peer]) => [renaming.original(name), peer]));
}
