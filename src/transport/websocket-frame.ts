/**
 * The WebSocket frame of a payload (RFC 6455 §5.2), built once however many connections it goes to:
 * a server's frames are unmasked, so they are the same for everybody. Small ones that leave
 * together are copied into one piece: one buffer to write costs less than a list of them.
 * In: payloads. Out: a frame, kept in `framed`, or several in a row. Must not know: sockets.
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

/** The payloads as messages one behind the other, in bytes of their own. */
export function joinFrames(payloads: readonly OutboundPayload[], bytesTotal: number): Uint8Array {
  const joined = Buffer.allocUnsafe(bytesTotal);
  let at = 0;
  for (const { bytes } of payloads) at = writeFrame(joined, at, bytes);
  return joined;
}

/** How many bytes the payloads are as messages on the wire. */
export function framesBytes(payloads: readonly OutboundPayload[]): number {
  let total = 0;
  for (const { bytes } of payloads) total += headerBytes(bytes.length) + bytes.length;
  return total;
}

function buildFrame(bytes: Uint8Array): Uint8Array {
  const frame = Buffer.allocUnsafe(headerBytes(bytes.length) + bytes.length);
  writeFrame(frame, 0, bytes);
  return frame;
}

function headerBytes(length: number): number {
  if (length <= LENGTH_IN_7_BITS_MAX) return 2;
  return length <= LENGTH_IN_16_BITS_MAX ? 4 : 10;
}

/** Answers where the next frame begins. */
function writeFrame(target: Buffer, at: number, bytes: Uint8Array): number {
  const { length } = bytes;
  const begin = at + headerBytes(length);
  target[at] = WHOLE_BINARY_MESSAGE;
  if (length <= LENGTH_IN_7_BITS_MAX) {
    target[at + 1] = length;
  } else if (length <= LENGTH_IN_16_BITS_MAX) {
    target[at + 1] = 126;
    target.writeUInt16BE(length, at + 2);
  } else {
    target[at + 1] = 127;
    target.writeBigUInt64BE(BigInt(length), at + 2);
  }
  target.set(bytes, begin);
  return begin + length;
}
