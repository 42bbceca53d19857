/**
 * What combat needs to know of movement, and no more: where bodies are and were, and the two things
 * that death does to them. MovementAuthority is one; a game's own movement may be another.
 */
import type { PlayerId } from '../protocol/ids.ts';
import type { ArenaGeometry, Point } from './arena-geometry.ts';
import type { PlaceHistory } from './place-history.ts';

export interface Battlefield {
  readonly geometry: ArenaGeometry;
  /** Absent: every shot is judged on present places, and tests everybody. */
  readonly history?: PlaceHistory;
  /** Where the player is; undefined when not in this world. A view: valid until the next tick. */
  placeOf(playerId: PlayerId): Point | undefined;
  /** The dead don't move. */
  freezePlayer(playerId: PlayerId): void;
  /** Puts the player to a fresh place, moving again. */
  respawnPlayer(playerId: PlayerId): void;
}
