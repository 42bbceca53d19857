/**
 * What one connection may send, after docs/SERVER.md: a budget of messages for each lane, as many
 * again that are dropped and forgiven, and strikes. In: messages with their instants. Out: whether
 * one is within the budget, and since when the connection deserves to be closed.
 */
const STRIKES_FORGIVEN_PER_SECOND = 1;

export interface AllowanceLimits {
  readonly syncMessagesPerSecond: number;
  readonly reliableMessagesPerSecond: number;
  readonly messageBurst: number;
  readonly strikesMax: number;
  /** From so many untaken bytes on it gets only what is newest. */
  readonly syncBufferedBytesMax: number;
}

/** Tokens that come back evenly, up to so many. */
class Tokens {
  readonly #most: number;
  readonly #perMs: number;
  #count: number;
  #at: number;

  constructor(most: number, perSecond: number, at: number) {
    this.#most = most;
    this.#perMs = perSecond / 1000;
    this.#count = most;
    this.#at = at;
  }

  take(at: number): boolean {
    const gained = (at - this.#at) * this.#perMs;
    if (gained > 0) {
      this.#count = Math.min(this.#most, this.#count + gained);
      this.#at = at;
    }
    if (this.#count < 1) return false;
    this.#count -= 1;
    return true;
  }
}

export class Allowance {
  readonly #budgets: Readonly<Record<'sync' | 'reliable', readonly [Tokens, Tokens]>>;
  readonly #strikes: Tokens;
  /** More than it may send, beyond what is forgiven. */
  isSpent = false;
  /** As many strikes as end a connection, if all that could be one was one. */
  mayBeStruckOut = false;

  constructor(limits: AllowanceLimits, at: number) {
    const { messageBurst: burst, strikesMax } = limits;
    const pair = (perSecond: number): readonly [Tokens, Tokens] => [
      new Tokens(burst, perSecond, at),
      new Tokens(burst, perSecond, at),
    ];
    this.#budgets = {
      sync: pair(limits.syncMessagesPerSecond),
      reliable: pair(limits.reliableMessagesPerSecond),
    };
    this.#strikes = new Tokens(strikesMax, STRIKES_FORGIVEN_PER_SECOND, at);
  }

  /** False for a message that is dropped unread. */
  spend(lane: 'sync' | 'reliable', at: number): boolean {
    const [budget, forgiveness] = this.#budgets[lane];
    if (budget.take(at)) return true;
    if (!forgiveness.take(at)) this.isSpent = true;
    return false;
  }

  strike(at: number): void {
    if (!this.#strikes.take(at)) this.mayBeStruckOut = true;
  }
}
