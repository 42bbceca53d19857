/** The WebSocket transport under the transport contract, over loopback. */
import { WebSocket } from 'ws';
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import { createNodeWebSocketClientTransport } from '../../src/transport/websocket-client-node.ts';
import { createWebSocketClientTransport } from '../../src/transport/websocket-client.ts';
import { createWebSocketServer } from '../../src/transport/websocket-server.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { realSettle, realUntil } from './real-time.ts';
import { describeTransportContract } from './transport-contract.ts';

describeTransportContract('websocket', () => {
  const client = createNodeWebSocketClientTransport();
  return {
    server: createWebSocketServer({
      port: 0,
      random: new SeededRandom(2),
      limits: { closeTimeoutMs: 300 },
    }),
    clientMessageBytesMax: WIRE_LIMITS.clientFrameBytesMax,
    serverMessageBytesMax: WIRE_LIMITS.serverFrameBytesMax,
    syncArrivesAs: 'reliable',
    framesPayloads: true,
    // The discard port: nobody listens there.
    deadUrl: 'ws://127.0.0.1:9',
    connect: (url, handler) => client.connect(url, handler),
    connectReader: (url, handler) => {
      const sockets: WebSocket[] = [];
      const transport = createWebSocketClientTransport((target) => {
        const socket = new WebSocket(target, { perMessageDeflate: false });
        sockets.push(socket);
        return socket;
      });
      return {
        connection: transport.connect(url, handler),
        pauseReading: () => sockets[0]?.pause(),
        resumeReading: () => sockets[0]?.resume(),
      };
    },
    until: realUntil,
    settle: realSettle,
  };
});
