/**
 * A number that walks to its target instead of jumping, so that what is shown moves smoothly.
 * A target that is too far away is jumped to: walking there would take longer than the jump hurts.
 */
export interface SlewOptions {
  /** How fast it walks, in units per millisecond; > 0. */
  readonly ratePerMs: number;
  /** From this distance on it jumps, in units. */
  readonly jumpDistance: number;
}

export class SlewedValue {
  readonly #options: SlewOptions;
  #value: number | undefined;
  #target = 0;
  #walkedAt = 0;

  constructor(options: SlewOptions) {
    this.#options = options;
  }

  /** The first target is taken at once. */
  aimAt(target: number, now: number): void {
    const value = this.at(now);
    this.#target = target;
    const isFar = value === undefined || Math.abs(target - value) > this.#options.jumpDistance;
    this.#value = isFar ? target : value;
    this.#walkedAt = now;
  }

  /** Where it is at `now`; undefined before the first target. */
  at(now: number): number | undefined {
    if (this.#value === undefined) return undefined;
    const reach = Math.max(0, now - this.#walkedAt) * this.#options.ratePerMs;
    const distance = this.#target - this.#value;
    return Math.abs(distance) <= reach ? this.#target : this.#value + Math.sign(distance) * reach;
  }
}
