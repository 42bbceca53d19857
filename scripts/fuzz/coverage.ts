/**
 * Which combinations an input has reached: each target numbers its own (kind and outcome code,
 * state and event …). In: numbers below `COVERAGE_KEYS`. Out: whether there was a new one since
 * `begin`.
 */
export const COVERAGE_KEYS = 65_536;

export class Coverage {
  readonly #counts = new Float64Array(COVERAGE_KEYS);
  #newKeys: number[] = [];
  readonly #reached: number[] = [];

  /** Combinations reached so far. */
  get size(): number {
    return this.#reached.length;
  }

  /** The combinations that this execution was the first to reach. */
  get newKeys(): readonly number[] {
    return this.#newKeys;
  }

  begin(): void {
    if (this.#newKeys.length > 0) this.#newKeys = [];
  }

  /** Forgets everything; cheaper than another one. */
  clear(): void {
    for (const key of this.#reached) this.#counts[key] = 0;
    this.#reached.length = 0;
    this.#newKeys = [];
  }

  note(key: number): void {
    const count = this.#counts[key] as number;
    this.#counts[key] = count + 1;
    if (count > 0) return;
    this.#reached.push(key);
    this.#newKeys.push(key);
  }

  /** How often it was reached. */
  countOf(key: number): number {
    return this.#counts[key] ?? 0;
  }

  has(key: number): boolean {
    return (this.#counts[key] ?? 0) > 0;
  }
}
