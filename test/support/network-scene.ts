/**
 * A simulated network with a recording host, and recording clients on nodes of their own. In:
 * conditions, a tap. Out: the parts to act on and what was recorded.
 */
import type { TransportConnection } from '../../src/transport/transport.ts';
import type { LinkConditions } from '../../src/transport/link-conditions.ts';
import type { NetworkTap } from '../../src/simulator/network-tap.ts';
import { createUnits } from '../../src/simulator/seeded-streams.ts';
import { SimulatedNetwork } from '../../src/simulator/simulated-network.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import { RecordingClient, RecordingHost } from '../contract/transport-harness.ts';

/** Messages that tell their order. */
export const MESSAGES: readonly string[] = Array.from({ length: 300 }, (_, index) => String(index));

export interface NetworkSceneOptions {
  readonly tap?: NetworkTap;
  readonly hasSyncLane?: boolean;
  readonly conditions?: Partial<LinkConditions>;
}

export async function openNetworkScene({
  tap,
  hasSyncLane = true,
  conditions = {},
}: NetworkSceneOptions = {}) {
  const time = new VirtualTime({ startMs: 0 });
  const node = time.createNode('server');
  const host = new RecordingHost();
  const network = new SimulatedNetwork({
    clock: time,
    streams: (purpose) => createUnits(4, purpose),
    ...(tap === undefined ? {} : { tap }),
  });
  const url = await network.createServer({ scheduler: node }).start(host);
  const join = async (name: string) => {
    const clientNode = time.createNode(name);
    const client = new RecordingClient();
    const transport = network.createClient({ name, scheduler: clientNode, hasSyncLane });
    const connection = transport.connect(url, client);
    await time.advanceMs(1_000);
    const peer = host.connections.at(-1) as TransportConnection;
    const line = network.line(name);
    line.setConditions('both', 'both', conditions);
    return { client, connection, peer, line, node: clientNode, name };
  };
  return { time, node, host, network, url, join };
}

/** Everything that is drawn per packet. */
export const WILD: Partial<LinkConditions> = {
  delayMs: 5,
  jitterMs: 60,
  lossRate: 0.1,
  duplicateRate: 0.2,
  reorderRate: 0.1,
  reorderMs: 80,
};
