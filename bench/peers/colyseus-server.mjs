/**
 * Colyseus with its documented defaults: a room per world, state by schema, patches on their own
 * 50 ms timer. With `{ "patch": "in-tick" }` the patch is sent by the simulation step instead.
 */
import { Room, Server } from '@colyseus/core';
import { schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';

import { announce } from './announce.mjs';
import { createBody, stepBody, TICK_RATE_HZ } from './arena-rule.mjs';
import { provideWebSocket } from './node-websocket.mjs';
import { packageVersion } from './package-version.mjs';

provideWebSocket();
const { patch = 'default' } = JSON.parse(process.argv[2] ?? '{}');
const isInTick = patch === 'in-tick';
const Player = schema({ x: t.float32(), y: t.float32(), yaw: t.float32() });
const State = schema({ players: t.map(Player) });

class ArenaRoom extends Room {
  #bodies = new Map();

  onCreate() {
    this.state = new State();
    if (isInTick) this.patchRate = null;
    this.setSimulationInterval(() => this.#step(), 1_000 / TICK_RATE_HZ);
    this.onMessage('input', (client, [directionX, directionY, yaw]) => {
      const body = this.#bodies.get(client.sessionId);
      if (body !== undefined) Object.assign(body, { directionX, directionY, yaw });
    });
  }

  onJoin(client) {
    const body = createBody();
    const player = new Player();
    this.#bodies.set(client.sessionId, body);
    Object.assign(player, { x: body.x, y: body.y, yaw: body.yaw });
    this.state.players.set(client.sessionId, player);
  }

  onLeave(client) {
    this.#bodies.delete(client.sessionId);
    this.state.players.delete(client.sessionId);
  }

  #step() {
    for (const [id, body] of this.#bodies) {
      stepBody(body);
      const player = this.state.players.get(id);
      player.x = body.x;
      player.y = body.y;
      player.yaw = body.yaw;
    }
    if (isInTick) this.broadcastPatch();
  }
}

const transport = new WebSocketTransport();
const server = new Server({ transport, greet: false });
server.define('arena', ArenaRoom).filterBy(['world']);
await server.listen(0, '127.0.0.1');
announce({
  port: transport.server.address().port,
  versions: Object.fromEntries(
    ['core', 'schema', 'ws-transport'].map((name) => [
      `@colyseus/${name}`,
      packageVersion(`@colyseus/${name}`),
    ]),
  ),
  settings: {
    patch: isInTick ? 'patchRate null, broadcastPatch() in the step' : 'patchRate default (50 ms)',
    step: 'setSimulationInterval 50 ms',
    inputs: 'room messages',
  },
});
