/**
 * Carries timelines across the death of the server. A new process knows what of a session was
 * written down, not what it lived through, so the page puts what it was told by both in a row: the
 * earlier moves, the gap, the moves since. In: reports as they come. Out: reports in the present
 * server's time, and itself as plain values, so that it outlives a reload of the page.
 */
import type { ReportedSession, SessionReport } from '../shared/session-report.ts';
import type { ShownMove, ShownReport, ShownSession } from './shown-report.ts';

interface Received {
  readonly report: ShownReport;
  /** On the page's clock. Milliseconds. */
  readonly receivedAt: number;
}

/** The life of one session under earlier processes, with the gap at its end. */
interface EarlierLife {
  readonly sessionId: string;
  readonly playerId: string;
  readonly moves: readonly ShownMove[];
}

/** What of a memory can be written down. */
export interface KeptMemory {
  readonly last: Received | undefined;
  readonly earlier: readonly EarlierLife[];
}

export class ReportMemory {
  #last: Received | undefined;
  #earlier: readonly EarlierLife[];

  constructor(kept?: KeptMemory) {
    this.#last = kept?.last;
    this.#earlier = kept?.earlier ?? [];
  }

  get kept(): KeptMemory {
    return { last: this.#last, earlier: this.#earlier };
  }

  /** The report, with the earlier moves of who is back. `receivedAt`: the page's clock. */
  extend(report: SessionReport, receivedAt: number): ShownReport {
    if (this.#last !== undefined && this.#last.report.server.pid !== report.server.pid) {
      this.#earlier = livesBefore({ report, receivedAt }, this.#last);
    }
    const extended = { ...report, sessions: this.#extendSessions(report.sessions) };
    this.#last = { report: extended, receivedAt };
    return extended;
  }

  #extendSessions(sessions: readonly ReportedSession[]): ShownSession[] {
    const isTaken = new Set<EarlierLife>();
    const take = (life: EarlierLife | undefined): readonly ShownMove[] => {
      if (life === undefined || isTaken.has(life)) return [];
      isTaken.add(life);
      return life.moves;
    };
    const own = sessions.map((session) => take(this.#earlier.find(isOf(session))));
    return sessions.map((session, index) => {
      // A session that was not written down is another one now; its player is the same.
      const moves = own[index]?.length === 0 ? take(this.#lifeOfPlayer(session)) : own[index];
      return { ...session, timeline: [...(moves ?? []), ...session.timeline] };
    });
  }

  #lifeOfPlayer({ playerId }: ReportedSession): EarlierLife | undefined {
    return this.#earlier.find((life) => life.playerId === playerId);
  }
}

function isOf({ sessionId }: ReportedSession): (life: EarlierLife) => boolean {
  return (life) => life.sessionId === sessionId;
}

/** What was lived through under the processes before, each life ending with the gap. */
function livesBefore(
  present: { readonly report: SessionReport; readonly receivedAt: number },
  past: Received,
): EarlierLife[] {
  const { server, at, windowMs } = present.report;
  // Both processes count from their own start; the page's clock has seen both.
  const shiftMs = at - present.receivedAt - (past.report.at - past.receivedAt);
  const gap = server.outage ?? { from: past.report.at + shiftMs, how: 'another process' };
  const isBack = new Set(present.report.sessions.map(({ sessionId }) => sessionId));
  const pid = past.report.server.pid;
  const lives: EarlierLife[] = [];
  for (const { sessionId, playerId, state, epoch, timeline } of past.report.sessions) {
    // An orderly stop removes all sessions, and those that it has written down come back.
    const hasEnded = state === 'disconnected' && !isBack.has(sessionId);
    if (playerId === null || hasEnded) continue;
    const moves = timeline
      .map((move) => ({ ...move, at: move.at + shiftMs, toldBy: move.toldBy ?? pid }))
      .filter((move) => move.at < gap.from && move.to !== 'disconnected');
    const first = moves.findLastIndex((move) => move.at <= at - windowMs);
    const death: ShownMove = { at: gap.from, to: 'no-server', cause: gap.how, epoch };
    lives.push({ sessionId, playerId, moves: [...moves.slice(Math.max(0, first)), death] });
  }
  return lives;
}
