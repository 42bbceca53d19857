/**
 * Plain `ws`, as it is done with care: one corrected timer, one encode per world and tick. It
 * validates nothing. With `{ "frames": "prebuilt" }` it is a limit: the WebSocket frame is built
 * once per world and written past `ws` to the sockets.
 */
import { WebSocketServer } from 'ws';

import { announce } from './announce.mjs';
import { createBody, startTicks, stepBody } from './arena-rule.mjs';
import { packageVersion } from './package-version.mjs';
import { LOGIN, readInput, writeState, writeWelcome } from './record-wire.mjs';

const { frames = 'ws' } = JSON.parse(process.argv[2] ?? '{}');
const isPrebuilt = frames === 'prebuilt';
/** First byte, 126, length:u16: every world here is longer than 125 bytes or padded to it. */
const FRAME_HEADER_BYTES = 4;
const worlds = new Map();
let nextId = 1;
let tickNumber = 0;

function enter({ socket, tcp }, worldId) {
  const player = { id: nextId, body: createBody(), socket, tcp };
  nextId += 1;
  const world = worlds.get(worldId) ?? new Set();
  worlds.set(worldId, world.add(player));
  socket.once('close', () => world.delete(player));
  socket.send(writeWelcome(player.id));
  return player;
}

function broadcast(world) {
  if (!isPrebuilt) {
    const bytes = writeState(world, tickNumber, 0);
    for (const { socket } of world) socket.send(bytes);
    return;
  }
  const bytes = writeState(world, tickNumber, FRAME_HEADER_BYTES);
  bytes[0] = 0x82;
  bytes[1] = 126;
  bytes.writeUInt16BE(bytes.length - FRAME_HEADER_BYTES, 2);
  for (const { tcp } of world) tcp.write(bytes);
}

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', (socket, { socket: tcp }) => {
  let player;
  socket.on('error', () => undefined);
  socket.on('message', (bytes) => {
    if (player !== undefined) readInput(bytes, player.body);
    else if (bytes[0] === LOGIN) player = enter({ socket, tcp }, bytes.readUInt16LE(1));
  });
});
server.once('listening', () => {
  announce({
    port: server.address().port,
    versions: { ws: packageVersion('ws') },
    settings: { frames, perMessageDeflate: false, encode: 'once per world and tick' },
  });
});
startTicks(() => {
  tickNumber += 1;
  for (const world of worlds.values()) {
    for (const { body } of world) stepBody(body);
    broadcast(world);
  }
});
