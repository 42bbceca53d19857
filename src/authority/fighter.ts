/** What combat keeps of one player, as values and as the bytes of a checkpoint. */
import type { PlayerId } from '../protocol/ids.ts';
import type { GhostPolicy } from '../session/session-policy.ts';
import { ghostCodeOf, readGhost } from './ghost-code.ts';
import { StateReader } from './state-reader.ts';
import { StateWriter } from './state-writer.ts';

export interface Fighter {
  readonly playerId: PlayerId;
  /** Who came first has the lower one: of two whom a ray meets at once, the first is hit. */
  readonly order: number;
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

const FORMAT = 1;
/** Id, six numbers, two flags. */
const FIGHTER_BYTES_MIN = 9;

/** A fresh player, or one who starts again: whole and armed. */
export function createFighter(
  playerId: PlayerId,
  { order, hitPoints }: Pick<Fighter, 'order' | 'hitPoints'>,
): Fighter {
  return {
    playerId,
    order,
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

/** In the order of the map, which is that in which they came. */
export function encodeFighters(fighters: ReadonlyMap<PlayerId, Fighter>): Uint8Array {
  const writer = new StateWriter();
  writer.byte(FORMAT);
  writer.varint(fighters.size);
  for (const fighter of fighters.values()) {
    writer.text(fighter.playerId);
    writer.varint(fighter.hitPoints);
    writer.boolean(fighter.isAlive);
    writer.varint(fighter.kills);
    writer.varint(fighter.deaths);
    writer.varint(fighter.respawnTick);
    writer.varint(fighter.nextShotTick);
    writer.varint(fighter.lastShotTick + 1);
    writer.byte(ghostCodeOf(fighter.ghost));
  }
  return writer.finish();
}

/** Throws HoldfastError `world-state-corrupt`. */
export function decodeFighters(bytes: Uint8Array): Map<PlayerId, Fighter> {
  const reader = new StateReader(bytes, 'the state of combat');
  reader.check(reader.byte() === FORMAT, 'has another format');
  const fighters = new Map<PlayerId, Fighter>();
  const count = reader.count(FIGHTER_BYTES_MIN);
  for (let index = 0; index < count; index += 1) {
    const playerId = reader.text() as PlayerId;
    reader.check(!fighters.has(playerId), 'has a player twice');
    fighters.set(playerId, {
      playerId,
      order: index,
      hitPoints: reader.varint(),
      isAlive: reader.boolean(),
      kills: reader.varint(),
      deaths: reader.varint(),
      respawnTick: reader.varint(),
      nextShotTick: reader.varint(),
      lastShotTick: reader.varint() - 1,
      ghost: readGhost(reader),
    });
  }
  reader.end();
  return fighters;
}
