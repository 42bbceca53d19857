/**
 * O7: every session walks along SESSION_TRANSITIONS, from its creation to exactly one end. In: a
 * run. Out: a finding for each move that the table does not have, for a move that does not begin
 * where the last one ended or goes back in time, for an epoch that does not count connections, and
 * for a session that has no end (unless it may still be alive) or two.
 */
import { SESSION_STATES, type SessionState } from '../../session/session-state.ts';
import { SESSION_TRANSITIONS } from '../../session/transitions.ts';
import type { RunResult } from '../run-result.ts';
import { SERVER_BEGINS } from '../run-recorder.ts';
import type { TraceEntry } from '../trace.ts';
import type { OracleFinding } from './oracle-finding.ts';
import { readSessionMove, type SessionMove } from './session-move.ts';

export interface LegalLifecycleOptions {
  /** The host and the clients were stopped before the run's end, so every session must be over. */
  readonly isStopped?: boolean;
}

type Side = 'server' | 'client';

interface Walk {
  readonly side: Side;
  state: SessionState;
  cause: string;
  at: number;
  epoch: number;
  connection: number;
  movesCount: number;
}

/** O7: a finding for each move of a session that SESSION_TRANSITIONS does not have. */
export function checkLegalLifecycle(
  run: RunResult,
  { isStopped = false }: LegalLifecycleOptions = {},
): OracleFinding[] {
  const findings: OracleFinding[] = [];
  for (const { name, trace } of run.peers.values()) {
    const walks = new Map<string, Walk>();
    const report = (text: string, at: number): void => {
      const where = `${name} in '${run.name}' (seed ${run.seed}) at ${at} ms`;
      findings.push({ oracle: 'O7', peer: name, at, text: `${where}: ${text}` });
    };
    for (const entry of trace.entries('server-move', 'client-move', 'note')) {
      if (entry.kind === 'note') {
        if (entry.text === SERVER_BEGINS) forgetServer(walks);
        continue;
      }
      const move = readSessionMove(entry);
      const walk = walkOf(walks, entry, move);
      const problem = problemOf(walk, move, entry);
      if (problem !== undefined) report(`${problem}: ${entry.kind} ${entry.text}`, entry.at);
      advance(walk, move, entry);
    }
    if (!isStopped) continue;
    for (const [sessionId, { state, at, side }] of walks) {
      if (state !== 'disconnected') report(`${side} session ${sessionId} has no end`, at);
    }
  }
  return findings;
}

/** The process died, and its sessions with it: nobody was there to see their end. */
function forgetServer(walks: Map<string, Walk>): void {
  for (const [key, { side }] of walks) if (side === 'server') walks.delete(key);
}

function walkOf(walks: Map<string, Walk>, { kind }: TraceEntry, move: SessionMove): Walk {
  const side = kind === 'server-move' ? 'server' : 'client';
  const key = `${side} ${move.sessionId}`;
  let walk = walks.get(key);
  if (walk === undefined) {
    const { connection } = move;
    const start = { state: 'disconnected', cause: '', at: -Infinity, epoch: 0 } as const;
    walk = { ...start, side, connection, movesCount: 0 };
    walks.set(key, walk);
  }
  return walk;
}

function advance(walk: Walk, { to, cause, epoch, connection }: SessionMove, { at }: TraceEntry) {
  walk.state = to;
  walk.cause = cause;
  walk.at = at;
  walk.epoch = epoch;
  walk.connection = connection;
  walk.movesCount += 1;
}

/** What is wrong with the move, the first thing only. */
function problemOf(walk: Walk, move: SessionMove, { at }: TraceEntry): string | undefined {
  const { from, to, cause, epoch } = move;
  if (!isState(from) || !isState(to)) return 'a state that there is not';
  // A client is heard from its first login on.
  const isFirstLogin = walk.side === 'client' && walk.state === 'disconnected';
  if (from !== walk.state && !(isFirstLogin && from === 'login-pending'))
    return `begins at ${from}, but the session was ${walk.state}`;
  if (at < walk.at) return `happens before the move at ${walk.at} ms`;
  if (!isInTable(walk, move)) return `the table has no ${from} → ${to} for '${cause}'`;
  if (walk.side === 'client') return undefined;
  if (from === 'disconnected' && walk.movesCount > 0) return 'a session begins twice';
  // L23: what it had before, an earlier process knew.
  if (cause === 'server-restarted') return undefined;
  const isNewConnection = to === 'logged-in';
  if (epoch !== walk.epoch + (isNewConnection ? 1 : 0)) {
    return `epoch ${epoch} after ${walk.epoch}`;
  }
  const mayMoveHouse = cause === 'taken-over' || cause === 'resumed';
  if (move.connection !== walk.connection && !mayMoveHouse) {
    return `connection ${move.connection} speaks for ${walk.connection}`;
  }
  return undefined;
}

function isInTable({ side, cause: lastCause }: Walk, { from, to, cause }: SessionMove): boolean {
  return SESSION_TRANSITIONS.some((row) => {
    if (row.side !== side || row.from !== from || row.to !== to) return false;
    if (row.cause === 'given') return true;
    return row.cause === 'kept' ? cause === lastCause : cause === row.cause;
  });
}

function isState(word: string): boolean {
  return (SESSION_STATES as readonly string[]).includes(word);
}
