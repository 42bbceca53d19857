/**
 * A player who walks about and shoots at the nearest other that it sees, or else at nobody. Of two
 * who are equally near it takes the one with the lower PlayerId: who joined first means nothing.
 */
import type { PlayerView } from '../client/player-view.ts';
import type { MessageDefinitions } from '../protocol/define-messages.ts';
import type { Behaviour } from './behaviour.ts';
import { createWalker } from './walker.ts';

export interface FighterOptions {
  /** Shots per input tick. Default 0.15: three a second at 20 Hz. */
  readonly shotRate?: number;
}

/** One for each peer. */
export function createFighter<Definitions extends MessageDefinitions = MessageDefinitions>({
  shotRate = 0.15,
}: FighterOptions = {}): Behaviour<Definitions> {
  const walk = createWalker<Definitions>();
  return (context) => {
    walk(context);
    const { client, random } = context;
    if (random() >= shotRate) return;
    const { players } = client;
    const me = client.self;
    const target = me === undefined ? undefined : nearestOther(me, players.values());
    if (me === undefined || target === undefined) {
      client.shoot({ directionX: 1, directionY: 0 });
      return;
    }
    const directionX = target.x - me.x;
    const directionY = target.y - me.y;
    client.shoot({ directionX, directionY, targetPlayerId: target.playerId });
  };
}

function nearestOther(me: PlayerView, players: Iterable<PlayerView>): PlayerView | undefined {
  let nearest: PlayerView | undefined;
  let nearestDistance = Infinity;
  for (const player of players) {
    if (player.playerId === me.playerId || player.fields['isAlive'] === 0) continue;
    const distance = Math.hypot(player.x - me.x, player.y - me.y);
    if (distance > nearestDistance) continue;
    const isTie = nearest !== undefined && distance === nearestDistance;
    if (isTie && nearest!.playerId < player.playerId) continue;
    nearest = player;
    nearestDistance = distance;
  }
  return nearest;
}
