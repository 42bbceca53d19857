/**
 * Who is which entity, to bytes and back. Hot where players come and go: one per player and change.
 * Byte-compatible with `holdfast.v1.Roster` (test/fuzz/differential.test.ts).
 * Bytes: docs/PROTOCOL.md, "Roster".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isId, type PlayerId } from './ids.ts';
import { isUint32 } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { Roster } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const IS_COMPLETE = 0x08;
const ENTERED = 0x12;
/** Roster.left, packed. */
const LEFT_PACKED = 0x1a;
/** Roster.left, one by one: decoders must take both. */
const LEFT_SINGLE = 0x18;
const LAST_FIELD = 3;
/** RosterEntry. */
const ENTITY = 0x08;
const PLAYER_ID = 0x12;
const LAST_ENTRY_FIELD = 2;

type Entry = Roster['entered'][number];

const writer = new WireWriter(WIRE_LIMITS.serverFrameBytesMax);

/** At most `rosterEntriesMax` of each list: `splitRoster` cuts longer ones. Fresh bytes. */
export function encodeRoster({ isComplete, entered, left }: Roster): Uint8Array {
  const { rosterEntriesMax } = WIRE_LIMITS;
  const isShort = entered.length <= rosterEntriesMax && left.length <= rosterEntriesMax;
  const isBounded = isShort && entered.every(isBoundedEntry) && left.every(isUint32);
  assert(isBounded, 'a value of a roster is beyond its bounds');
  writer.start(MESSAGE_KIND_BYTES.roster);
  writer.varintField(IS_COMPLETE, isComplete ? 1 : 0);
  for (const { entity, playerId } of entered) {
    const begin = writer.open(ENTERED);
    writer.varintField(ENTITY, entity);
    writer.textField(PLAYER_ID, playerId);
    writer.close(begin);
  }
  if (left.length > 0) {
    const begin = writer.open(LEFT_PACKED);
    for (const entity of left) writer.varint32(entity);
    writer.close(begin);
  }
  return writer.finish();
}

/** Decodes a frame whose first byte says `roster`. */
export function decodeRoster(frame: Uint8Array): Roster | DecodeRejection {
  const reader = new WireReader(frame, 1);
  const entered: Entry[] = [];
  const left: number[] = [];
  let isComplete = false;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === IS_COMPLETE) isComplete = reader.bool();
    else if (tag === ENTERED) readEntry(reader, entered);
    else if (tag === LEFT_PACKED) readPackedLeft(reader, left);
    else if (tag === LEFT_SINGLE) readLeft(reader, left);
    else reader.skip(tag, LAST_FIELD);
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  if (!entered.every(isBoundedEntry)) return decodeRejection('out-of-range');
  return { kind: 'roster', isComplete, entered, left };
}

function readEntry(reader: WireReader, entered: Entry[]): void {
  if (entered.length >= WIRE_LIMITS.rosterEntriesMax) {
    reader.fail('out-of-range');
    return;
  }
  const outer = reader.enter();
  let entity = 0;
  let playerId = '';
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === ENTITY) entity = reader.uint32();
    else if (tag === PLAYER_ID) playerId = reader.text();
    else reader.skip(tag, LAST_ENTRY_FIELD);
  }
  reader.leave(outer);
  // Checked at the end: what is wrong with the bytes counts before what is wrong with values.
  entered.push({ entity, playerId: playerId as PlayerId });
}

function readPackedLeft(reader: WireReader, left: number[]): void {
  const outer = reader.enter();
  while (reader.hasMore) readLeft(reader, left);
  reader.leave(outer);
}

function readLeft(reader: WireReader, left: number[]): void {
  if (left.length < WIRE_LIMITS.rosterEntriesMax) left.push(reader.uint32());
  else reader.fail('out-of-range');
}

function isBoundedEntry({ entity, playerId }: Entry): boolean {
  return isUint32(entity) && isId(playerId);
}
