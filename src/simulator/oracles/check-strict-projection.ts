/**
 * O1, strict: without any puppets, in a world that is empty but for the peer. Lifecycle, own moves
 * and their verdicts, and own places must be those of the joint run, until the peer first dies.
 * Holds for a peer whose line draws nothing by chance and has no bandwidth limit, who decides
 * nothing by what it sees, and who appears at a place that does not depend on others (one spawn
 * point): docs/ORACLES.md says why.
 */
import type { RunResult } from '../run-result.ts';
import { comparePeers } from './compare-peers.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { ownLifeOf } from './own-life.ts';

export function checkStrictProjection(joint: RunResult, alone: RunResult): OracleFinding[] {
  return comparePeers({
    oracle: 'O1',
    expected: joint,
    actual: alone,
    peers: alone.peers.keys(),
    read: ownLifeOf,
    until: firstDeath(joint),
  });

  function firstDeath(run: RunResult): number {
    let first = Infinity;
    for (const name of alone.peers.keys()) {
      const trace = run.peers.get(name)?.trace;
      if (trace === undefined) continue;
      first = Math.min(first, deathOf(ownLifeOf(trace)));
    }
    return first;
  }
}

function deathOf(life: ReturnType<typeof ownLifeOf>): number {
  for (const { at, text } of life.entries('note')) if (text === 'dead') return at;
  return Infinity;
}
