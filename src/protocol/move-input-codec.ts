/**
 * Movement intent to bytes and back. Hot: one per player and tick. Byte-compatible with
 * `holdfast.v1.MoveInput` (test/fuzz/differential.test.ts). Bytes: docs/PROTOCOL.md, "MoveInput".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isUint32 } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { EarlierMove, MoveInput } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const TICK = 0x08;
const DIRECTION_X = 0x15;
const DIRECTION_Y = 0x1d;
const YAW = 0x25;
const EARLIER = 0x2a;
const LAST_FIELD = 5;
/** EarlierMove; its other fields are as above. */
const TICKS_BEFORE = 0x08;
const LAST_EARLIER_FIELD = 4;
/** Three floats (tag and 4 bytes). */
const FLOATS_BYTES = 3 * 5;
/** Tag, length, ticks (tag and at most 5 bytes), floats. */
const EARLIER_BYTES_MAX = 2 + 6 + FLOATS_BYTES;
/** Kind, tick (tag and at most 8 bytes), floats, copies. */
const FRAME_BYTES_MAX = 1 + 9 + FLOATS_BYTES + WIRE_LIMITS.earlierMovesMax * EARLIER_BYTES_MAX;

const writer = new WireWriter(FRAME_BYTES_MAX);

/** Directions and yaw are rounded to 32-bit floats; what is not finite stays so. Fresh bytes. */
export function encodeMoveInput(input: MoveInput): Uint8Array {
  const { tick, earlier } = input;
  assert(Number.isSafeInteger(tick) && tick >= 0, 'a move input needs a tick');
  writer.start(MESSAGE_KIND_BYTES['move-input']);
  writer.varintField(TICK, tick);
  writeFloats(input);
  if (earlier !== undefined) writeEarlier(earlier, tick);
  return writer.finish();
}

/** Decodes a frame whose first byte says `move-input`. NaN passes: the authority answers it. */
export function decodeMoveInput(frame: Uint8Array): MoveInput | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let tick = 0;
  let directionX = 0;
  let directionY = 0;
  let yaw = 0;
  /** With `ticks_before` for a tick: that of the message may come behind them. */
  let earlier: EarlierMove[] | undefined;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === TICK) tick = reader.safeInteger();
    else if (tag === DIRECTION_X) directionX = reader.float();
    else if (tag === DIRECTION_Y) directionY = reader.float();
    else if (tag === YAW) yaw = reader.float();
    else if (tag !== EARLIER) reader.skip(tag, LAST_FIELD);
    else if (earlier === undefined) earlier = [readEarlier(reader)];
    else if (earlier.length < WIRE_LIMITS.earlierMovesMax) earlier.push(readEarlier(reader));
    else reader.fail('out-of-range');
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  if (earlier === undefined) return { kind: 'move-input', tick, directionX, directionY, yaw };
  if (!earlier.every((copy) => isBefore(copy.tick, tick))) return decodeRejection('out-of-range');
  const dated = earlier.map((copy) => ({ ...copy, tick: tick - copy.tick }));
  return { kind: 'move-input', tick, directionX, directionY, yaw, earlier: dated };
}

function writeFloats({ directionX, directionY, yaw }: EarlierMove): void {
  writer.floatField(DIRECTION_X, directionX);
  writer.floatField(DIRECTION_Y, directionY);
  writer.floatField(YAW, yaw);
}

function writeEarlier(earlier: readonly EarlierMove[], tick: number): void {
  assert(earlier.length <= WIRE_LIMITS.earlierMovesMax, 'a move input repeats too many');
  for (const copy of earlier) {
    const ticksBefore = tick - copy.tick;
    assert(isBefore(ticksBefore, tick), 'a move input repeats one that is not before it');
    const begin = writer.open(EARLIER);
    writer.varintField(TICKS_BEFORE, ticksBefore);
    writeFloats(copy);
    writer.close(begin);
  }
}

function isBefore(ticksBefore: number, tick: number): boolean {
  return isUint32(ticksBefore) && ticksBefore > 0 && ticksBefore <= tick;
}

function readEarlier(reader: WireReader): EarlierMove {
  const outer = reader.enter();
  let ticksBefore = 0;
  let directionX = 0;
  let directionY = 0;
  let yaw = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === TICKS_BEFORE) ticksBefore = reader.uint32();
    else if (tag === DIRECTION_X) directionX = reader.float();
    else if (tag === DIRECTION_Y) directionY = reader.float();
    else if (tag === YAW) yaw = reader.float();
    else reader.skip(tag, LAST_EARLIER_FIELD);
  }
  reader.leave(outer);
  return { tick: ticksBefore, directionX, directionY, yaw };
}
