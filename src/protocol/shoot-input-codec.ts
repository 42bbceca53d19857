/**
 * Intent to shoot, to bytes and back. Hot: several per player and second. Byte-compatible with
 * `holdfast.v1.ShootInput` (test/fuzz/differential.test.ts). Bytes: docs/PROTOCOL.md, "ShootInput".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isId, type PlayerId } from './ids.ts';
import { isCount } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { ShootInput } from './messages.ts';
import { SIXTEENTHS_PER_TICK } from './tick-fraction.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const TICK = 0x08;
const TARGET_PLAYER_ID = 0x12;
const DIRECTION_X = 0x1d;
const DIRECTION_Y = 0x25;
const VIEW_TICK_SIXTEENTHS = 0x28;
const LAST_FIELD = 5;
/** Kind, two ticks, target (64 UTF-16 units are at most 192 bytes), two floats. */
const FRAME_BYTES_MAX = 1 + 2 * 9 + 3 + 192 + 2 * 5;

const writer = new WireWriter(FRAME_BYTES_MAX);

/**
 * Directions are rounded to 32-bit floats, what is too large for those becomes infinite, and the
 * authority answers that; the view tick is rounded to 1/16 tick. Fresh bytes.
 */
export function encodeShootInput(input: ShootInput): Uint8Array {
  const { tick, targetPlayerId } = input;
  assert(Number.isFinite(input.viewTick), 'a shoot input needs a view tick');
  const viewTickSixteenths = Math.round(input.viewTick * SIXTEENTHS_PER_TICK);
  const isAimable = targetPlayerId === undefined || isId(targetPlayerId);
  const isBounded = isCount(tick) && isAimable && isCount(viewTickSixteenths);
  assert(isBounded, 'a value of a shoot-input is beyond its bounds');
  writer.start(MESSAGE_KIND_BYTES['shoot-input']);
  writer.varintField(TICK, tick);
  if (targetPlayerId !== undefined) writer.textField(TARGET_PLAYER_ID, targetPlayerId);
  writer.floatField(DIRECTION_X, input.directionX);
  writer.floatField(DIRECTION_Y, input.directionY);
  writer.varintField(VIEW_TICK_SIXTEENTHS, viewTickSixteenths);
  return writer.finish();
}

/** Decodes a frame whose first byte says `shoot-input`. NaN passes: the authority answers it. */
export function decodeShootInput(frame: Uint8Array): ShootInput | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let tick = 0;
  let targetPlayerId: string | undefined;
  let directionX = 0;
  let directionY = 0;
  let viewTickSixteenths = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === TICK) tick = reader.safeInteger();
    else if (tag === TARGET_PLAYER_ID) targetPlayerId = reader.text();
    else if (tag === DIRECTION_X) directionX = reader.float();
    else if (tag === DIRECTION_Y) directionY = reader.float();
    else if (tag === VIEW_TICK_SIXTEENTHS) viewTickSixteenths = reader.safeInteger();
    else reader.skip(tag, LAST_FIELD);
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  if (targetPlayerId !== undefined && !isId(targetPlayerId)) return decodeRejection('out-of-range');
  return {
    kind: 'shoot-input',
    tick,
    targetPlayerId: targetPlayerId as PlayerId | undefined,
    directionX,
    directionY,
    viewTick: viewTickSixteenths / SIXTEENTHS_PER_TICK,
  };
}
