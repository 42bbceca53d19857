/**
 * What comes from a WebSocket server (RFC 6455), cut into messages: unmasked frames, whole or in
 * fragments. In: chunks of a TCP stream. Out: opcode and payload of each frame, a view that is
 * valid during the call alone. For the bench: it trusts its servers.
 */
export type FrameListener = (opcode: number, payload: Buffer) => void;

const EMPTY = Buffer.alloc(0);
const LENGTH_16 = 126;
const LENGTH_64 = 127;

export class FrameParser {
  #rest: Buffer = EMPTY;
  /** Of the message whose fragments are coming. */
  #fragments: Buffer[] = [];
  #opcode = 0;
  readonly #onFrame: FrameListener;

  constructor(onFrame: FrameListener) {
    this.#onFrame = onFrame;
  }

  /** `chunk` is not kept. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const length = frameLength(bytes, at);
      if (length === undefined || at + length > bytes.length) break;
      this.#take(bytes, at, length);
      at += length;
    }
    this.#rest = at === bytes.length ? EMPTY : Buffer.from(bytes.subarray(at));
  }

  #take(bytes: Buffer, at: number, length: number): void {
    const first = bytes[at]!;
    const opcode = first & 0x0f;
    const payload = bytes.subarray(at + headerLength(bytes[at + 1]!), at + length);
    const isLast = (first & 0x80) !== 0;
    // Control frames may come between fragments.
    if (opcode >= 8 || (opcode !== 0 && isLast)) {
      this.#onFrame(opcode, payload);
      return;
    }
    if (opcode !== 0) this.#opcode = opcode;
    this.#fragments.push(Buffer.from(payload));
    if (!isLast) return;
    const whole = Buffer.concat(this.#fragments);
    this.#fragments = [];
    this.#onFrame(this.#opcode, whole);
  }
}

function headerLength(second: number): number {
  const short = second & 0x7f;
  if (short === LENGTH_16) return 4;
  return short === LENGTH_64 ? 10 : 2;
}

/** Header and payload; undefined while the header isn't there. */
function frameLength(bytes: Buffer, at: number): number | undefined {
  if (at + 2 > bytes.length) return undefined;
  const second = bytes[at + 1]!;
  const header = headerLength(second);
  if (at + header > bytes.length) return undefined;
  if (header === 2) return 2 + second;
  if (header === 4) return 4 + bytes.readUInt16BE(at + 2);
  return 10 + Number(bytes.readBigUInt64BE(at + 2));
}
