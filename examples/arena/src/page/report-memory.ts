/**
 * Carries timelines across the death of the server. A new process knows nothing of the sessions of
 * the one before, so the page puts what it was told by both in a row: the earlier moves of a
 * player, the gap, the moves since. In: reports as they come. Out: reports in the present server's
 * time.
 */
import type { ReportedMove, ReportedSession, SessionReport } from '../shared/session-report.ts';

interface Received {
  readonly report: SessionReport;
  /** On the page's clock. Milliseconds. */
  readonly receivedAt: number;
}

export class ReportMemory {
  #last: Received | undefined;
  /** By player: moves under earlier processes and the gap at their end. */
  #earlier = new Map<string, readonly ReportedMove[]>();

  /** The report, with the earlier moves of players who are back. `receivedAt`: the page's clock. */
  extend(report: SessionReport, receivedAt: number): SessionReport {
    const received = { report, receivedAt };
    if (this.#last !== undefined && this.#last.report.server.pid !== report.server.pid) {
      this.#earlier = movesBefore(received, this.#last);
    }
    const extended = { ...report, sessions: this.#extendSessions(report.sessions) };
    this.#last = { report: extended, receivedAt };
    return extended;
  }

  #extendSessions(sessions: readonly ReportedSession[]): ReportedSession[] {
    const isBack = new Set<string>();
    return sessions.map((session) => {
      const earlier = session.playerId === null ? undefined : this.#earlier.get(session.playerId);
      if (session.playerId === null || earlier === undefined || isBack.has(session.playerId)) {
        return session;
      }
      isBack.add(session.playerId);
      return { ...session, timeline: [...earlier, ...session.timeline] };
    });
  }
}

/** What players lived through under the processes before, each ending with the gap. */
function movesBefore(present: Received, past: Received): Map<string, readonly ReportedMove[]> {
  const { server, at, windowMs } = present.report;
  // Both processes count from their own start; the page's clock has seen both.
  const shiftMs = at - present.receivedAt - (past.report.at - past.receivedAt);
  const gap = server.outage ?? { from: past.report.at + shiftMs, how: 'another process' };
  const byPlayer = new Map<string, readonly ReportedMove[]>();
  for (const { playerId, state, epoch, timeline } of past.report.sessions) {
    if (playerId === null || state === 'disconnected') continue;
    const shifted = timeline.map((move) => ({ ...move, at: move.at + shiftMs }));
    const moves = shifted.filter((move) => move.at < gap.from);
    const first = moves.findLastIndex((move) => move.at <= at - windowMs);
    byPlayer.set(playerId, [
      ...moves.slice(Math.max(0, first)),
      { at: gap.from, to: 'no-session', cause: gap.how, epoch },
    ]);
  }
  return byPlayer;
}
