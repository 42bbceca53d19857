/**
 * Movement intent to bytes and back. Hot: one per player and tick. Byte-compatible with
 * `holdfast.v1.MoveInput` (test/fuzz/differential.test.ts). Bytes: docs/PROTOCOL.md, "MoveInput".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { MoveInput } from './messages.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const TICK = 0x08;
const DIRECTION_X = 0x15;
const DIRECTION_Y = 0x1d;
const YAW = 0x25;
const LAST_FIELD = 4;
/** Kind, tick (tag and at most 8 bytes), three floats (tag and 4 bytes). */
const FRAME_BYTES_MAX = 1 + 9 + 3 * 5;

const writer = new WireWriter(FRAME_BYTES_MAX);

/** Directions and yaw are rounded to 32-bit floats; what is not finite stays so. Fresh bytes. */
export function encodeMoveInput(input: MoveInput): Uint8Array {
  assert(Number.isSafeInteger(input.tick) && input.tick >= 0, 'a move input needs a tick');
  writer.start(MESSAGE_KIND_BYTES['move-input']);
  writer.varintField(TICK, input.tick);
  writer.floatField(DIRECTION_X, input.directionX);
  writer.floatField(DIRECTION_Y, input.directionY);
  writer.floatField(YAW, input.yaw);
  return writer.finish();
}

/** Decodes a frame whose first byte says `move-input`. NaN passes: the authority answers it. */
export function decodeMoveInput(frame: Uint8Array): MoveInput | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let tick = 0;
  let directionX = 0;
  let directionY = 0;
  let yaw = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === TICK) tick = reader.safeInteger();
    else if (tag === DIRECTION_X) directionX = reader.float();
    else if (tag === DIRECTION_Y) directionY = reader.float();
    else if (tag === YAW) yaw = reader.float();
    else reader.skip(tag, LAST_FIELD);
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  return { kind: 'move-input', tick, directionX, directionY, yaw };
}
