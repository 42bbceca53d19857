/**
 * What became of the receiver's movement input, to bytes and back. Hot: one per player and tick.
 * Byte-compatible with `holdfast.v1.InputAck` (test/fuzz/differential.test.ts).
 * Bytes: docs/PROTOCOL.md, "InputAck".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { InputAck } from './messages.ts';
import { SIXTEENTHS_PER_TICK } from './tick-fraction.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const LAST_INPUT_TICK = 0x08;
const MARGIN_SIXTEENTHS = 0x10;
const LAST_FIELD = 2;
/** Kind, tick (tag and at most 8 bytes), margin (tag and at most 5 bytes). */
const FRAME_BYTES_MAX = 1 + 9 + 6;

const writer = new WireWriter(FRAME_BYTES_MAX);

/** The margin is rounded to 1/16 tick; below 0 it is sent as 0. Fresh bytes. */
export function encodeInputAck(ack: InputAck): Uint8Array {
  const { lastInputTick } = ack;
  const margin = Math.max(0, Math.round(ack.marginTicks * SIXTEENTHS_PER_TICK));
  assert(Number.isSafeInteger(lastInputTick) && lastInputTick >= 0, 'an input ack needs a tick');
  assert(margin >>> 0 === margin, 'an input ack needs a finite margin');
  writer.start(MESSAGE_KIND_BYTES['input-ack']);
  writer.varintField(LAST_INPUT_TICK, lastInputTick);
  writer.varintField(MARGIN_SIXTEENTHS, margin);
  return writer.finish();
}

/** Decodes a frame whose first byte says `input-ack`. */
export function decodeInputAck(frame: Uint8Array): InputAck | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let lastInputTick = 0;
  let margin = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === LAST_INPUT_TICK) lastInputTick = reader.safeInteger();
    else if (tag === MARGIN_SIXTEENTHS) margin = reader.uint32();
    else reader.skip(tag, LAST_FIELD);
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  return { kind: 'input-ack', lastInputTick, marginTicks: margin / SIXTEENTHS_PER_TICK };
}
