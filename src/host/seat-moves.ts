/**
 * How often one player's seat may pass to another connection. In: a player and an instant. Out:
 * whether the move may be, or when to ask again. Costs a player who never moves nothing.
 * Must not know: by what means it moves, whether it does.
 */
import { TokenBucket } from '../base/token-bucket.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { HostLimits } from './host-limits.ts';

const MS_PER_MINUTE = 60_000;

export type SeatMoveLimits = Pick<HostLimits, 'seatMovesPerMinute' | 'seatMoveBurst'>;

export class SeatMoves {
  readonly #limits: SeatMoveLimits;
  readonly #budgets = new Map<PlayerId, TokenBucket>();

  constructor(limits: SeatMoveLimits) {
    this.#limits = limits;
  }

  /** Players whose seat has moved. */
  get size(): number {
    return this.#budgets.size;
  }

  /** 0 = it may move; else in how many ms at the latest it may. */
  waitMs(playerId: PlayerId, now: number): number {
    const { seatMovesPerMinute, seatMoveBurst } = this.#limits;
    let budget = this.#budgets.get(playerId);
    if (budget === undefined) {
      budget = new TokenBucket(seatMoveBurst, seatMovesPerMinute / 60, now);
      this.#budgets.set(playerId, budget);
    }
    return budget.tryTake(now) ? 0 : Math.ceil(MS_PER_MINUTE / seatMovesPerMinute);
  }

  /** The player has no seat any more. */
  forget(playerId: PlayerId): void {
    this.#budgets.delete(playerId);
  }
}
