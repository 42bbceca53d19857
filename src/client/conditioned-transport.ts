/** Makes a client's transport with conditions on the real platform. In: a transport. Out: one. */
import { ConditionedClientTransport } from '../transport/conditioned-client.ts';
import type { ConditionedOptions } from '../transport/conditioned-options.ts';
import type { ClientTransport } from '../transport/transport.ts';
import { browserPlatform } from './browser-platform.ts';

/**
 * Puts network conditions around a transport: delay, jitter, loss, bursts, duplicates, reordering,
 * a bandwidth. Reliable messages are only delayed by them. `setConditions` changes them while it
 * runs. Throws HoldfastError `invalid-configuration` that names what is wrong.
 */
export function conditionedTransport(
  inner: ClientTransport,
  options: ConditionedOptions = {},
): ConditionedClientTransport {
  return new ConditionedClientTransport(inner, options, browserPlatform);
}
