/**
 * A session that an earlier process has left behind (L23): as it was when it was kept last, the
 * connection that was being written down included. In: its first move. Out: the model's session,
 * and what is wrong with it.
 */
import type { HeardMove } from '../../session-log.ts';
import type { ModelHost } from './model-host.ts';
import { ModelSession } from './model-session.ts';

export interface Restoration {
  readonly move: HeardMove;
  readonly at: number;
  readonly report: (problem: string) => void;
}

export function restoreSession(host: ModelHost, restoration: Restoration): ModelSession {
  const { move, at } = restoration;
  checkRestored(host, restoration);
  const { sessionId, peerId, playerId, worldId } = move.look;
  const peer = host.heritage.estate.get(sessionId)?.connection.peer ?? '';
  const connection = host.addAbsent(peerId, peer, at);
  const place: { session?: ModelSession } = {};
  host.add((creation) => {
    const session = new ModelSession(sessionId, creation, connection);
    session.state = 'reconnecting';
    session.cause = move.cause;
    session.epoch = move.epoch;
    session.playerId = playerId;
    session.worldId = worldId;
    session.seatUntil = at + host.policy.reconnectWindowMs;
    connection.session = session;
    place.session = session;
    return session;
  });
  return place.session!;
}

function checkRestored(host: ModelHost, { move, report }: Restoration): void {
  const { look, to, epoch } = move;
  const { sessionId, peerId, playerId, worldId } = look;
  const before = host.heritage.estate.get(sessionId);
  if (!host.isDurable) report('and there is no store (L23)');
  if (host.heritage.told.has(sessionId)) report('though its peer was told of its end (L23)');
  if (to !== 'reconnecting' || peerId !== `restored:${sessionId}`) report('is no return (L23)');
  if (before === undefined) return;
  if (before.playerId !== playerId || before.worldId !== worldId) {
    report(`as ${playerId} in ${worldId} (L23)`);
  }
  // A resume or a takeover may have been written down and not made.
  if (epoch !== before.epoch && epoch !== before.epoch + 1) {
    report(`with epoch ${epoch}, where it had ${before.epoch} (L23)`);
  }
}
