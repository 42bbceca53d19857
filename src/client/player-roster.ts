/**
 * Which entity is which player. In: rosters. Out: names for entities.
 * The roster and the snapshots travel on different lanes: an entity counts from the first snapshot
 * after its entry on, so a number that is used again never shows the one who had it before.
 */
import type { PlayerId } from '../protocol/ids.ts';
import type { Roster } from '../protocol/messages.ts';

interface RosterEntry {
  readonly playerId: PlayerId;
  /** The newest snapshot at the time of entry; 0 = everything that is known. */
  readonly enteredAfterTick: number;
}

export class PlayerRoster {
  #entries = new Map<number, RosterEntry>();

  /** `newestTick` is the tick of the newest snapshot, 0 before the first. */
  handleRoster(roster: Roster, newestTick: number): void {
    const known = this.#entries;
    const kept = roster.isComplete ? new Map<number, RosterEntry>() : known;
    for (const entity of roster.left) kept.delete(entity);
    for (const { entity, playerId } of roster.entered) {
      const before = known.get(entity);
      // Whoever is first named by the complete roster was there before it was sent.
      const enteredAfterTick = roster.isComplete ? 0 : newestTick;
      kept.set(entity, before?.playerId === playerId ? before : { playerId, enteredAfterTick });
    }
    this.#entries = kept;
  }

  /** Who the entity is in the snapshot of `tick`; undefined = nobody known. */
  playerAt(entity: number, tick: number): PlayerId | undefined {
    const entry = this.#entries.get(entity);
    return entry !== undefined && tick > entry.enteredAfterTick ? entry.playerId : undefined;
  }
}
