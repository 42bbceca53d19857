/**
 * The least that can watch over deadlines: activity writes one number, a wheel of slots is looked
 * through as time passes, and what has been active meanwhile is filed anew (G. Varghese, T. Lauck,
 * "Hashed and Hierarchical Timing Wheels", 1987, with lazy re-arming). The limit for sessions.
 */
const SLOT_MS = 64;
const SLOTS = 256;

export class LazyWheel {
  expired = 0;
  readonly #timeoutMs: number;
  readonly #activeAt: Float64Array;
  readonly #slots: number[][] = Array.from({ length: SLOTS }, () => []);
  #slot = 0;

  constructor(count: number, timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#activeAt = new Float64Array(count);
    // Spread, as logins are in life.
    for (let index = 0; index < count; index += 1) {
      this.#file(index, timeoutMs * (index / count));
    }
  }

  touch(index: number, now: number): void {
    this.#activeAt[index] = now;
  }

  evaluate(now: number): void {
    const until = Math.floor(now / SLOT_MS);
    for (; this.#slot < until; this.#slot += 1) {
      const due = this.#slots[this.#slot % SLOTS]!;
      this.#slots[this.#slot % SLOTS] = [];
      for (const index of due) {
        const deadline = this.#activeAt[index]! + this.#timeoutMs;
        if (deadline <= now) this.expired += 1;
        else this.#file(index, deadline);
      }
    }
  }

  #file(index: number, deadline: number): void {
    this.#slots[Math.ceil(deadline / SLOT_MS) % SLOTS]!.push(index);
  }
}
