/**
 * The world's state at a tick, to bytes and back. Hot: encoded once per world and tick, decoded by
 * every client. Byte-compatible with `holdfast.v1.Snapshot` (test/fuzz/differential.test.ts).
 * Bytes: docs/PROTOCOL.md, "Snapshot".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { PlayerState, Snapshot } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { WireReader } from './wire-reader.ts';
import { varintBytes, WireWriter, zigzag } from './wire-writer.ts';

/** Snapshot.tick, varint. */
const TICK = 0x08;
/** Snapshot.players, length-delimited. */
const PLAYERS = 0x12;
/** PlayerState.entity, varint. */
const ENTITY = 0x08;
/** PlayerState.fields, packed. */
const FIELDS_PACKED = 0x12;
/** PlayerState.fields, one by one: decoders must take both. */
const FIELD_SINGLE = 0x10;
const LAST_FIELD = 2;

const writer = new WireWriter(WIRE_LIMITS.serverFrameBytesMax);

/**
 * Encodes a snapshot frame from parallel arrays: `fieldsOf[i]` are the fields of `entities[i]`,
 * integers of 32 bits in the order of `LoginAccepted.snapshotFields`. The arrays are read during
 * the call only; the bytes are fresh and never change. A caller that passes more players, fields
 * or bytes than `WIRE_LIMITS` allow gets an AssertionFailure.
 */
export function encodeSnapshot(
  tick: number,
  entities: readonly number[],
  fieldsOf: readonly (readonly number[])[],
): Uint8Array {
  assert(Number.isSafeInteger(tick) && tick >= 0, 'a snapshot needs a tick');
  assert(entities.length === fieldsOf.length, 'a snapshot needs fields for each entity');
  assert(entities.length <= WIRE_LIMITS.snapshotPlayersMax, 'a snapshot has too many players');
  writer.start(MESSAGE_KIND_BYTES.snapshot);
  if (tick !== 0) {
    writer.byte(TICK);
    writer.varint(tick);
  }
  for (let index = 0; index < entities.length; index += 1) {
    // Both in bounds: the lengths are equal.
    writePlayer(entities[index] as number, fieldsOf[index] as readonly number[]);
  }
  return writer.finish();
}

function writePlayer(entity: number, fields: readonly number[]): void {
  assert(entity >>> 0 === entity, 'an entity is an unsigned 32-bit integer');
  assert(fields.length <= WIRE_LIMITS.snapshotFieldsMax, 'a player has too many fields');
  let fieldsBytes = 0;
  // Deliberate: `for of` allocates each number of an array that has held −0 or a fraction; four
  // fifths of the time went to the garbage collector (Node 20).
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] as number;
    assert((field | 0) === field, 'a snapshot field is a signed 32-bit integer');
    fieldsBytes += varintBytes(zigzag(field | 0));
  }
  const entityBytes = entity === 0 ? 0 : 1 + varintBytes(entity);
  writer.byte(PLAYERS);
  writer.varint(entityBytes + (fieldsBytes === 0 ? 0 : 1 + varintBytes(fieldsBytes) + fieldsBytes));
  if (entity !== 0) {
    writer.byte(ENTITY);
    writer.varint32(entity);
  }
  if (fieldsBytes === 0) return;
  writer.byte(FIELDS_PACKED);
  writer.varint32(fieldsBytes);
  for (let index = 0; index < fields.length; index += 1) {
    writer.varint32(zigzag((fields[index] as number) | 0));
  }
}

/** Decodes a frame whose first byte says `snapshot`. */
export function decodeSnapshot(frame: Uint8Array): Snapshot | DecodeRejection {
  const reader = new WireReader(frame, 1);
  const players: PlayerState[] = [];
  let tick = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === TICK) tick = reader.safeInteger();
    else if (tag !== PLAYERS) reader.skip(tag, LAST_FIELD);
    else if (players.length < WIRE_LIMITS.snapshotPlayersMax) players.push(readPlayer(reader));
    else reader.fail('out-of-range');
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  return { kind: 'snapshot', tick, players };
}

function readPlayer(reader: WireReader): PlayerState {
  const outer = reader.enter();
  const fields: number[] = [];
  let entity = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ENTITY) entity = reader.uint32();
    else if (tag === FIELDS_PACKED) readPackedFields(reader, fields);
    else if (tag === FIELD_SINGLE) readField(reader, fields);
    else reader.skip(tag, LAST_FIELD);
  }
  reader.leave(outer);
  return { entity, fields };
}

function readPackedFields(reader: WireReader, fields: number[]): void {
  const outer = reader.enter();
  while (reader.hasMore) readField(reader, fields);
  reader.leave(outer);
}

function readField(reader: WireReader, fields: number[]): void {
  if (fields.length < WIRE_LIMITS.snapshotFieldsMax) fields.push(reader.sint32());
  else reader.fail('out-of-range');
}
