/**
 * O6: the wall clock may jump, and nothing follows: no deadline, no byte, no verdict depends on it.
 * In: a run, and the same one with steps of the wall clock. Out: a finding for each peer whose
 * trace is not equal byte for byte. (Expiry by the calendar, once something has it, is to be
 * recorded as `connection-closed` with its own code and excepted here by name.)
 */
import type { RunResult } from '../run-result.ts';
import { comparePeers } from './compare-peers.ts';
import type { OracleFinding } from './oracle-finding.ts';

export function checkWallClock(baseline: RunResult, stepped: RunResult): OracleFinding[] {
  const peers = new Set([...baseline.peers.keys(), ...stepped.peers.keys()]);
  return comparePeers({ oracle: 'O6', expected: baseline, actual: stepped, peers });
}
