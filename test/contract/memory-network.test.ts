/** The memory network under the transport contract: on virtual time, and on the real loop. */
import { createMemoryNetwork } from '../../src/transport/memory-network.ts';
import type { MemoryNetworkOptions } from '../../src/transport/memory-network.ts';
import type { Scheduler } from '../../src/base/clock.ts';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { VirtualTime } from '../support/virtual-time.ts';
import { describeTransportContract } from './transport-contract.ts';
import type { TransportHarness } from './transport-harness.ts';
import { realUntil, realSettle } from './real-time.ts';

const realScheduler: Scheduler = {
  setTimer(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
  defer: (callback) => void setImmediate(callback),
};

function createHarness(
  options: MemoryNetworkOptions,
  time: Pick<TransportHarness, 'until' | 'settle'>,
): TransportHarness {
  const { server, client } = createMemoryNetwork(options);
  return {
    server,
    clientMessageBytesMax: WIRE_LIMITS.clientFrameBytesMax,
    serverMessageBytesMax: WIRE_LIMITS.serverFrameBytesMax,
    syncArrivesAs: options.syncLane === undefined ? 'reliable' : 'sync',
    isSyncOrdered: options.syncLane === undefined ? [true, true] : [false, false],
    framesPayloads: false,
    deadUrl: 'memory://nobody',
    connect: (url, handler) => client.connect(url, handler),
    connectReader: (url, handler) => {
      const connection = client.connect(url, handler);
      return {
        connection,
        pauseReading: () => connection.pauseReading(),
        resumeReading: () => connection.resumeReading(),
      };
    },
    ...time,
  };
}

function createVirtualHarness(options: Partial<MemoryNetworkOptions>): TransportHarness {
  const time = new VirtualTime();
  const network = { scheduler: time, random: new SeededRandom(2), ...options };
  return createHarness(network, {
    async until(condition) {
      for (let waitedMs = 0; !condition(); waitedMs += 10) {
        if (waitedMs > 10_000) throw new Error(`still not after 10 s: ${condition.toString()}`);
        await time.advanceMs(10);
      }
    },
    settle: () => time.advanceMs(1_000),
  });
}

describeTransportContract('memory', () => createVirtualHarness({}));

describeTransportContract('memory with a slow, uneven stream', () =>
  createVirtualHarness({ reliableLane: { delayMsMin: 1, delayMsMax: 80 } }),
);

describeTransportContract('memory with a sync lane', () => createVirtualHarness({ syncLane: {} }));

describeTransportContract('memory on the real loop', () =>
  createHarness(
    { scheduler: realScheduler, random: new SeededRandom(2) },
    { until: realUntil, settle: realSettle },
  ),
);
