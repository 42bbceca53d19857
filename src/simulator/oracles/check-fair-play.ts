/**
 * Who plays by the rules is suspected of nothing, whatever others do and whatever happens to lines,
 * computers and the server; but for a line that has stood still and delivered late, all at once.
 * In: a run on the shipped client with the default thresholds. Out: a finding for each suspicion of
 * somebody honest that has no such excuse.
 */
import type { PeerRun, RunResult } from '../run-result.ts';
import type { OracleFinding } from './oracle-finding.ts';

/** Of a client that sends twenty times a second: somebody or something stood still. */
const STALL_MS_MIN = 1_000;
/** As long as offences count, by the default window: they fade by e in each. */
const EXCUSED_MS = 10_000;
/** What inputs can be that a line delivers late, all at once. Nothing else has an excuse. */
const LATE_KINDS: ReadonlySet<string | undefined> = new Set(['stale', 'flood']);

export function checkFairPlay(run: RunResult): OracleFinding[] {
  const findings: OracleFinding[] = [];
  for (const peer of run.peers.values()) {
    if (peer.role !== 'honest') continue;
    for (const { at, kind } of suspicionsOf(peer)) {
      const where = `${peer.name} in '${run.name}' (seed ${run.seed}) at ${at} ms`;
      const text = `${where}: is honest, and suspected: ${kind}`;
      findings.push({ oracle: 'fair play', peer: peer.name, at, text });
    }
  }
  return findings;
}

/** Those without an excuse. */
function* suspicionsOf({ trace }: PeerRun): Iterable<{ at: number; kind: string | undefined }> {
  if (trace.entries('suspicion').next().done === true) return;
  const heardAt = new Map<number, number>();
  let stalledAt = -Infinity;
  for (const { kind, at, connection, text } of trace.entries('server-received', 'suspicion')) {
    if (kind === 'server-received') {
      if (at - (heardAt.get(connection) ?? at) >= STALL_MS_MIN) stalledAt = at;
      heardAt.set(connection, at);
      continue;
    }
    const [suspected, change] = text?.split(' ') ?? [];
    const isExcused = LATE_KINDS.has(suspected) && at - stalledAt <= EXCUSED_MS;
    if (change === 'raised' && !isExcused) yield { at, kind: suspected };
  }
}
