/**
 * A token bucket: `capacity` tokens at most, refilled evenly. Each taken token is one permission.
 * Source: J. Turner, "New directions in communications", IEEE Communications Magazine 24(10), 1986
 * (there the leaky bucket as a meter). We refill on the call, so an idle bucket costs nothing.
 */
export class TokenBucket {
  readonly #capacity: number;
  readonly #tokensPerMs: number;
  #tokens: number;
  #refilledAt: number;

  /** Starts full. `tokensPerSecond` > 0, `capacity` ≥ 1; `now` is monotonic ms. */
  constructor(capacity: number, tokensPerSecond: number, now: number) {
    this.#capacity = capacity;
    this.#tokensPerMs = tokensPerSecond / 1000;
    this.#tokens = capacity;
    this.#refilledAt = now;
  }

  /** Takes one token and returns true, or takes nothing and returns false. */
  tryTake(now: number): boolean {
    const gained = (now - this.#refilledAt) * this.#tokensPerMs;
    if (gained > 0) {
      this.#tokens = Math.min(this.#capacity, this.#tokens + gained);
      this.#refilledAt = now;
    }
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
