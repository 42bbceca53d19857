/**
 * A player on the official SDK of Colyseus, which decodes every state. In: a port, a world,
 * directions. Out: where it stands itself, with each patch.
 */
import { Client } from '@colyseus/sdk';

import { provideWebSocket } from './node-websocket.mjs';

provideWebSocket();

export class ColyseusPlayer {
  onPlace = () => undefined;
  #room;

  async start({ port, worldId }) {
    const client = new Client(`http://127.0.0.1:${port}`);
    this.#room = await client.joinOrCreate('arena', { world: worldId });
    this.#room.onStateChange((state) => {
      const player = state.players.get(this.#room.sessionId);
      if (player !== undefined) this.onPlace(player.x, player.y);
    });
  }

  send(directionX, directionY, yaw) {
    this.#room.send('input', [directionX, directionY, yaw]);
  }

  stop() {
    void this.#room?.leave();
  }
}
