/**
 * A world that fails takes along those who are in it, and nobody else. In: modelled worlds, moves
 * of sessions in traces. Out: findings.
 */
import type { PeerRun } from '../../run-result.ts';
import { readSessionMove } from '../session-move.ts';
import type { ModelWorld } from './model-world.ts';

export interface FailureProblem {
  readonly peer: string;
  readonly at: number;
  readonly text: string;
}

export function checkFailures(
  peers: ReadonlyMap<string, PeerRun>,
  worlds: readonly ModelWorld[],
): FailureProblem[] {
  const struck = new Set<string>();
  for (const { failedAt, handles, problem } of worlds) {
    const at = failedAt ?? problem?.at;
    for (const { peer } of handles) struck.add(`${at} ${peer}`);
  }
  const problems: FailureProblem[] = [];
  for (const { name, trace } of peers.values()) {
    for (const entry of trace.entries('server-move')) {
      if (entry.text?.includes('world-failed') !== true || struck.has(`${entry.at} ${name}`)) {
        continue;
      }
      if (readSessionMove(entry).cause !== 'world-failed') continue;
      problems.push({ peer: name, at: entry.at, text: 'ended by the failure of another world' });
      break;
    }
  }
  return problems;
}
