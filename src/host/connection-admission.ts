/**
 * Who may connect at all: decided on address, origin and counts, before anything is spent.
 * Pure over the host's counts; asked before the transport's handshake and again after it.
 */
import type { ConnectionRefusal, ConnectionRequest } from '../transport/transport.ts';
import type { HostCore } from './host-core.ts';
import { refuseOrigin } from './origin-policy.ts';

/** Why nobody more from `address` fits; undefined = there is room. */
export function refuseForCapacity(core: HostCore, address: string): ConnectionRefusal {
  const { limits } = core.options;
  if (core.isStopping) return { status: 503, message: 'the server is stopping' };
  if (core.links.size >= limits.connectionsMax) {
    return { status: 503, message: 'the server is full (limits.connectionsMax)' };
  }
  if (core.preLoginCount >= limits.preLoginConnectionsMax) {
    return { status: 503, message: 'too many logins under way (limits.preLoginConnectionsMax)' };
  }
  if (core.addresses.countOf(address) >= limits.sessionsPerAddressMax) {
    return {
      status: 429,
      message: 'too many sessions from this address (limits.sessionsPerAddressMax)',
    };
  }
  return undefined;
}

/** The answer to a transport that asks whether this connection may come to be. */
export function admitConnection(core: HostCore, request: ConnectionRequest): ConnectionRefusal {
  const { originPolicy } = core.options;
  const problem = refuseOrigin(originPolicy, request.origin, request.requestedHost);
  const refusal =
    problem === undefined
      ? refuseForCapacity(core, request.address)
      : { status: 403, message: problem };
  if (refusal !== undefined) core.counters.connectionsRefused += 1;
  return refusal;
}
