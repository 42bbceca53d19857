/** A move of a session as a trace has it: the other half of what RunRecorder writes. */
import type { SessionState } from '../../session/session-state.ts';
import type { TraceEntry } from '../trace.ts';

export interface SessionMove {
  /** Empty on the client's side. */
  readonly sessionId: string;
  /** Which connection of its peer. */
  readonly connection: number;
  readonly from: SessionState;
  readonly to: SessionState;
  readonly cause: string;
  readonly epoch: number;
}

/** The entry is a `server-move` or a `client-move`. */
export function readSessionMove(entry: TraceEntry): SessionMove {
  const [sessionId, connection, from, to, cause, epoch] = JSON.parse(entry.text ?? '[]') as [
    string,
    number,
    SessionState,
    SessionState,
    string,
    number,
  ];
  return { sessionId, connection, from, to, cause, epoch };
}
