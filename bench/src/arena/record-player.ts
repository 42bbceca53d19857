/** A player of the servers that are written by hand: `ws` and a decoder of their records. */
import { WebSocket } from 'ws';

import { recordInput, recordLogin } from './record-adapter.ts';
import type { SeeingPlace, SeeingPlayer } from './seeing-player.ts';

const WELCOME = 2;
const STATE = 4;
const STATE_HEADER_BYTES = 5;
const RECORD_BYTES = 17;

interface DecodedRecord {
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly yaw: number;
}

export class RecordPlayer implements SeeingPlayer {
  onPlace: (x: number, y: number) => void = () => undefined;
  #socket: WebSocket | undefined;
  #id = 0;

  start({ port, worldId }: SeeingPlace): Promise<void> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    this.#socket = socket;
    socket.once('open', () => socket.send(recordLogin(worldId)));
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (bytes: Buffer) => {
        if (bytes[0] === STATE) this.#look(bytes);
        if (bytes[0] !== WELCOME) return;
        this.#id = bytes.readUInt32LE(1);
        resolve();
      });
    });
  }

  send(directionX: number, directionY: number, yaw: number): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(recordInput({ directionX, directionY, yaw }));
  }

  stop(): void {
    this.#socket?.terminate();
  }

  /** Decodes everybody, as a client has to that draws them. */
  #look(bytes: Buffer): void {
    const records: DecodedRecord[] = [];
    for (let at = STATE_HEADER_BYTES; at < bytes.length; at += RECORD_BYTES) {
      records.push({
        id: bytes.readUInt32LE(at),
        x: bytes.readFloatLE(at + 4),
        y: bytes.readFloatLE(at + 8),
        yaw: bytes.readFloatLE(at + 12),
      });
    }
    const self = records.find(({ id }) => id === this.#id);
    if (self !== undefined) this.onPlace(self.x, self.y);
  }
}
