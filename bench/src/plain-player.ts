/**
 * A player of the bare `ws` server: says who it is, gets a frame per tick. In: a URL. Out: when its
 * first frame came. What any client on WebSocket has to do at least.
 */
import { WebSocket } from 'ws';

import { machineNow } from '../../scripts/chaos/machine-clock.ts';

export class PlainPlayer {
  /** 0 = none has come. */
  firstFrameAt = 0;
  isWelcome = false;
  readonly #socket: WebSocket;

  constructor(url: string, name: string) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
    this.#socket.once('open', () => this.#socket.send(JSON.stringify({ name })));
    this.#socket.on('message', (_data: Buffer, isBinary: boolean) => {
      if (!isBinary) this.isWelcome = true;
      else if (this.firstFrameAt === 0) this.firstFrameAt = machineNow();
    });
    this.#socket.on('error', () => undefined);
  }

  drop(): void {
    this.#socket.terminate();
  }
}
