/**
 * One line on stderr that says how far a campaign is. On a terminal it is rewritten in place,
 * elsewhere a new one comes every few seconds. In: the tally. Out: text.
 */
import type { Tally } from './tally.ts';

const TERMINAL_INTERVAL_MS = 200;
const LOG_INTERVAL_MS = 10_000;

export class ProgressLine {
  readonly #name: string;
  readonly #startedAt = performance.now();
  readonly #isTerminal = process.stderr.isTTY;
  #shownAt = -Infinity;

  constructor(name: string) {
    this.#name = name;
  }

  /** Cheap; shows something now and then. */
  update(tally: Tally): void {
    const now = performance.now();
    const intervalMs = this.#isTerminal ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    if (now - this.#shownAt < intervalMs) return;
    this.#shownAt = now;
    this.#write(this.#text(tally, now - this.#startedAt), this.#isTerminal ? '\r' : '\n');
  }

  end(tally: Tally): void {
    this.#write(this.#text(tally, performance.now() - this.#startedAt), '\n');
  }

  #text(tally: Tally, wallMs: number): string {
    const perHour = Math.round((tally.seeds / wallMs) * 3_600_000);
    const speedup = Math.round(tally.jointMs / wallMs);
    const { seeds, mismatches, replayMismatches, crashes, shortcomings } = tally;
    return [
      `${this.#name}: ${seeds} seeds in ${Math.round(wallMs / 1_000)} s`,
      `${perHour} per hour`,
      `${speedup} × real time`,
      `${mismatches + replayMismatches} mismatches`,
      `${crashes.length} crashes`,
      `${shortcomings.length} not counted`,
    ].join(', ');
  }

  #write(text: string, end: string): void {
    process.stderr.write(this.#isTerminal ? `\u001B[2K${text}${end}` : `${text}${end}`);
  }
}
