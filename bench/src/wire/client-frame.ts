/**
 * A frame as a WebSocket client sends it: whole and masked (RFC 6455, 5.3). The mask is always the
 * same one: what it protects from are proxies, and the server's work doesn't depend on it.
 */
const MASK = [0x5a, 0xc3, 0x3c, 0xa5] as const;
const FINAL = 0x80;
const MASKED = 0x80;
const LENGTH_SHORT_MAX = 125;

export type ClientOpcode = 'text' | 'binary' | 'pong';

const OPCODES: Readonly<Record<ClientOpcode, number>> = { text: 0x1, binary: 0x2, pong: 0xa };

/** Fresh bytes; payloads of up to 65 535 bytes. */
export function clientFrame(opcode: ClientOpcode, payload: Uint8Array | string): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const isShort = bytes.length <= LENGTH_SHORT_MAX;
  const begin = isShort ? 6 : 8;
  const frame = Buffer.allocUnsafe(begin + bytes.length);
  frame[0] = FINAL | OPCODES[opcode];
  frame[1] = MASKED | (isShort ? bytes.length : 126);
  if (!isShort) frame.writeUInt16BE(bytes.length, 2);
  frame.set(MASK, begin - 4);
  for (let index = 0; index < bytes.length; index += 1) {
    frame[begin + index] = bytes[index]! ^ MASK[index & 3]!;
  }
  return frame;
}
