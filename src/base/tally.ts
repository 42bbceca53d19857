/**
 * Counts by name, for names that somebody else makes up: beyond a bound of different names the rest
 * is counted as `other`, so that a tally never grows with what peers or games send.
 */
const NAMES_MAX = 64;
const REST = 'other';

export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    const isKnown = this.#counts.has(name) || this.#counts.size < NAMES_MAX;
    const key = isKnown ? name : REST;
    this.#counts.set(key, this.get(key) + 1);
  }

  /** 0 for a name that was never counted. */
  get(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** Names with their counts, in order of first appearance. */
  [Symbol.iterator](): IterableIterator<[string, number]> {
    return this.#counts.entries();
  }
}
