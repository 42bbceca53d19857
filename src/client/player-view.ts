/** What the client knows of one player at one instant, its own included. */
import type { PlayerId } from '../protocol/ids.ts';

/** `Fields`: the game's own numbers that `connect` was given. */
export interface PlayerView<
  Fields extends Readonly<Record<string, number>> = Readonly<Record<string, number>>,
> {
  readonly playerId: PlayerId;
  /** Number of the player's entity in snapshots. */
  readonly entity: number;
  /** Metres. */
  readonly x: number;
  readonly y: number;
  /** Radians. */
  readonly yaw: number;
  /** Every number of the snapshot by `SnapshotField.name`: `hitPoints`, `isAlive` (0 or 1), … */
  readonly fields: Fields & Readonly<Record<string, number>>;
}
