/** A session handle without a coordinator, for tests of rooms that only read it. */
import type { PeerId, PlayerId, SessionId, WorldId } from '../../src/protocol/ids.ts';
import type { ManagedSession } from '../../src/session/managed-session.ts';

/** A handle whose fields a test may change. */
export type FakeSession = { -readonly [Key in keyof ManagedSession]: ManagedSession[Key] };

let handlesCreated = 0;

/** A fresh `logged-in` handle of that player; a second call is a second connection. */
export function fakeSession(playerId: string): FakeSession {
  handlesCreated += 1;
  return {
    sessionId: `session-${playerId}` as SessionId,
    peerId: `peer-${handlesCreated}` as PeerId,
    playerId: playerId as PlayerId,
    worldId: 'test-world' as WorldId,
    state: 'logged-in',
    epoch: 1,
    enteredAt: 0,
    deadline: Infinity,
    lastLivenessAt: 0,
    roundTripTimeMs: undefined,
    roundTripTimeMsMax: undefined,
    lastCause: 'login-succeeded',
    data: undefined,
    isAlive: true,
  };
}
