/**
 * Conditioned transports under the transport contract: with perfect conditions, with all that a
 * stream bears, on either end or both, over memory and over WebSockets.
 */
import { WebSocket } from 'ws';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import { ConditionedClientTransport } from '../../src/transport/conditioned-client.ts';
import type { ConditionedOptions } from '../../src/transport/conditioned-options.ts';
import { ConditionedServer } from '../../src/transport/conditioned-server.ts';
import { createConditionedServer } from '../../src/transport/create-conditioned-server.ts';
import { conditionedTransport } from '../../src/client/conditioned-transport.ts';
import type { LinkConditions } from '../../src/transport/link-conditions.ts';
import { createMemoryNetwork } from '../../src/transport/memory-network.ts';
import type { MemoryNetworkOptions } from '../../src/transport/memory-network.ts';
import { createWebSocketClientTransport } from '../../src/transport/websocket-client.ts';
import { createWebSocketServer } from '../../src/transport/websocket-server.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { VirtualTime } from '../support/virtual-time.ts';
import { realSettle, realUntil } from './real-time.ts';
import { describeTransportContract } from './transport-contract.ts';
import type { TransportHarness } from './transport-harness.ts';

/** Nothing that a datagram would not survive, since the contract sends one and waits for it. */
const WILD: Partial<LinkConditions> = {
  delayMs: 5,
  jitterMs: 40,
  reorderRate: 0.1,
  reorderMs: 30,
  bandwidthBytesPerSecond: 50_000_000,
  pieceBytesMax: 1_460,
};

interface Setting {
  readonly conditions?: Partial<LinkConditions>;
  readonly ends?: { readonly client: boolean; readonly server: boolean };
  readonly network?: Partial<MemoryNetworkOptions>;
}

/** The contract's messages are none of ours, whatever their first byte says. */
const RELIABLE = () => 'reliable' as const;
const BOTH = { client: true, server: true };

function createVirtualHarness({ conditions = {}, ends = BOTH, network = {} }: Setting) {
  const time = new VirtualTime();
  const platform = { clock: time, scheduler: time, random: new SeededRandom(3) };
  const inner = createMemoryNetwork({
    scheduler: time,
    random: new SeededRandom(2),
    windowBytes: 100_000,
    ...network,
  });
  const options: ConditionedOptions = { up: conditions, down: conditions, laneOf: RELIABLE };
  const connect: TransportHarness['connectReader'] = (url, handler) => {
    let pauseReading = (): void => undefined;
    let resumeReading = (): void => undefined;
    const reader = {
      connect: (...call: Parameters<typeof inner.client.connect>) => {
        const connection = inner.client.connect(...call);
        pauseReading = () => connection.pauseReading();
        resumeReading = () => connection.resumeReading();
        return connection;
      },
    };
    const transport = ends.client
      ? new ConditionedClientTransport(reader, options, platform)
      : reader;
    return { connection: transport.connect(url, handler), pauseReading, resumeReading };
  };
  const isOrdered = network.syncLane === undefined;
  return {
    server: ends.server ? new ConditionedServer(inner.server, options, platform) : inner.server,
    clientMessageBytesMax: WIRE_LIMITS.clientFrameBytesMax,
    serverMessageBytesMax: WIRE_LIMITS.serverFrameBytesMax,
    syncArrivesAs: isOrdered ? ('reliable' as const) : ('sync' as const),
    isSyncOrdered: [isOrdered && !ends.client, isOrdered && !ends.server] as const,
    framesPayloads: false,
    deadUrl: 'memory://nobody',
    connect: (url, handler) => connect(url, handler).connection,
    connectReader: connect,
    async until(condition) {
      for (let waitedMs = 0; !condition(); waitedMs += 10) {
        if (waitedMs > 60_000) throw new Error(`still not after 60 s: ${condition.toString()}`);
        await time.advanceMs(10);
      }
    },
    settle: () => time.advanceMs(3_000),
  } satisfies TransportHarness;
}

describeTransportContract('conditioned, perfect', () => createVirtualHarness({}));

describeTransportContract('conditioned, perfect, over a sync lane', () =>
  createVirtualHarness({ network: { syncLane: {} } }),
);

describeTransportContract('conditioned with all that a stream bears', () =>
  createVirtualHarness({ conditions: { ...WILD, lossRate: 0.02, duplicateRate: 0.1 } }),
);

describeTransportContract('conditioned and wild, over a sync lane', () =>
  createVirtualHarness({ conditions: WILD, network: { syncLane: {} } }),
);

describeTransportContract('conditioned at the client', () =>
  createVirtualHarness({ conditions: WILD, ends: { client: true, server: false } }),
);

describeTransportContract('conditioned at the server', () =>
  createVirtualHarness({ conditions: WILD, ends: { client: false, server: true } }),
);

function createRealHarness(conditions: Partial<LinkConditions>): TransportHarness {
  const options: ConditionedOptions = { up: conditions, down: conditions, laneOf: RELIABLE };
  const connect: TransportHarness['connectReader'] = (url, handler) => {
    const sockets: WebSocket[] = [];
    const transport = createWebSocketClientTransport((target) => {
      const socket = new WebSocket(target, { perMessageDeflate: false });
      sockets.push(socket);
      return socket;
    });
    return {
      connection: conditionedTransport(transport, options).connect(url, handler),
      pauseReading: () => sockets[0]?.pause(),
      resumeReading: () => sockets[0]?.resume(),
    };
  };
  const server = createWebSocketServer({
    port: 0,
    random: new SeededRandom(2),
    limits: { closeTimeoutMs: 300 },
  });
  return {
    server: createConditionedServer(server, options),
    clientMessageBytesMax: WIRE_LIMITS.clientFrameBytesMax,
    serverMessageBytesMax: WIRE_LIMITS.serverFrameBytesMax,
    syncArrivesAs: 'reliable',
    isSyncOrdered: [false, false],
    framesPayloads: true,
    deadUrl: 'ws://127.0.0.1:9',
    connect: (url, handler) => connect(url, handler).connection,
    connectReader: connect,
    until: realUntil,
    settle: realSettle,
  };
}

describeTransportContract('conditioned websocket, perfect', () => createRealHarness({}));

describeTransportContract('conditioned websocket with a delay', () =>
  createRealHarness({ delayMs: 3, jitterMs: 4 }),
);
