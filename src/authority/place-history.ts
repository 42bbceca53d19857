/**
 * What a battlefield remembers of the last ticks, for shots that are judged where their shooter saw
 * the targets. RewindHistory is one; combat asks for no more than this.
 */
import type { PlayerId } from '../protocol/ids.ts';
import type { Point } from './arena-geometry.ts';

/** A straight way in metres: from (x, y) by (deltaX, deltaY). */
export interface ShotPath extends Point {
  readonly deltaX: number;
  readonly deltaY: number;
}

export interface PlaceHistory {
  /** How many ticks back it can tell; ≥ 1. */
  readonly ticks: number;
  /**
   * Where the player was at that instant, which may be between two ticks; the nearest that is
   * remembered, when it is not. Undefined when not in this world. Fresh.
   */
  placeAt(playerId: PlayerId, tick: number): Point | undefined;
  /**
   * Everybody who, at any remembered instant, may have been nearer to the path than
   * `radiusMetres`; in no order. It may name too many, never too few.
   */
  playersNear(path: ShotPath, radiusMetres: number): readonly PlayerId[];
}
