/**
 * O10: the same seed is the same run. In: two runs of one seed. Out: a finding when their hashes
 * differ, with the first difference of each peer that has one.
 */
import type { RunResult } from '../run-result.ts';
import { comparePeers } from './compare-peers.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { hashRun } from './hash-run.ts';

/** O10: a finding for each peer whose trace differs between two runs that must be the same. */
export function checkRepeat(first: RunResult, second: RunResult): OracleFinding[] {
  const [expected, actual] = [hashRun(first), hashRun(second)];
  if (expected === actual) return [];
  const peers = new Set([...first.peers.keys(), ...second.peers.keys()]);
  const findings = comparePeers({ oracle: 'O10', expected: first, actual: second, peers });
  if (findings.length > 0) return findings;
  const text = `the hashes of seed ${first.seed} differ: ${expected} ≠ ${actual}`;
  return [{ oracle: 'O10', peer: undefined, at: undefined, text }];
}
