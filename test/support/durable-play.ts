/** What players do in the tests of what outlives a process, and what they see of each other. */
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { RawPeer } from './raw-peer.ts';
import type { ServerProcess } from './server-process.ts';

const FIELDS = ['x', 'y', 'hitPoints', 'isAlive', 'kills', 'deaths'] as const;

/** Goes right for so many ticks from the next one on. */
export function move(peer: RawPeer, ticks = 3): void {
  for (let ahead = 1; ahead <= ticks; ahead += 1) {
    const tick = peer.serverTick + ahead;
    peer.send({ kind: 'move-input', tick, directionX: 1, directionY: 0, yaw: 0 });
  }
}

export function shoot(peer: RawPeer, target: string): void {
  const tick = peer.serverTick + 1;
  const targetPlayerId = target as PlayerId;
  const aim = { targetPlayerId, directionX: 1, directionY: 0, viewTick: peer.serverTick };
  peer.send({ kind: 'shoot-input', tick, ...aim });
}

/** What `peer` sees of the player. */
export function stateOf(peer: RawPeer, playerId: string): Record<string, number | undefined> {
  return Object.fromEntries(FIELDS.map((name) => [name, peer.fieldOf(playerId, name)]));
}

/** anna and ben, who has gone to where anna can hit him; she has moved as well. */
export async function enter(process: ServerProcess): Promise<{ anna: RawPeer; ben: RawPeer }> {
  const anna = await process.login('anna');
  const ben = await process.login('ben');
  await process.passMs(100);
  move(ben, 8);
  await process.passMs(450);
  move(anna);
  await process.passMs(300);
  return { anna, ben };
}

/** The same, and she has hit him once. */
export async function fight(process: ServerProcess): Promise<{ anna: RawPeer; ben: RawPeer }> {
  const players = await enter(process);
  shoot(players.anna, 'ben');
  await process.passMs(400);
  return players;
}
