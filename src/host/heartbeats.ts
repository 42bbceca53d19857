/** One heartbeat to one peer: proof of life, clock sample, round trip. */
import type { HostCore } from './host-core.ts';
import type { PeerLink } from './peer-link.ts';

/** Sends it and tells the coordinator. The nonce is the link's own; its answer settles it. */
export function sendHeartbeat(core: HostCore, link: PeerLink): void {
  const { session } = link;
  const room = core.rooms.get(session.worldId);
  core.outbox.send(link, {
    kind: 'heartbeat',
    nonce: link.heartbeats.issue(core.clock.now()),
    serverTick: room?.world.tick ?? 0,
    tickFraction: core.loop.fraction(),
    roundTripTimeMs: session.roundTripTimeMs ?? 0,
    reliableReceived: link.seat.stream.received,
  });
  core.sessions.notifyHeartbeatSent(session);
}
