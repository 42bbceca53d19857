/**
 * What this page itself has seen of its session, told apart from what the server says: states of
 * the client, reloads, what was lost. In: moves as they happen. Out: the newest of them, also those
 * from before a reload. Instants are milliseconds since 1970, as two pages share no other clock.
 */
import type { TokenStorage } from 'holdfast/client';
import type { ShownMove } from './shown-report.ts';

const LOG_KEY = 'arena.log';
const MOVES_MAX = 40;

function parseMoves(text: string | null): ShownMove[] {
  try {
    const moves: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(moves) ? (moves as ShownMove[]) : [];
  } catch {
    return [];
  }
}

export class PageLog {
  readonly #storage: TokenStorage;
  readonly #now: () => number;
  #moves: readonly ShownMove[];

  constructor(options: { storage: TokenStorage; now: () => number }) {
    this.#storage = options.storage;
    this.#now = options.now;
    this.#moves = parseMoves(this.#storage.getItem(LOG_KEY));
  }

  /** Oldest first. */
  get moves(): readonly ShownMove[] {
    return this.#moves;
  }

  add(move: Omit<ShownMove, 'at'>): void {
    this.#moves = [...this.#moves, { ...move, at: this.#now() }].slice(-MOVES_MAX);
    this.#storage.setItem(LOG_KEY, JSON.stringify(this.#moves));
  }

  /** A copy of another tab has that tab's past, not one of its own. */
  clear(): void {
    this.#moves = [];
    this.#storage.removeItem(LOG_KEY);
  }
}
