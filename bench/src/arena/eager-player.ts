/**
 * A player that sees with the shipped client and speaks past it: each input is stamped with the
 * next tick that can still be reached, without the cushion against jitter that the shipped client
 * keeps. What the server alone adds to an input.
 */
import { connect, webSocketTransport } from 'holdfast/client';
import type { Client, ClientConnection, ClientTransport } from 'holdfast/client';
import { encodeClientMessage } from 'holdfast/protocol';

import type { SeeingPlace, SeeingPlayer } from './seeing-player.ts';

/** 3 ms at 20 Hz: for the way to the server on one machine. */
const WAY_TICKS = 0.06;

export class EagerPlayer implements SeeingPlayer {
  onPlace: (x: number, y: number) => void = () => undefined;
  #client: Client | undefined;
  #connection: ClientConnection | undefined;
  #lastTick = 0;

  async start({ port, worldId, name }: SeeingPlace): Promise<void> {
    const inner = webSocketTransport();
    const transport: ClientTransport = {
      connect: (...target) => (this.#connection = inner.connect(...target)),
    };
    const credentials = { name, worldId };
    const client = await connect({ url: `ws://127.0.0.1:${port}`, credentials, transport });
    this.#client = client;
    client.on('snapshot', () => {
      const self = client.selfConfirmed;
      if (self !== undefined) this.onPlace(self.x, self.y);
    });
  }

  send(directionX: number, directionY: number, yaw: number): void {
    const serverTick = this.#client?.serverTick;
    if (serverTick === undefined) return;
    // Of two within one tick the second is for the tick behind it.
    const tick = Math.max(this.#lastTick, Math.floor(serverTick + WAY_TICKS)) + 1;
    this.#lastTick = tick;
    const move = { kind: 'move-input', tick, directionX, directionY, yaw } as const;
    this.#connection?.write('sync', encodeClientMessage(move));
  }

  stop(): void {
    void this.#client?.leave();
  }
}
