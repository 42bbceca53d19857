/**
 * The handle of a player who is in a restored world and whose session nobody has given it: it
 * stands for a connection of an earlier process. Rules read `playerId` and `worldId` from it.
 */
import type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';

export function createAbsentSession(playerId: PlayerId, worldId: WorldId): ManagedSession {
  return Object.freeze({
    sessionId: `absent:${playerId}` as SessionId,
    peerId: `absent:${playerId}` as PeerId,
    playerId,
    worldId,
    state: 'reconnecting',
    epoch: 0,
    enteredAt: 0,
    deadline: Infinity,
    lastLivenessAt: 0,
    roundTripTimeMs: undefined,
    roundTripTimeMsMax: undefined,
    lastCause: 'server-restarted',
    data: undefined,
    isAlive: false,
  });
}
