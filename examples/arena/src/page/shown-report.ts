/**
 * A session report as the page shows it: what the server told, and around it what only the page can
 * know. In: reports of several processes, the page's own log. Out: types alone.
 */
import type { ReportedSession, SessionReport } from '../shared/session-report.ts';
import type { Gap } from './state-style.ts';

export interface ShownMove {
  /** Milliseconds, on the clock of whoever shows it. */
  readonly at: number;
  readonly to: ReportedSession['state'] | Gap;
  readonly cause: string;
  readonly epoch: number;
  /** The process that told it, when it is not the one that is there now. */
  readonly toldBy?: number;
  readonly note?: string;
}

export type ShownSession = Omit<ReportedSession, 'timeline'> & {
  readonly timeline: readonly ShownMove[];
};

export type ShownReport = Omit<SessionReport, 'sessions'> & {
  readonly sessions: readonly ShownSession[];
};
