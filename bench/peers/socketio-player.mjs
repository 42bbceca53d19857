/**
 * A player on the official client of Socket.IO, which decodes every state. In: a port, a world, a
 * parser, directions. Out: where it stands itself, with each state.
 */
import { io } from 'socket.io-client';
import msgpackParser from 'socket.io-msgpack-parser';

export class SocketIoPlayer {
  onPlace = () => undefined;
  #socket;

  start({ port, worldId, parser }) {
    this.#socket = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      ...(parser === 'msgpack' ? { parser: msgpackParser } : {}),
    });
    this.#socket.on('state', (players) => {
      const player = players.find(({ id }) => id === this.#socket.id);
      if (player !== undefined) this.onPlace(player.x, player.y);
    });
    return new Promise((resolve, reject) => {
      this.#socket.once('welcome', resolve);
      this.#socket.once('connect_error', reject);
      this.#socket.emit('join', worldId);
    });
  }

  send(directionX, directionY, yaw) {
    this.#socket.emit('input', directionX, directionY, yaw);
  }

  stop() {
    this.#socket?.disconnect();
  }
}
