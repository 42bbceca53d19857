/**
 * The limits that all peers of a host share, so wide that none of them binds in a drawn run: what
 * one peer takes of a shared limit another can't have, which is right, and would show as a
 * coupling. They have tests of their own. Limits of one peer and of one address stay as shipped:
 * in a simulation every peer has an address of its own.
 */
import type { HostLimits } from '../host/host-limits.ts';

export const OPEN_LIMITS = {
  connectionsMax: 100_000,
  preLoginConnectionsMax: 100_000,
  worldsMax: 100_000,
  playersPerWorldMax: 1_024,
} as const satisfies Partial<HostLimits>;
