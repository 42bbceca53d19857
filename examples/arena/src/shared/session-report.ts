/**
 * What `GET /sessions` answers: every session of `host.sessions`, as the server reports it. The
 * page draws this and infers nothing. Instants are the server's monotonic milliseconds.
 */
import type { SessionState } from 'holdfast/session';

/** One move of a session: when it came, into which state, and why. */
export interface ReportedMove {
  readonly at: number;
  readonly to: SessionState;
  readonly cause: string;
  readonly epoch: number;
}

/** How many inputs of a session got which verdict. */
export interface ReportedVerdicts {
  readonly accepted: number;
  readonly clamped: number;
  readonly stale: number;
  readonly duplicate: number;
  readonly rejected: number;
}

export interface ReportedSession {
  readonly sessionId: string;
  readonly peerId: string;
  /** Null before somebody was proven. */
  readonly playerId: string | null;
  readonly name: string | null;
  readonly state: SessionState;
  readonly cause: string;
  readonly epoch: number;
  readonly enteredAt: number;
  /** When the state ends by itself; null = never. */
  readonly deadline: number | null;
  readonly roundTripTimeMs: number | null;
  readonly verdicts: ReportedVerdicts | null;
  /** The latest verdicts that were not plain acceptance, newest last. */
  readonly recentVerdicts: readonly string[];
  /** Moves, oldest first; the first may be older than the window. */
  readonly timeline: readonly ReportedMove[];
}

/** How long there was no server before this one. */
export interface ReportedOutage {
  readonly from: number;
  readonly until: number;
  /** How the process before ended: `SIGKILL`, `exit code 1`, `restart`. */
  readonly how: string;
}

export interface ReportedServer {
  readonly pid: number;
  /** Null for the first process. */
  readonly outage: ReportedOutage | null;
}

export interface SessionReport {
  readonly server: ReportedServer;
  /** The server's now. */
  readonly at: number;
  /** How far back the timelines reach. */
  readonly windowMs: number;
  /** In order of creation; removed ones stay for some seconds as `disconnected`. */
  readonly sessions: readonly ReportedSession[];
}

/** Where the report is served. */
export const SESSION_REPORT_PATH = '/sessions';
