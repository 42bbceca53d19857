/**
 * A player of a solo run who is not there: the handle under which the tape's inputs reach a world.
 * In: what the tape says of the session. Out: a handle for the world's rules. Nobody else sees it.
 */
import type { PeerId, PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import type { ManagedSession } from '../session/managed-session.ts';
import type { TapedSession } from './environment-tape.ts';

export class PuppetSession implements ManagedSession {
  readonly sessionId: SessionId;
  readonly peerId: PeerId;
  readonly playerId: PlayerId;
  readonly worldId: WorldId | undefined;
  readonly epoch: number;
  readonly data: unknown;
  readonly state = 'logged-in';
  readonly enteredAt: number;
  readonly deadline = Infinity;
  readonly lastLivenessAt: number;
  readonly roundTripTimeMs = undefined;
  readonly roundTripTimeMsMax = undefined;
  readonly lastCause = 'login-succeeded';
  readonly isAlive = true;

  constructor(taped: TapedSession, at: number) {
    this.sessionId = taped.sessionId;
    this.peerId = taped.peerId;
    this.playerId = taped.playerId;
    this.worldId = taped.worldId;
    this.epoch = taped.epoch;
    this.data = taped.data;
    this.enteredAt = at;
    this.lastLivenessAt = at;
  }
}
