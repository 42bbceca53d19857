/**
 * Raw clients of Colyseus 0.18: a seat by HTTP, then the room's WebSocket. Codes are those of
 * `Protocol` in @colyseus/shared-types.
 */
import { clientFrame } from '../wire/client-frame.ts';
import { packMessage } from '../wire/message-pack.ts';
import type { Adapter, AdapterLine, FrameMeaning } from './adapter.ts';
import { HEADINGS } from './headings.ts';

const JOIN_ROOM = 10;
const ERROR = 11;
const ROOM_DATA = 13;
const ROOM_STATE = 14;
const ROOM_STATE_PATCH = 15;
const CODE_MASK = 31;
const ACKNOWLEDGEMENT = clientFrame('binary', Buffer.from([JOIN_ROOM]));

interface Seat {
  readonly sessionId: string;
  readonly roomId: string;
  readonly processId: string;
}

export class ColyseusAdapter implements Adapter {
  readonly #inputs = HEADINGS.map(({ directionX, directionY, yaw }) =>
    clientFrame(
      'binary',
      Buffer.concat([
        Buffer.from([ROOM_DATA]),
        packMessage('input'),
        packMessage([directionX, directionY, yaw]),
      ]),
    ),
  );

  async pathFor(port: number, worldId: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${port}/matchmake/joinOrCreate/arena`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ world: worldId }),
    });
    const { processId, roomId, sessionId } = (await response.json()) as Seat;
    return `/${processId}/${roomId}?sessionId=${sessionId}`;
  }

  createLine(line: AdapterLine): AdapterLine {
    return line;
  }

  /** The server begins. */
  handleOpen(): void {}

  handleFrame({ socket }: AdapterLine, payload: Buffer): FrameMeaning {
    const code = payload[0]! & CODE_MASK;
    if (code === ROOM_STATE_PATCH) return 'state';
    if (code === ERROR) return 'refused';
    if (code === JOIN_ROOM) socket.write(ACKNOWLEDGEMENT);
    return code === ROOM_STATE ? 'welcome' : 'other';
  }

  inputFrame(_line: AdapterLine, heading: number): Buffer | undefined {
    return this.#inputs[heading];
  }
}
