/**
 * A player who looks for a fight: all who are like it shoot at the same other in the same tick, and
 * that one shoots back, so that shots of one tick kill each other. It walks up to whom it shoots
 * at, with directions as long as a careless game makes them.
 */
import type { Client } from '../client/client.ts';
import type { PlayerView } from '../client/player-view.ts';
import type { Behaviour } from './behaviour.ts';

/** A shot each half second, for the same ticks in the whole world. */
const BEAT_TICKS = 10;
/** Beats that one is the target of all. */
const BEATS_EACH = 4;
/** Within reach of a shot; whoever stands is hit. */
const NEAR_METRES = 10;

/** Needs nothing of its own: who is next follows from the tick. */
export function createBrawler(): Behaviour {
  return ({ client, tick }) => {
    const me = client.self;
    const target = me === undefined ? undefined : targetOf(client, me, tick);
    if (me === undefined || target === undefined) {
      client.sendMove({ directionX: 0.5, directionY: 0, yaw: 0 });
      if (tick % BEAT_TICKS === 0) client.shoot({ directionX: 1, directionY: 0 });
      return;
    }
    const directionX = target.x - me.x;
    const directionY = target.y - me.y;
    const isNear = Math.hypot(directionX, directionY) < NEAR_METRES;
    // Deliberate: not made to length 1, except where it stands still.
    const pace = isNear ? 0 : 1;
    const yaw = Math.atan2(directionY, directionX);
    client.sendMove({ directionX: directionX * pace, directionY: directionY * pace, yaw });
    if (tick % BEAT_TICKS !== 0) return;
    client.shoot({ directionX, directionY, targetPlayerId: target.playerId });
  };
}

/**
 * The same one for everybody who sees the same, but for that one itself. By PlayerId: who joined
 * first means nothing.
 */
function targetOf(client: Client, me: PlayerView, tick: number): PlayerView | undefined {
  const alive = [...client.players.values()]
    .filter(({ fields }) => fields['isAlive'] !== 0)
    .toSorted((one, other) => (one.playerId < other.playerId ? -1 : 1));
  const first = Math.floor(tick / (BEAT_TICKS * BEATS_EACH));
  for (let step = 0; step < alive.length; step += 1) {
    const target = alive[(first + step) % alive.length];
    if (target?.playerId !== me.playerId) return target;
  }
  return undefined;
}
