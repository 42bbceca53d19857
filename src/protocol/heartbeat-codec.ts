/**
 * Proof of life to bytes and back. Hot: one per peer and heartbeat interval. Byte-compatible with
 * `holdfast.v1.Heartbeat` (test/fuzz/differential.test.ts). Bytes: docs/PROTOCOL.md, "Heartbeat".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isCount, isFloat, isNonce } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { Heartbeat } from './messages.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const NONCE = 0x0a;
const SERVER_TICK = 0x10;
const TICK_FRACTION = 0x1d;
const ROUND_TRIP_TIME_MS = 0x25;
const RELIABLE_RECEIVED = 0x28;
const LAST_FIELD = 5;
/** Kind, nonce (64 UTF-16 units are at most 192 bytes), tick, two floats, count. */
const FRAME_BYTES_MAX = 1 + 3 + 192 + 9 + 2 * 5 + 9;

const writer = new WireWriter(FRAME_BYTES_MAX);

/** The tick fraction and the round trip are rounded to 32-bit floats. Fresh bytes. */
export function encodeHeartbeat(heartbeat: Heartbeat): Uint8Array {
  assert(isBounded(heartbeat), 'a value of a heartbeat is beyond its bounds');
  writer.start(MESSAGE_KIND_BYTES.heartbeat);
  writer.textField(NONCE, heartbeat.nonce);
  writer.varintField(SERVER_TICK, heartbeat.serverTick);
  writer.floatField(TICK_FRACTION, heartbeat.tickFraction);
  writer.floatField(ROUND_TRIP_TIME_MS, heartbeat.roundTripTimeMs);
  writer.varintField(RELIABLE_RECEIVED, heartbeat.reliableReceived);
  return writer.finish();
}

/** Decodes a frame whose first byte says `heartbeat`. */
export function decodeHeartbeat(frame: Uint8Array): Heartbeat | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let nonce = '';
  let serverTick = 0;
  let tickFraction = 0;
  let roundTripTimeMs = 0;
  let reliableReceived = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === NONCE) nonce = reader.text();
    else if (tag === SERVER_TICK) serverTick = reader.safeInteger();
    else if (tag === TICK_FRACTION) tickFraction = reader.float();
    else if (tag === ROUND_TRIP_TIME_MS) roundTripTimeMs = reader.float();
    else if (tag === RELIABLE_RECEIVED) reliableReceived = reader.safeInteger();
    else reader.skip(tag, LAST_FIELD);
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  const heartbeat: Heartbeat = {
    kind: 'heartbeat',
    nonce,
    serverTick,
    tickFraction,
    roundTripTimeMs,
    reliableReceived,
  };
  return isBounded(heartbeat) ? heartbeat : decodeRejection('out-of-range');
}

function isBounded({ nonce, serverTick, tickFraction, roundTripTimeMs }: Heartbeat): boolean {
  return (
    isNonce(nonce) && isCount(serverTick) && isDuration(tickFraction) && isDuration(roundTripTimeMs)
  );
}

/** Of time or of ticks. */
function isDuration(value: number): boolean {
  return isFloat(value) && value >= 0;
}
