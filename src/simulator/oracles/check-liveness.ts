/**
 * O9: once everything is healed, everybody who plays by the rules is in again, and sees the world
 * move. In: a run with its healing. Out: a finding for each honest peer who, from healing plus the
 * given time to the end, is not logged in on both sides without interruption, or goes without a
 * snapshot for longer than is allowed; and for a run too short to tell.
 */
import { MESSAGE_KIND_BYTES } from '../../protocol/message-kinds.ts';
import type { PeerRun, RunResult } from '../run-result.ts';
import { SERVER_BEGINS } from '../run-recorder.ts';
import type { Trace, TraceEntry } from '../trace.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { readSessionMove } from './session-move.ts';

/** When everybody must be back, and how long a view may stand still then. */
export interface LivenessOptions {
  /** Virtual ms from healing until everybody must be back. */
  readonly withinMs: number;
  /** Longest time between two snapshots that arrive, from then on. */
  readonly snapshotGapMsMax: number;
  /** Until when (virtual ms); before the goodbyes. Default: the run's end. */
  readonly until?: number;
  /** Honest peers who don't want to be in. */
  readonly absent?: ReadonlySet<string>;
}

interface Span {
  readonly from: number;
  readonly until: number;
}

/** O9: a finding for each honest peer who is not in, or sees nothing, after the healing. */
export function checkLiveness(run: RunResult, options: LivenessOptions): OracleFinding[] {
  const { withinMs, snapshotGapMsMax, until = run.endedAt, absent } = options;
  const heading = `'${run.name}' (seed ${run.seed})`;
  if (run.healedAt === undefined || run.healedAt + withinMs + snapshotGapMsMax > until) {
    const text = `${heading} ends before its liveness can be judged`;
    return [{ oracle: 'O9', peer: undefined, at: until, text }];
  }
  const span: Span = { from: run.healedAt + withinMs, until };
  const findings: OracleFinding[] = [];
  for (const peer of run.peers.values()) {
    if (peer.role !== 'honest' || absent?.has(peer.name) === true) continue;
    for (const problem of problemsOf(peer, span, snapshotGapMsMax)) {
      const text = `${heading}: ${peer.name}, healed at ${run.healedAt} ms, ${problem}`;
      findings.push({ oracle: 'O9', peer: peer.name, at: span.from, text });
    }
  }
  return findings;
}

function* problemsOf({ trace }: PeerRun, span: Span, gapMsMax: number): Iterable<string> {
  for (const side of ['server', 'client'] as const) {
    const problem = absence(trace, side, span);
    if (problem !== undefined) yield problem;
  }
  const gap = longestGap(trace, span);
  if (gap.ms > gapMsMax) yield `sees no snapshot for ${gap.ms} ms from ${gap.from} ms on`;
}

/** Why the peer is not in during the whole span, as that side sees it; undefined = it is. */
function absence(trace: Trace, side: 'server' | 'client', span: Span): string | undefined {
  const states = new Map<string, string>();
  const isIn = (): boolean => [...states.values()].includes('logged-in');
  let wasInAtBegin: boolean | undefined;
  for (const entry of trace.entries(`${side}-move`, 'note')) {
    if (entry.at >= span.until) break;
    if (entry.at > span.from) wasInAtBegin ??= isIn();
    const reason = follow(states, side, entry);
    if (wasInAtBegin === true && !isIn()) {
      return `is ${reason} on the ${side} from ${entry.at} ms on`;
    }
  }
  // A client that nobody listened to says nothing: the server and the snapshots speak for it.
  if (side === 'client' && states.size === 0) return undefined;
  if (wasInAtBegin ?? isIn()) return undefined;
  const shown = [...states.values()].join(', ') || 'unknown';
  return `is ${shown} on the ${side} at ${span.from} ms`;
}

/** Notes the entry's state; answers it in words. */
function follow(states: Map<string, string>, side: 'server' | 'client', entry: TraceEntry): string {
  if (entry.kind === 'note') {
    if (side === 'server' && entry.text === SERVER_BEGINS) states.clear();
    return 'unknown (the server began anew)';
  }
  const { sessionId, to, cause } = readSessionMove(entry);
  states.set(sessionId, to);
  return `${to} (${cause})`;
}

function longestGap(trace: Trace, span: Span): { readonly ms: number; readonly from: number } {
  let longest = { ms: 0, from: span.from };
  let last = span.from;
  const close = (at: number): void => {
    if (at - last > longest.ms) longest = { ms: at - last, from: last };
    last = at;
  };
  for (const { at, firstByte } of trace.entries('client-received')) {
    if (at < span.from || firstByte !== MESSAGE_KIND_BYTES.snapshot) continue;
    if (at >= span.until) break;
    close(at);
  }
  close(span.until);
  return longest;
}
