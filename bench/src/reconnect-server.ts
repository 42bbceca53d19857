/** The server's process of the reconnect bench. In: one word of JSON. Out: its address. */
import { refuse, ServerRuntime } from 'holdfast';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

import { machineNow } from '../../scripts/chaos/machine-clock.ts';
import type { ServerOrder } from './reconnect-orders.ts';

/** Those who stay, and seats that are on their way. */
const SPARE = 64;
const HOLD_WORLD = /^(\w+)\//;

async function startHoldfast({ clients, tickRateHz }: ServerOrder): Promise<string> {
  const most = clients + SPARE;
  const limits = {
    connectionsMax: 2 * most,
    sessionsPerAddressMax: 2 * most,
    preLoginConnectionsMax: 2 * most,
  };
  const webSocketLimits = { handshakesMax: 2 * most, socketsMax: 4 * most };
  process.stderr.write(`limits: ${JSON.stringify({ ...limits, ...webSocketLimits })}\n`);
  const runtime = await ServerRuntime.start({
    port: 0,
    tickRateHz,
    authenticate: (credentials) => {
      const { name } = Object(credentials) as { name?: unknown };
      if (typeof name !== 'string') return refuse('bad-credentials');
      return { playerId: name, worldId: worldOf(name) };
    },
    limits,
    webSocketLimits,
  });
  return runtime.address;
}

/** One timer with a corrected deadline, one frame for all of a world: as it is done with care. */
function startPlain({ tickRateHz, frameBytes }: ServerOrder): Promise<string> {
  const worlds = new Map<string, Set<WebSocket>>();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.once('message', (data: Buffer) => {
      const { name } = JSON.parse(data.toString()) as { name: string };
      const worldId = worldOf(name);
      const world = worlds.get(worldId) ?? new Set();
      worlds.set(worldId, world.add(socket));
      socket.once('close', () => world.delete(socket));
      socket.send(JSON.stringify({ welcome: name }));
    });
    socket.on('error', () => undefined);
  });
  const frame = Buffer.alloc(frameBytes, 7);
  const stepMs = 1_000 / tickRateHz;
  let dueAt = machineNow() + stepMs;
  const tick = (): void => {
    // A timer of Node may come up to a millisecond early.
    if (machineNow() >= dueAt) {
      for (const world of worlds.values()) {
        for (const socket of world) socket.send(frame, { binary: true });
      }
      while (dueAt <= machineNow()) dueAt += stepMs;
    }
    setTimeout(tick, Math.ceil(dueAt - machineNow()));
  };
  setTimeout(tick, stepMs);
  return new Promise((resolve) => {
    server.once('listening', () => {
      const { port } = server.address() as { port: number };
      resolve(`ws://127.0.0.1:${port}`);
    });
  });
}

function worldOf(name: string): string {
  return HOLD_WORLD.exec(name)?.[1] ?? 'main';
}

const order = JSON.parse(process.argv[2] ?? '') as ServerOrder;
const address = await (order.kind === 'holdfast' ? startHoldfast(order) : startPlain(order));
process.send?.(address);
process.once('disconnect', () => process.exit(0));
