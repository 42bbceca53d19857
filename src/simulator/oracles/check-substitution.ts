/**
 * O2: whatever an attacker is (silence, flood, garbage, death), the others live the same lives. In:
 * a run, and one in which only the named peers were replaced by something else; their part in the
 * world, if they had one, comes from the first run's tape. Out: a finding for each other peer whose
 * trace is not equal byte for byte.
 */
import type { RunResult } from '../run-result.ts';
import { comparePeers } from './compare-peers.ts';
import type { OracleFinding } from './oracle-finding.ts';

/** O2: a finding for each peer but the replaced ones whose trace differs. `replaced`: names. */
export function checkSubstitution(
  baseline: RunResult,
  variant: RunResult,
  replaced: ReadonlySet<string>,
): OracleFinding[] {
  const peers = new Set([...baseline.peers.keys(), ...variant.peers.keys()]);
  for (const name of replaced) peers.delete(name);
  return comparePeers({ oracle: 'O2', expected: baseline, actual: variant, peers });
}
