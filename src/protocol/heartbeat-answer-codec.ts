/**
 * The echo of a heartbeat to bytes and back. Hot: one per heartbeat, and what floods are made of.
 * Byte-compatible with `holdfast.v1.HeartbeatAnswer` (test/fuzz/differential.test.ts).
 * Bytes: docs/PROTOCOL.md, "HeartbeatAnswer".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isCount, isNonce } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { HeartbeatAnswer } from './messages.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const NONCE = 0x0a;
const SERVER_TICK = 0x10;
const RELIABLE_RECEIVED = 0x18;
const LAST_FIELD = 3;
/** Kind, nonce (64 UTF-16 units are at most 192 bytes), tick, count. */
const FRAME_BYTES_MAX = 1 + 3 + 192 + 2 * 9;

const writer = new WireWriter(FRAME_BYTES_MAX);

/** Fresh bytes. */
export function encodeHeartbeatAnswer(answer: HeartbeatAnswer): Uint8Array {
  const { nonce, serverTick, reliableReceived } = answer;
  const isBounded = isNonce(nonce) && isCount(serverTick) && isCount(reliableReceived);
  assert(isBounded, 'a value of a heartbeat-answer is beyond its bounds');
  writer.start(MESSAGE_KIND_BYTES['heartbeat-answer']);
  writer.textField(NONCE, nonce);
  writer.varintField(SERVER_TICK, serverTick);
  writer.varintField(RELIABLE_RECEIVED, reliableReceived);
  return writer.finish();
}

/** Decodes a frame whose first byte says `heartbeat-answer`. */
export function decodeHeartbeatAnswer(frame: Uint8Array): HeartbeatAnswer | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let nonce = '';
  let serverTick = 0;
  let reliableReceived = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === NONCE) nonce = reader.text();
    else if (tag === SERVER_TICK) serverTick = reader.safeInteger();
    else if (tag === RELIABLE_RECEIVED) reliableReceived = reader.safeInteger();
    else reader.skip(tag, LAST_FIELD);
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  if (!isNonce(nonce)) return decodeRejection('out-of-range');
  return { kind: 'heartbeat-answer', nonce, serverTick, reliableReceived };
}
