/**
 * The damage of one tick: who did how much to whom. Adds up and names the killer; the order in
 * which shots arrived makes no difference. Emptied each tick.
 */
import type { PlayerId } from '../protocol/ids.ts';

/** What one player suffered in a tick. */
export interface DamageTotal {
  readonly targetId: PlayerId;
  readonly amount: number;
  /** Who did most; of equals, the one with the lower id. */
  readonly mostBy: PlayerId;
}

export class DamageLedger {
  readonly #byTarget = new Map<PlayerId, Map<PlayerId, number>>();

  add(shooterId: PlayerId, targetId: PlayerId, amount: number): void {
    const byShooter = this.#byTarget.get(targetId) ?? new Map<PlayerId, number>();
    this.#byTarget.set(targetId, byShooter);
    byShooter.set(shooterId, (byShooter.get(shooterId) ?? 0) + amount);
  }

  /** Totals by target, lowest id first; the ledger is empty afterwards. */
  settle(): DamageTotal[] {
    const totals: DamageTotal[] = [];
    for (const targetId of [...this.#byTarget.keys()].toSorted()) {
      const byShooter = this.#byTarget.get(targetId) ?? new Map<PlayerId, number>();
      let amount = 0;
      let most = 0;
      let mostBy = targetId;
      for (const shooterId of [...byShooter.keys()].toSorted()) {
        const damage = byShooter.get(shooterId) ?? 0;
        amount += damage;
        if (damage <= most) continue;
        most = damage;
        mostBy = shooterId;
      }
      totals.push({ targetId, amount, mostBy });
    }
    this.#byTarget.clear();
    return totals;
  }
}
