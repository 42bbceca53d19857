/**
 * What combat did, to bytes and back: a `oneof` on the wire, the tag `event` in memory. Hot: each
 * shot is told to everybody in its world. Byte-compatible with `holdfast.v1.CombatEvent`
 * (test/fuzz/differential.test.ts). Bytes: docs/PROTOCOL.md, "CombatEvent".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isId, type PlayerId } from './ids.ts';
import { isCode, isCount, isFloat } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { CombatEvent } from './messages.ts';
import { WIRE_TYPE, WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const TICK = 0x08;
const EVENT_TAGS = {
  hit: 0x12,
  'shot-missed': 0x1a,
  'damage-applied': 0x22,
  death: 0x2a,
  'shoot-rejected': 0x32,
} as const satisfies Record<CombatEvent['event'], number>;
const LAST_FIELD = 6;
/** Kind, tick, the longest event: two ids (64 UTF-16 units are at most 192 bytes), four floats. */
const FRAME_BYTES_MAX = 1 + 9 + 3 + 2 * (3 + 192) + 4 * 5;

type EventName = CombatEvent['event'];
/** As it is read: the tick is known at the end. */
type Draft<Name extends EventName> = {
  -readonly [Key in keyof EventOf<Name>]: EventOf<Name>[Key];
};
type EventOf<Name extends EventName> = Extract<CombatEvent, { readonly event: Name }>;
type AnyDraft = { [Name in EventName]: Draft<Name> }[EventName];

const writer = new WireWriter(FRAME_BYTES_MAX);

/** Positions are rounded to 32-bit floats. Fresh bytes. */
export function encodeCombatEvent(message: CombatEvent): Uint8Array {
  const isBounded = isCount(message.tick) && isBoundedEvent(message);
  assert(isBounded, 'a value of a combat-event is beyond its bounds');
  writer.start(MESSAGE_KIND_BYTES['combat-event']);
  writer.varintField(TICK, message.tick);
  const begin = writer.open(EVENT_TAGS[message.event]);
  writeEvent(message);
  writer.close(begin);
  return writer.finish();
}

function writeEvent(message: CombatEvent): void {
  switch (message.event) {
    case 'hit':
      writer.textField(0x0a, message.shooterId);
      writer.textField(0x12, message.targetId);
      writeLine(message, 0x1d);
      break;
    case 'shot-missed':
      writer.textField(0x0a, message.shooterId);
      writeLine(message, 0x15);
      break;
    case 'damage-applied':
      writer.textField(0x0a, message.targetId);
      writer.doubleField(0x11, message.amount);
      writer.doubleField(0x19, message.hitPoints);
      break;
    case 'death':
      writer.textField(0x0a, message.targetId);
      writer.textField(0x12, message.killerId);
      break;
    case 'shoot-rejected':
      writer.varintField(0x08, message.inputTick);
      writer.textField(0x12, message.code);
      break;
    default:
      message satisfies never;
  }
}

type Line = Pick<EventOf<'hit'>, 'originX' | 'originY' | 'impactX' | 'impactY'>;

/** Four floats in fields that follow each other. */
function writeLine({ originX, originY, impactX, impactY }: Line, firstTag: number): void {
  writer.floatField(firstTag, originX);
  writer.floatField(firstTag + 8, originY);
  writer.floatField(firstTag + 16, impactX);
  writer.floatField(firstTag + 24, impactY);
}

/** Decodes a frame whose first byte says `combat-event`. */
export function decodeCombatEvent(frame: Uint8Array): CombatEvent | DecodeRejection {
  const reader = new WireReader(frame, 1);
  let draft: AnyDraft | undefined;
  let tick = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === TICK) tick = reader.safeInteger();
    else if (isEventTag(tag)) draft = readEvent(reader, tag, draft);
    else reader.skip(tag, LAST_FIELD);
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  if (draft === undefined || !isBoundedEvent(draft)) return decodeRejection('out-of-range');
  draft.tick = tick;
  return draft;
}

type EventTag = (typeof EVENT_TAGS)[EventName];

function isEventTag(tag: number): tag is EventTag {
  return (
    (tag & 7) === WIRE_TYPE.length && tag >= EVENT_TAGS.hit && tag <= EVENT_TAGS['shoot-rejected']
  );
}

/** Protobuf merges an event that is there twice, and forgets one when another follows. */
function readEvent(reader: WireReader, tag: EventTag, before: AnyDraft | undefined): AnyDraft {
  const outer = reader.enter();
  const draft = readFields(reader, tag, before);
  reader.leave(outer);
  return draft;
}

function readFields(reader: WireReader, tag: EventTag, before: AnyDraft | undefined): AnyDraft {
  switch (tag) {
    case EVENT_TAGS.hit:
      return readHit(reader, before?.event === 'hit' ? before : createHit());
    case EVENT_TAGS['shot-missed']:
      return readShotMissed(reader, before?.event === 'shot-missed' ? before : createShotMissed());
    case EVENT_TAGS['damage-applied']:
      return readDamage(reader, before?.event === 'damage-applied' ? before : createDamage());
    case EVENT_TAGS.death:
      return readDeath(reader, before?.event === 'death' ? before : createDeath());
    case EVENT_TAGS['shoot-rejected']:
      return readRejected(reader, before?.event === 'shoot-rejected' ? before : createRejected());
  }
}

const KIND = 'combat-event';
const NOBODY = '' as PlayerId;
const NO_LINE = { originX: 0, originY: 0, impactX: 0, impactY: 0 };

function createHit(): Draft<'hit'> {
  return { kind: KIND, tick: 0, event: 'hit', shooterId: NOBODY, targetId: NOBODY, ...NO_LINE };
}

function readHit(reader: WireReader, hit: Draft<'hit'>): Draft<'hit'> {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) hit.shooterId = reader.text() as PlayerId;
    else if (tag === 0x12) hit.targetId = reader.text() as PlayerId;
    else if (tag === 0x1d) hit.originX = reader.float();
    else if (tag === 0x25) hit.originY = reader.float();
    else if (tag === 0x2d) hit.impactX = reader.float();
    else if (tag === 0x35) hit.impactY = reader.float();
    else reader.skip(tag, 6);
  }
  return hit;
}

function createShotMissed(): Draft<'shot-missed'> {
  return { kind: KIND, tick: 0, event: 'shot-missed', shooterId: NOBODY, ...NO_LINE };
}

function readShotMissed(reader: WireReader, shot: Draft<'shot-missed'>): Draft<'shot-missed'> {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) shot.shooterId = reader.text() as PlayerId;
    else if (tag === 0x15) shot.originX = reader.float();
    else if (tag === 0x1d) shot.originY = reader.float();
    else if (tag === 0x25) shot.impactX = reader.float();
    else if (tag === 0x2d) shot.impactY = reader.float();
    else reader.skip(tag, 5);
  }
  return shot;
}

function createDamage(): Draft<'damage-applied'> {
  return {
    kind: KIND,
    tick: 0,
    event: 'damage-applied',
    targetId: NOBODY,
    amount: 0,
    hitPoints: 0,
  };
}

function readDamage(reader: WireReader, damage: Draft<'damage-applied'>): Draft<'damage-applied'> {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) damage.targetId = reader.text() as PlayerId;
    else if (tag === 0x11) damage.amount = reader.double();
    else if (tag === 0x19) damage.hitPoints = reader.double();
    else reader.skip(tag, 3);
  }
  return damage;
}

function createDeath(): Draft<'death'> {
  return { kind: KIND, tick: 0, event: 'death', targetId: NOBODY, killerId: NOBODY };
}

function readDeath(reader: WireReader, death: Draft<'death'>): Draft<'death'> {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) death.targetId = reader.text() as PlayerId;
    else if (tag === 0x12) death.killerId = reader.text() as PlayerId;
    else reader.skip(tag, 2);
  }
  return death;
}

function createRejected(): Draft<'shoot-rejected'> {
  return { kind: KIND, tick: 0, event: 'shoot-rejected', inputTick: 0, code: '' };
}

function readRejected(
  reader: WireReader,
  rejected: Draft<'shoot-rejected'>,
): Draft<'shoot-rejected'> {
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) rejected.inputTick = reader.safeInteger();
    else if (tag === 0x12) rejected.code = reader.text();
    else reader.skip(tag, 2);
  }
  return rejected;
}

function isBoundedEvent(message: CombatEvent): boolean {
  switch (message.event) {
    case 'hit':
      return isId(message.shooterId) && isId(message.targetId) && isBoundedLine(message);
    case 'shot-missed':
      return isId(message.shooterId) && isBoundedLine(message);
    case 'damage-applied':
      return (
        isId(message.targetId) &&
        Number.isFinite(message.amount) &&
        Number.isFinite(message.hitPoints)
      );
    case 'death':
      return isId(message.targetId) && isId(message.killerId);
    case 'shoot-rejected':
      return isCount(message.inputTick) && isCode(message.code);
  }
}

function isBoundedLine({ originX, originY, impactX, impactY }: Line): boolean {
  return isFloat(originX) && isFloat(originY) && isFloat(impactX) && isFloat(impactY);
}
