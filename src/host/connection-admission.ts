/**
 * Who may connect at all: decided on address, origin and counts, before anything is spent.
 * Pure over the host's counts; asked before the transport's handshake and again after it.
 */
import type { ConnectionRefusal, ConnectionRequest } from '../transport/transport.ts';
import type { HostCore } from './host-core.ts';
import type { HostLimits } from './host-limits.ts';
import { refuseOrigin } from './origin-policy.ts';

/** Why nobody more fits: the limit that is reached. */
type FullLimit = keyof Pick<
  HostLimits,
  'connectionsMax' | 'preLoginConnectionsMax' | 'sessionsPerAddressMax'
>;

const FULL: Readonly<Record<FullLimit, NonNullable<ConnectionRefusal>>> = {
  connectionsMax: { status: 503, message: 'the server is full (limits.connectionsMax)' },
  preLoginConnectionsMax: {
    status: 503,
    message: 'too many logins under way (limits.preLoginConnectionsMax)',
  },
  sessionsPerAddressMax: {
    status: 429,
    message: 'too many logins under way from this address (limits.sessionsPerAddressMax)',
  },
};

function fullLimit(core: HostCore, address: string): FullLimit | undefined {
  const { limits } = core.options;
  if (core.links.size >= limits.connectionsMax) return 'connectionsMax';
  if (core.preLoginCount >= limits.preLoginConnectionsMax) return 'preLoginConnectionsMax';
  if (core.unprovenByAddress.countOf(address) >= limits.sessionsPerAddressMax) {
    return 'sessionsPerAddressMax';
  }
  return undefined;
}

function refuse(
  core: HostCore,
  reason: string,
  refusal: NonNullable<ConnectionRefusal>,
): ConnectionRefusal {
  core.counters.connectionsRefused += 1;
  core.counters.connectionsRefusedByReason.add(reason);
  return refusal;
}

/** Whether one more from `address` fits, counted if not; undefined = there is room. */
export function admitByCapacity(core: HostCore, address: string): ConnectionRefusal {
  if (core.isStopping) {
    return refuse(core, 'stopping', { status: 503, message: 'the server is stopping' });
  }
  const limit = fullLimit(core, address);
  return limit === undefined ? undefined : refuse(core, limit, FULL[limit]);
}

/** The answer to a transport that asks whether this connection may come to be. */
export function admitConnection(core: HostCore, request: ConnectionRequest): ConnectionRefusal {
  const { originPolicy } = core.options;
  const problem = refuseOrigin(originPolicy, request.origin, request.requestedHost);
  if (problem !== undefined) return refuse(core, 'origin', { status: 403, message: problem });
  return admitByCapacity(core, request.address);
}
