/**
 * Raw clients of Socket.IO: Engine.IO 4 over WebSocket, the default namespace, JSON or msgpack
 * (https://socket.io/docs/v4/socket-io-protocol/). States are told by their first bytes.
 */
import { clientFrame } from '../wire/client-frame.ts';
import { packMessage } from '../wire/message-pack.ts';
import type { Packable } from '../wire/message-pack.ts';
import type { Adapter, AdapterLine, FrameMeaning } from './adapter.ts';
import { HEADINGS } from './headings.ts';

const ENGINE_OPEN = '0';
const ENGINE_PING = '2';
const ENGINE_PONG = '3';
const CONNECT = 0;
const EVENT = 2;
/** Enough of a packet to find the name of its event. */
const NAME_BYTES = 40;

export class SocketIoAdapter implements Adapter {
  readonly #parser: 'json' | 'msgpack';
  readonly #inputs: readonly Buffer[];

  constructor(parser: 'json' | 'msgpack') {
    this.#parser = parser;
    this.#inputs = HEADINGS.map(({ directionX, directionY, yaw }) =>
      this.#event(['input', directionX, directionY, yaw]),
    );
  }

  pathFor(): Promise<string> {
    return Promise.resolve('/socket.io/?EIO=4&transport=websocket');
  }

  createLine(line: AdapterLine): AdapterLine {
    return line;
  }

  /** The server begins. */
  handleOpen(): void {}

  handleFrame({ socket, worldId }: AdapterLine, payload: Buffer, isText: boolean): FrameMeaning {
    if (isText) {
      const first = String.fromCharCode(payload[0]!);
      if (first === ENGINE_OPEN) socket.write(this.#connectFrame());
      if (first === ENGINE_PING) socket.write(clientFrame('text', ENGINE_PONG));
      if (first === ENGINE_OPEN || first === ENGINE_PING) return 'other';
    }
    const begin = payload.toString('latin1', 0, NAME_BYTES);
    if (begin.includes('state')) return 'state';
    if (begin.includes('welcome')) return 'welcome';
    // What is left is the answer to CONNECT.
    if (begin.includes('sid')) socket.write(this.#event(['join', worldId]));
    return 'other';
  }

  inputFrame(_line: AdapterLine, heading: number): Buffer | undefined {
    return this.#inputs[heading];
  }

  #connectFrame(): Buffer {
    if (this.#parser === 'json') return clientFrame('text', `4${CONNECT}`);
    return clientFrame('binary', packMessage({ type: CONNECT, nsp: '/' }));
  }

  #event(data: readonly Packable[]): Buffer {
    if (this.#parser === 'json') return clientFrame('text', `4${EVENT}${JSON.stringify(data)}`);
    return clientFrame('binary', packMessage({ type: EVENT, data, nsp: '/' }));
  }
}
