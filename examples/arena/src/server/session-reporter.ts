/**
 * Makes the report that the panel shows, from `host.sessions` and `host.inspect` and nothing else.
 * One report serves all pages for REPORT_AGE_MS_MAX: its cost doesn't grow with the watchers.
 */
import type { SessionHistoryEntry } from 'holdfast/session';
import type {
  ReportedMove,
  ReportedServer,
  ReportedSession,
  SessionReport,
} from '../shared/session-report.ts';
import type { ArenaHost, ArenaSession } from './arena-host.ts';

/** How far back the timelines reach. */
const WINDOW_MS = 60_000;
/** How long a removed session stays in the report. */
const REMOVED_SHOWN_MS = 10_000;
const REPORT_AGE_MS_MAX = 200;
/** Names of players who are gone are remembered for their removed rows; the oldest go first. */
const NAMES_MAX = 1_000;

type History = Map<string, SessionHistoryEntry[]>;

/** How the session came into the state that it is in. */
function presentMove({ enteredAt, state, lastCause, epoch }: ArenaSession): ReportedMove {
  return { at: rounded(enteredAt), to: state, cause: lastCause, epoch };
}

function toMove({ at, to, cause, epoch }: SessionHistoryEntry): ReportedMove {
  return { at, to, cause, epoch };
}

export interface ReporterFacts {
  /** The clock that the host runs on. */
  readonly now: () => number;
  readonly describeServer: () => ReportedServer;
}

export class SessionReporter {
  readonly #host: ArenaHost;
  readonly #now: () => number;
  readonly #describeServer: () => ReportedServer;
  readonly #names = new Map<string, string>();
  #text = '';
  #textAt = -Infinity;

  constructor(host: ArenaHost, facts: ReporterFacts) {
    this.#host = host;
    this.#now = facts.now;
    this.#describeServer = facts.describeServer;
    host.sessions.subscribe(({ session }) => this.#remember(session));
  }

  /** The report as JSON text, at most REPORT_AGE_MS_MAX old. */
  reportText(): string {
    const now = this.#now();
    if (now - this.#textAt > REPORT_AGE_MS_MAX) {
      this.#text = JSON.stringify(this.report());
      this.#textAt = now;
    }
    return this.#text;
  }

  report(): SessionReport {
    const at = this.#now();
    const history = this.#historyBySession();
    const sessions: ReportedSession[] = [];
    for (const session of this.#host.sessions) {
      const moves = visibleMoves(history.get(session.sessionId) ?? [], at);
      history.delete(session.sessionId);
      // The ring has forgotten a session that hasn't moved for long; its handle hasn't.
      sessions.push(this.#describe(session, moves.length > 0 ? moves : [presentMove(session)]));
    }
    for (const moves of history.values()) {
      const removed = this.#describeRemoved(moves, at);
      if (removed !== undefined) sessions.push(removed);
    }
    return { server: this.#describeServer(), at: rounded(at), windowMs: WINDOW_MS, sessions };
  }

  /** One pass over the ring; asking for each session's timeline would be one pass per session. */
  #historyBySession(): History {
    const bySession: History = new Map();
    for (const entry of this.#host.sessions.history()) {
      const moves = bySession.get(entry.sessionId);
      if (moves === undefined) bySession.set(entry.sessionId, [entry]);
      else moves.push(entry);
    }
    return bySession;
  }

  #describe(session: ArenaSession, timeline: readonly ReportedMove[]): ReportedSession {
    const inspection = this.#host.inspect(session);
    return {
      sessionId: session.sessionId,
      peerId: session.peerId,
      playerId: session.playerId ?? null,
      name: session.data?.name ?? null,
      state: session.state,
      cause: session.lastCause,
      epoch: session.epoch,
      enteredAt: rounded(session.enteredAt),
      deadline: Number.isFinite(session.deadline) ? rounded(session.deadline) : null,
      roundTripTimeMs:
        session.roundTripTimeMs === undefined ? null : rounded(session.roundTripTimeMs),
      verdicts: inspection?.verdicts.counts ?? null,
      recentVerdicts: (inspection?.verdicts.recent ?? []).map(
        ({ input, outcome, code }) => `${input} ${outcome}${code === undefined ? '' : ` ${code}`}`,
      ),
      timeline,
    };
  }

  #describeRemoved(moves: readonly SessionHistoryEntry[], at: number): ReportedSession | undefined {
    const last = moves.at(-1);
    if (last?.to !== 'disconnected' || at - last.at > REMOVED_SHOWN_MS) return undefined;
    const playerId = last.playerId ?? null;
    return {
      sessionId: last.sessionId,
      peerId: last.peerId,
      playerId,
      name: playerId === null ? null : (this.#names.get(playerId) ?? null),
      state: 'disconnected',
      cause: last.cause,
      epoch: last.epoch,
      enteredAt: rounded(last.at),
      deadline: null,
      roundTripTimeMs: null,
      verdicts: null,
      recentVerdicts: [],
      timeline: visibleMoves(moves, at),
    };
  }

  #remember(session: ArenaSession): void {
    const name = session.data?.name;
    if (session.playerId === undefined || name === undefined) return;
    this.#names.delete(session.playerId);
    this.#names.set(session.playerId, name);
    const [oldest] = this.#names.keys();
    if (this.#names.size > NAMES_MAX && oldest !== undefined) this.#names.delete(oldest);
  }
}

/** A tenth of a millisecond is finer than any pixel. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}

/** The moves within the window, and the one that was in force when it began. */
function visibleMoves(moves: readonly SessionHistoryEntry[], at: number): ReportedMove[] {
  const begin = at - WINDOW_MS;
  const first = moves.findLastIndex((move) => move.at <= begin);
  return moves.slice(Math.max(0, first)).map((move) => ({ ...toMove(move), at: rounded(move.at) }));
}
