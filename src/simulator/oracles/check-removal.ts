/**
 * O4: removing one peer, at any moment and from inside any callback, ends that peer and nobody
 * else. In: a run, and the same one in which the peer was removed at an instant. Out: findings when
 * another trace differs before that instant, when one that shares no world with the peer differs at
 * all, or when the removed peer's session has no end, or hears anything after it. What the others
 * live through afterwards is O1's question, with the second run's own tape.
 */
import type { RunResult } from '../run-result.ts';
import type { Trace } from '../trace.ts';
import { comparePeers } from './compare-peers.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { readSessionMove } from './session-move.ts';

export interface RemovalCheck {
  readonly baseline: RunResult;
  readonly removed: RunResult;
  readonly removedPeer: string;
  /** When it was removed (virtual ms). */
  readonly at: number;
  /** The reason given to `remove`. */
  readonly reason: string;
  /** Peers in other worlds: nothing at all may differ for them. */
  readonly strangers?: ReadonlySet<string>;
}

export function checkRemoval(check: RemovalCheck): OracleFinding[] {
  const { baseline, removed, removedPeer, at, strangers = new Set<string>() } = check;
  const all = new Set([...baseline.peers.keys(), ...removed.peers.keys()]);
  const others = [...all].filter((name) => name !== removedPeer && !strangers.has(name));
  const runs = { oracle: 'O4', expected: baseline, actual: removed } as const;
  return [
    ...comparePeers({ ...runs, peers: others, until: at }),
    ...comparePeers({ ...runs, peers: strangers }),
    ...checkEnd(check),
  ];
}

function checkEnd({ removed, removedPeer, at, reason }: RemovalCheck): OracleFinding[] {
  const finding = (text: string, when = at): OracleFinding => ({
    oracle: 'O4',
    peer: removedPeer,
    at: when,
    text: `'${removed.name}' (seed ${removed.seed}): ${removedPeer} ${text}`,
  });
  const trace = removed.peers.get(removedPeer)?.trace;
  if (trace === undefined) return [finding('has no trace')];
  const ends = endsOf(trace, reason);
  const end = ends.find((each) => each.at === at);
  if (end === undefined) return [finding(`was removed at ${at} ms and no session ended`)];
  const findings: OracleFinding[] = [];
  for (const entry of trace.entries('server-move', 'verdict')) {
    if (entry.offset <= end.offset || entry.text === undefined) continue;
    const isOfSession = entry.kind === 'server-move' && entry.text.includes(end.sessionId);
    if (isOfSession) findings.push(finding(`moves after its end: ${entry.text}`, entry.at));
  }
  return findings;
}

function endsOf(trace: Trace, reason: string) {
  const ends: { readonly at: number; readonly offset: number; readonly sessionId: string }[] = [];
  for (const entry of trace.entries('server-move')) {
    const { to, cause, sessionId } = readSessionMove(entry);
    if (to === 'disconnected' && cause === reason) {
      ends.push({ at: entry.at, offset: entry.offset, sessionId });
    }
  }
  return ends;
}
