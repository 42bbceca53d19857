/** So many at once, and so many a second again: what one connection may spend. */
export class Allowance {
  readonly #most: number;
  readonly #perMs: number;
  #left: number;
  #at: number;

  constructor(most: number, perSecond: number, at: number) {
    this.#most = most;
    this.#perMs = perSecond / 1_000;
    this.#left = most;
    this.#at = at;
  }

  /** False: nothing is left. */
  spend(at: number): boolean {
    this.#left = Math.min(this.#most, this.#left + (at - this.#at) * this.#perMs);
    this.#at = at;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }

  /** What was spent last was not, after all. */
  giveBack(): void {
    this.#left = Math.min(this.#most, this.#left + 1);
  }
}
