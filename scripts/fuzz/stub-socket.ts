/**
 * A socket without a network: the script pushes what arrives, and what was written is kept for the
 * check that it consists of whole frames. In: bytes. Out: the bytes written after the handshake.
 */
import { Duplex } from 'node:stream';

const HEADER_END = '\r\n\r\n';
/** Opcodes that a server of ours sends: binary, close, ping, pong. */
const OPCODES: ReadonlySet<number> = new Set([2, 8, 9, 10]);

export class StubSocket extends Duplex {
  readonly #written: Buffer[] = [];

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#written.push(chunk);
    done();
  }

  /** Throws when the bytes behind the handshake's answer aren't whole, unmasked frames. */
  assertWholeFrames(): void {
    const bytes = Buffer.concat(this.#written);
    const header = bytes.indexOf(HEADER_END);
    if (header === -1) throw new Error('the handshake has no answer');
    let position = header + HEADER_END.length;
    while (position < bytes.length) position = frameEnd(bytes, position);
    if (position !== bytes.length) throw new Error('the last frame is cut');
  }
}

function frameEnd(bytes: Buffer, start: number): number {
  const first = bytes[start] as number;
  if ((first & 0xf0) !== 0x80 || !OPCODES.has(first & 0x0f)) {
    throw new Error(`a frame begins with ${first}`);
  }
  const length = bytes[start + 1] ?? 0;
  if (length < 126) return start + 2 + length;
  if (length === 126) return start + 4 + bytes.readUInt16BE(start + 2);
  if (length === 127) return start + 10 + Number(bytes.readBigUInt64BE(start + 2));
  throw new Error('the server masks a frame');
}
