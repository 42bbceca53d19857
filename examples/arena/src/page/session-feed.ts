/**
 * Asks the server for its sessions, over and over, by HTTP: the panel keeps seeing them while the
 * page's own game connection is dropped or silent. In: `GET /sessions`. Out: reports.
 */
import { SESSION_REPORT_PATH } from '../shared/session-report.ts';
import type { SessionReport } from '../shared/session-report.ts';

const INTERVAL_MS = 250;
const RETRY_MS = 1_000;
const ANSWER_TIMEOUT_MS = 5_000;

export interface SessionFeedHandler {
  handleReport(report: SessionReport): void;
  /** The server doesn't answer; it is asked again. */
  handleLost(): void;
}

export class SessionFeed {
  readonly #handler: SessionFeedHandler;

  constructor(handler: SessionFeedHandler) {
    this.#handler = handler;
  }

  /** Runs as long as the page lives. */
  start(): void {
    void this.#poll();
  }

  async #poll(): Promise<void> {
    let delayMs = INTERVAL_MS;
    try {
      const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
      const response = await fetch(SESSION_REPORT_PATH, { cache: 'no-store', signal });
      if (!response.ok) throw new Error(`HTTP status ${response.status}`);
      this.#handler.handleReport((await response.json()) as SessionReport);
    } catch {
      delayMs = RETRY_MS;
      this.#handler.handleLost();
    }
    setTimeout(() => void this.#poll(), delayMs);
  }
}
