/** The simulated network under the transport contract: perfect, faulty, with a lane for sync. */
import { createPrng } from '../../src/base/prng.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import type { LinkConditions } from '../../src/transport/link-conditions.ts';
import { SimulatedNetwork } from '../../src/simulator/simulated-network.ts';
import { VirtualTime } from '../../src/simulator/virtual-time.ts';
import { describeTransportContract } from './transport-contract.ts';
import type { TransportHarness } from './transport-harness.ts';

interface Setting {
  readonly conditions?: Partial<LinkConditions>;
  readonly hasSyncLane?: boolean;
}

function createHarness({ conditions = {}, hasSyncLane = false }: Setting): TransportHarness {
  const time = new VirtualTime();
  const serverNode = time.createNode('server');
  const clientNode = time.createNode('client');
  let purposes = 0;
  const network = new SimulatedNetwork({
    clock: time,
    streams: () => createPrng((purposes += 1)),
  });
  let peers = 0;
  const createPeer = () => {
    const name = `peer-${(peers += 1)}`;
    const line = network.line(name);
    line.setConditions('both', 'both', conditions);
    const address = '127.0.0.1';
    const client = network.createClient({ name, scheduler: clientNode, address, hasSyncLane });
    return { line, client };
  };
  return {
    server: network.createServer({ scheduler: serverNode }),
    clientMessageBytesMax: WIRE_LIMITS.clientFrameBytesMax,
    serverMessageBytesMax: WIRE_LIMITS.serverFrameBytesMax,
    syncArrivesAs: hasSyncLane ? 'sync' : 'reliable',
    isSyncOrdered: [!hasSyncLane, !hasSyncLane],
    framesPayloads: false,
    peerIdPattern: /^peer-\d+#1$/,
    deadUrl: 'sim://nobody',
    connect: (url, handler) => createPeer().client.connect(url, handler),
    connectReader(url, handler) {
      const { line, client } = createPeer();
      return {
        connection: client.connect(url, handler),
        pauseReading: () => line.stopReading(),
        resumeReading: () => line.resumeReading(),
      };
    },
    async until(condition) {
      for (let waitedMs = 0; !condition(); waitedMs += 10) {
        if (waitedMs > 60_000) throw new Error(`still not after 60 s: ${condition.toString()}`);
        await time.advanceMs(10);
      }
    },
    settle: () => time.advanceMs(3_000),
  };
}

describeTransportContract('simulated', () => createHarness({}));

describeTransportContract('simulated with a lane for sync', () =>
  createHarness({ hasSyncLane: true }),
);

describeTransportContract('simulated with everything that a stream bears', () =>
  createHarness({
    conditions: {
      delayMs: 5,
      jitterMs: 40,
      lossRate: 0.02,
      burst: { enterRate: 0.02, leaveRate: 0.3, lossRate: 0.5 },
      duplicateRate: 0.1,
      reorderRate: 0.1,
      reorderMs: 30,
      bandwidthBytesPerSecond: 50_000_000,
      pieceBytesMax: 1_460,
    },
  }),
);
