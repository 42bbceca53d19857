/** Makes a server with conditions on the real platform. In: a server. Out: it, conditioned. */
import type { ConditionedOptions } from './conditioned-options.ts';
import { ConditionedServer } from './conditioned-server.ts';
import { nodePlatform } from './node-platform.ts';
import type { TransportServer } from './transport.ts';

/**
 * Puts network conditions around a server's transport; hand the result to `ServerRuntime` as one of
 * its `transports`. Throws HoldfastError `invalid-configuration` that names what is wrong.
 */
export function createConditionedServer(
  inner: TransportServer,
  options: ConditionedOptions = {},
): ConditionedServer {
  return new ConditionedServer(inner, options, nodePlatform);
}
