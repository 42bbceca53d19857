/** The WebSocket transport on servers of the user's, http and https, under the same contract. */
import { WIRE_LIMITS } from '../../src/protocol/wire-limits.ts';
import { createWebSocketClientTransport } from '../../src/transport/websocket-client.ts';
import { createWebSocketServer } from '../../src/transport/websocket-server.ts';
import type { TransportServer } from '../../src/transport/transport.ts';
import { OwnedServer } from '../support/owned-server.ts';
import type { OwnedScheme } from '../support/owned-server.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { realSettle, realUntil } from './real-time.ts';
import { describeTransportContract } from './transport-contract.ts';
import type { TransportHarness } from './transport-harness.ts';

function createHarness(scheme: OwnedScheme): TransportHarness {
  const owned = new OwnedServer(scheme, (_request, response) => void response.end());
  const attached = createWebSocketServer({
    server: owned.server,
    path: '/play',
    random: new SeededRandom(2),
    limits: { closeTimeoutMs: 300 },
  });
  const server: TransportServer = {
    async start(handler) {
      await attached.start(handler);
      await owned.listen();
      return attached.address;
    },
    async stop() {
      await attached.stop();
      await owned.end();
    },
  };
  return {
    server,
    clientMessageBytesMax: WIRE_LIMITS.clientFrameBytesMax,
    serverMessageBytesMax: WIRE_LIMITS.serverFrameBytesMax,
    syncArrivesAs: 'reliable',
    framesPayloads: true,
    // The discard port: nobody listens there.
    deadUrl: 'ws://127.0.0.1:9',
    connect: (url, handler) => owned.createTransport().connect(url, handler),
    connectReader: (url, handler) => {
      const socket = owned.openWebSocket(url);
      const transport = createWebSocketClientTransport(() => socket);
      return {
        connection: transport.connect(url, handler),
        pauseReading: () => socket.pause(),
        resumeReading: () => socket.resume(),
      };
    },
    until: realUntil,
    settle: realSettle,
  };
}

for (const scheme of ['http', 'https'] as const) {
  describeTransportContract(`websocket attached to a server of ${scheme}`, () =>
    createHarness(scheme),
  );
}
