/**
 * O1: what a peer lives through among others is what it lives through alone. In: the joint run and
 * a run in which only some peers are live, the others being puppets of the joint run's tape. Out: a
 * finding for each live peer whose trace is not equal byte for byte and instant for instant.
 */
import type { RunResult } from '../run-result.ts';
import { comparePeers } from './compare-peers.ts';
import type { OracleFinding } from './oracle-finding.ts';

/** O1: a finding for each peer of `solo` whose trace is another than in `joint`. */
export function checkProjection(joint: RunResult, solo: RunResult): OracleFinding[] {
  return comparePeers({ oracle: 'O1', expected: joint, actual: solo, peers: solo.peers.keys() });
}
