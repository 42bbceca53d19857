/**
 * The WebSocket frame of a payload (RFC 6455 §5.2), built once however many connections it goes to:
 * a server's frames are unmasked, so they are the same for everybody.
 * In: a payload. Out: its frame, kept in `framed`. Must not know: sockets.
 */
import type { OutboundPayload } from './transport.ts';

/** FIN and opcode 2: one whole binary message. */
const WHOLE_BINARY_MESSAGE = 0x82;
const LENGTH_IN_7_BITS_MAX = 125;
const LENGTH_IN_16_BITS_MAX = 65_535;

/** The payload as one binary message on the wire. */
export function frameOf(payload: OutboundPayload): Uint8Array {
  return (payload.framed ??= buildFrame(payload.bytes));
}

function buildFrame(bytes: Uint8Array): Uint8Array {
  const { length } = bytes;
  if (length <= LENGTH_IN_7_BITS_MAX) {
    const frame = Buffer.allocUnsafe(2 + length);
    frame[0] = WHOLE_BINARY_MESSAGE;
    frame[1] = length;
    frame.set(bytes, 2);
    return frame;
  }
  if (length <= LENGTH_IN_16_BITS_MAX) {
    const frame = Buffer.allocUnsafe(4 + length);
    frame[0] = WHOLE_BINARY_MESSAGE;
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
    frame.set(bytes, 4);
    return frame;
  }
  const frame = Buffer.allocUnsafe(10 + length);
  frame[0] = WHOLE_BINARY_MESSAGE;
  frame[1] = 127;
  frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(bytes, 10);
  return frame;
}
