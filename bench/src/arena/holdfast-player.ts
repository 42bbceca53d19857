/**
 * A player on the shipped client, without prediction: `selfConfirmed` is the server's word. It
 * says its direction when it is asked to, not at the moment that `input-tick` recommends.
 */
import { connect } from 'holdfast/client';
import type { Client } from 'holdfast/client';

import type { SeeingPlace, SeeingPlayer } from './seeing-player.ts';

export class HoldfastPlayer implements SeeingPlayer {
  onPlace: (x: number, y: number) => void = () => undefined;
  #client: Client | undefined;

  async start({ port, worldId, name }: SeeingPlace): Promise<void> {
    const credentials = { name, worldId };
    const client = await connect({ url: `ws://127.0.0.1:${port}`, credentials });
    this.#client = client;
    client.on('snapshot', () => {
      const self = client.selfConfirmed;
      if (self !== undefined) this.onPlace(self.x, self.y);
    });
  }

  send(directionX: number, directionY: number, yaw: number): void {
    this.#client?.sendMove({ directionX, directionY, yaw });
  }

  stop(): void {
    void this.#client?.leave();
  }
}
