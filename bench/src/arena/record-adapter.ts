/** Raw clients of the servers written by hand: bench/peers/record-wire.mjs has the bytes. */
import { clientFrame } from '../wire/client-frame.ts';
import type { Adapter, AdapterLine, FrameMeaning } from './adapter.ts';
import { HEADINGS } from './headings.ts';
import type { Heading } from './headings.ts';

const LOGIN = 1;
const WELCOME = 2;
const INPUT = 3;
const STATE = 4;
const WORLD_NUMBER = /\d+$/;

export class RecordAdapter implements Adapter {
  readonly #inputs = HEADINGS.map((heading) => clientFrame('binary', recordInput(heading)));

  pathFor(): Promise<string> {
    return Promise.resolve('/');
  }

  createLine(line: AdapterLine): AdapterLine {
    return line;
  }

  handleOpen({ socket, worldId }: AdapterLine): void {
    socket.write(clientFrame('binary', recordLogin(worldId)));
  }

  handleFrame(_line: AdapterLine, payload: Buffer): FrameMeaning {
    if (payload[0] === STATE) return 'state';
    return payload[0] === WELCOME ? 'welcome' : 'other';
  }

  inputFrame(_line: AdapterLine, heading: number): Buffer | undefined {
    return this.#inputs[heading];
  }
}

export function recordLogin(worldId: string): Buffer {
  const bytes = Buffer.alloc(3);
  bytes[0] = LOGIN;
  bytes.writeUInt16LE(Number(WORLD_NUMBER.exec(worldId)?.[0] ?? 0), 1);
  return bytes;
}

export function recordInput({ directionX, directionY, yaw }: Heading): Buffer {
  const bytes = Buffer.alloc(13);
  bytes[0] = INPUT;
  bytes.writeFloatLE(directionX, 1);
  bytes.writeFloatLE(directionY, 5);
  bytes.writeFloatLE(yaw, 9);
  return bytes;
}
