/**
 * Compares the traces of the same peers in two runs. In: two runs, whom to compare, how to read a
 * trace. Out: a finding for each peer whose traces part, with the first difference.
 */
import type { RunResult } from '../run-result.ts';
import type { Trace } from '../trace.ts';
import { firstDifference } from '../trace-difference.ts';
import type { OracleFinding, OracleId } from './oracle-finding.ts';

export interface PeerComparison {
  readonly oracle: OracleId;
  readonly expected: RunResult;
  readonly actual: RunResult;
  readonly peers: Iterable<string>;
  /** What of a trace must be equal, for each of the two runs. Default: all of it. */
  readonly read?: (trace: Trace, run: RunResult) => Trace;
  /** Differences from this instant on are none. Default: there is no such instant. */
  readonly until?: number;
}

export function comparePeers(comparison: PeerComparison): OracleFinding[] {
  const { oracle, expected, actual, peers, until = Infinity } = comparison;
  const findings: OracleFinding[] = [];
  for (const peer of peers) {
    const one = expected.peers.get(peer)?.trace;
    const other = actual.peers.get(peer)?.trace;
    if (one === undefined || other === undefined) {
      const missing = (one === undefined ? expected : actual).name;
      findings.push({ oracle, peer, at: undefined, text: `${peer} has no trace in '${missing}'` });
      continue;
    }
    const { read = whole } = comparison;
    const difference = firstDifference(read(one, expected), read(other, actual));
    if (difference === undefined || difference.at >= until) continue;
    const { at, text } = difference;
    const heading = `'${actual.name}' is not '${expected.name}' (seed ${expected.seed})`;
    findings.push({ oracle, peer, at, text: `${heading}\n${text}` });
  }
  return findings;
}

function whole(trace: Trace): Trace {
  return trace;
}
