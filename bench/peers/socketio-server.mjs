/**
 * Socket.IO with its defaults: a room per world, one `emit` per world and tick. In:
 * `{ "parser": "json" | "msgpack" }`. Numbers go out as they are, as in its documents.
 */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import msgpackParser from 'socket.io-msgpack-parser';

import { announce } from './announce.mjs';
import { createBody, startTicks, stepBody } from './arena-rule.mjs';
import { packageVersion } from './package-version.mjs';

const { parser = 'json' } = JSON.parse(process.argv[2] ?? '{}');
const httpServer = createServer();
const io = new Server(httpServer, parser === 'msgpack' ? { parser: msgpackParser } : {});
const worlds = new Map();

io.on('connection', (socket) => {
  socket.once('join', (worldId) => {
    const player = { id: socket.id, body: createBody() };
    const world = worlds.get(worldId) ?? new Set();
    worlds.set(worldId, world.add(player));
    void socket.join(worldId);
    socket.on('input', (directionX, directionY, yaw) => {
      Object.assign(player.body, { directionX, directionY, yaw });
    });
    socket.once('disconnect', () => world.delete(player));
    socket.emit('welcome', socket.id);
  });
});
startTicks(() => {
  for (const [worldId, world] of worlds) {
    const players = [];
    for (const { id, body } of world) {
      stepBody(body);
      players.push({ id, x: body.x, y: body.y, yaw: body.yaw });
    }
    io.to(worldId).emit('state', players);
  }
});
httpServer.listen(0, '127.0.0.1', () => {
  announce({
    port: httpServer.address().port,
    versions: {
      'socket.io': packageVersion('socket.io'),
      ...(parser === 'msgpack'
        ? { 'socket.io-msgpack-parser': packageVersion('socket.io-msgpack-parser') }
        : {}),
      ws: packageVersion('ws'),
    },
    settings: { parser, options: 'defaults', clients: 'websocket only, no polling' },
  });
});
