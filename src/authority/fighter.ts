/** What combat keeps of one player. */
import type { PlayerId } from '../protocol/ids.ts';
import type { GhostPolicy } from '../session/session-policy.ts';

export interface Fighter {
  readonly playerId: PlayerId;
  hitPoints: number;
  isAlive: boolean;
  kills: number;
  deaths: number;
  /** The tick of the next life; meaningless while alive. */
  respawnTick: number;
  /** The first tick in which a shot may run again. */
  nextShotTick: number;
  /** Tick of the last accepted shot of this connection; -1 = none. */
  lastShotTick: number;
  /** Set while the connection is gone. */
  ghost: GhostPolicy | undefined;
}

/** A fresh player, or one who starts again: whole and armed. */
export function createFighter(playerId: PlayerId, hitPoints: number): Fighter {
  return {
    playerId,
    hitPoints,
    isAlive: true,
    kills: 0,
    deaths: 0,
    respawnTick: 0,
    nextShotTick: 0,
    lastShotTick: -1,
    ghost: undefined,
  };
}

/** False: a shot can't reach this player, whatever the geometry says. */
export function isAvailable(fighter: Fighter): boolean {
  return fighter.ghost === undefined || fighter.ghost === 'vulnerable';
}
