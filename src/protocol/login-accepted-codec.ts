/**
 * The answer to an accepted login, to bytes and back. Hot where logins storm: the largest message
 * of a session's beginning. Byte-compatible with `holdfast.v1.LoginAccepted`
 * (test/fuzz/differential.test.ts). Bytes: docs/PROTOCOL.md, "LoginAccepted".
 */
import { assert } from '../base/assert.ts';
import { decodeRejection, type DecodeRejection } from './decode-rejection.ts';
import { isId, type PlayerId, type SessionId, type WorldId } from './ids.ts';
import { isCount, isToken, isUint32 } from './message-bounds.ts';
import { MESSAGE_KIND_BYTES } from './message-kinds.ts';
import type { LoginAccepted, SnapshotField } from './messages.ts';
import { WIRE_LIMITS } from './wire-limits.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

const PROTOCOL_VERSION = 0x08;
const SESSION_ID = 0x12;
const EPOCH = 0x18;
const PLAYER_ID = 0x22;
const WORLD_ID = 0x2a;
const ENTITY = 0x30;
const TICK_RATE_HZ = 0x39;
const INPUT_AHEAD_TICKS_MAX = 0x40;
const HEARTBEAT_INTERVAL_MS = 0x48;
const LIVENESS_TIMEOUT_MS = 0x50;
const RECONNECT_WINDOW_MS = 0x58;
const SNAPSHOT_FIELDS = 0x62;
const RESUME_TOKEN = 0x6a;
const IS_RESUMED = 0x70;
const RELIABLE_RECEIVED = 0x78;
/** Two bytes as a varint. */
const INPUT_HOLD_TICKS_MAX = 0x80;
const LAST_FIELD = 16;
/** SnapshotField. */
const NAME = 0x0a;
const PRECISION = 0x11;
const INTERPOLATION = 0x18;
const LAST_SNAPSHOT_FIELD = 3;
/** Numbers, token, three ids and the fields' names (64 UTF-16 units are at most 192 bytes each). */
const FRAME_BYTES_MAX =
  1 + 11 * 11 + 2 + 7 + 64 + 3 * (3 + 192) + WIRE_LIMITS.snapshotFieldsMax * (3 + 3 + 192 + 9 + 2);

/** Interpolation on the wire. */
const INTERPOLATION_NUMBERS = {
  linear: 1,
  angle: 2,
  step: 3,
} as const satisfies Record<SnapshotField['interpolation'], number>;

/** By number. */
const INTERPOLATION_WORDS = [undefined, 'linear', 'angle', 'step'] as const;

/** As read: the interpolation may be one that this version doesn't know. */
type ReadField = Omit<SnapshotField, 'interpolation'> & {
  readonly interpolation: SnapshotField['interpolation'] | undefined;
};
type Draft = { -readonly [Key in keyof LoginAccepted]: LoginAccepted[Key] };

const writer = new WireWriter(FRAME_BYTES_MAX);

/** Durations are rounded to milliseconds. Fresh bytes. */
export function encodeLoginAccepted(message: LoginAccepted): Uint8Array {
  const heartbeatIntervalMs = Math.round(message.heartbeatIntervalMs);
  const livenessTimeoutMs = Math.round(message.livenessTimeoutMs);
  const reconnectWindowMs = Math.round(message.reconnectWindowMs);
  const areDurations =
    isUint32(heartbeatIntervalMs) && isUint32(livenessTimeoutMs) && isUint32(reconnectWindowMs);
  const isBounded = areDurations && areNumbers(message) && areBounded(message);
  assert(isBounded, 'a value of a login-accepted is beyond its bounds');
  writer.start(MESSAGE_KIND_BYTES['login-accepted']);
  writer.varintField(PROTOCOL_VERSION, message.protocolVersion);
  writer.textField(SESSION_ID, message.sessionId);
  writer.varintField(EPOCH, message.epoch);
  writer.textField(PLAYER_ID, message.playerId);
  writer.textField(WORLD_ID, message.worldId);
  writer.varintField(ENTITY, message.entity);
  writer.doubleField(TICK_RATE_HZ, message.tickRateHz);
  writer.varintField(INPUT_AHEAD_TICKS_MAX, message.inputAheadTicksMax);
  writer.varintField(HEARTBEAT_INTERVAL_MS, heartbeatIntervalMs);
  writer.varintField(LIVENESS_TIMEOUT_MS, livenessTimeoutMs);
  writer.varintField(RECONNECT_WINDOW_MS, reconnectWindowMs);
  for (const { name, precision, interpolation } of message.snapshotFields) {
    const begin = writer.open(SNAPSHOT_FIELDS);
    writer.textField(NAME, name);
    writer.doubleField(PRECISION, precision);
    writer.varintField(INTERPOLATION, INTERPOLATION_NUMBERS[interpolation]);
    writer.close(begin);
  }
  writer.textField(RESUME_TOKEN, message.resumeToken);
  if (message.isResumed) writer.varintField(IS_RESUMED, 1);
  if (message.reliableReceived !== undefined) {
    writer.byte(RELIABLE_RECEIVED);
    writer.varint(message.reliableReceived);
  }
  if (message.inputHoldTicksMax !== 0) {
    writer.varint(INPUT_HOLD_TICKS_MAX);
    writer.varint(message.inputHoldTicksMax);
  }
  return writer.finish();
}

/** What no decoder can read otherwise. */
function areNumbers({
  protocolVersion,
  epoch,
  entity,
  inputAheadTicksMax,
  inputHoldTicksMax,
  reliableReceived = 0,
}: LoginAccepted): boolean {
  const isCounted = isUint32(protocolVersion) && isCount(epoch) && isCount(reliableReceived);
  const areTicks = isUint32(inputAheadTicksMax) && isUint32(inputHoldTicksMax);
  return isCounted && areTicks && isUint32(entity);
}

/** Decodes a frame whose first byte says `login-accepted`. */
export function decodeLoginAccepted(frame: Uint8Array): LoginAccepted | DecodeRejection {
  const reader = new WireReader(frame, 1);
  const fields: ReadField[] = [];
  const draft = createDraft();
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag !== SNAPSHOT_FIELDS) readValue(reader, draft, tag);
    else if (fields.length < WIRE_LIMITS.snapshotFieldsMax) fields.push(readField(reader));
    else reader.fail('out-of-range');
  }
  if (reader.failure !== undefined) return decodeRejection(reader.failure);
  if (!areKnown(fields)) return decodeRejection('out-of-range');
  draft.snapshotFields = fields;
  return areBounded(draft) ? draft : decodeRejection('out-of-range');
}

function createDraft(): Draft {
  return {
    kind: 'login-accepted',
    protocolVersion: 0,
    sessionId: '' as SessionId,
    epoch: 0,
    playerId: '' as PlayerId,
    worldId: '' as WorldId,
    entity: 0,
    tickRateHz: 0,
    inputAheadTicksMax: 0,
    inputHoldTicksMax: 0,
    heartbeatIntervalMs: 0,
    livenessTimeoutMs: 0,
    reconnectWindowMs: 0,
    snapshotFields: [],
    resumeToken: '',
    isResumed: false,
    reliableReceived: undefined,
  };
}

function readValue(reader: WireReader, draft: Draft, tag: number): void {
  if (tag === PROTOCOL_VERSION) draft.protocolVersion = reader.uint32();
  else if (tag === SESSION_ID) draft.sessionId = reader.text() as SessionId;
  else if (tag === EPOCH) draft.epoch = reader.safeInteger();
  else if (tag === PLAYER_ID) draft.playerId = reader.text() as PlayerId;
  else if (tag === WORLD_ID) draft.worldId = reader.text() as WorldId;
  else if (tag === ENTITY) draft.entity = reader.uint32();
  else if (tag === TICK_RATE_HZ) draft.tickRateHz = reader.double();
  else if (tag === INPUT_AHEAD_TICKS_MAX) draft.inputAheadTicksMax = reader.uint32();
  else if (tag === HEARTBEAT_INTERVAL_MS) draft.heartbeatIntervalMs = reader.uint32();
  else if (tag === LIVENESS_TIMEOUT_MS) draft.livenessTimeoutMs = reader.uint32();
  else if (tag === RECONNECT_WINDOW_MS) draft.reconnectWindowMs = reader.uint32();
  else if (tag === RESUME_TOKEN) draft.resumeToken = reader.text();
  else if (tag === IS_RESUMED) draft.isResumed = reader.bool();
  else if (tag === RELIABLE_RECEIVED) draft.reliableReceived = reader.safeInteger();
  else if (tag === INPUT_HOLD_TICKS_MAX) draft.inputHoldTicksMax = reader.uint32();
  else reader.skip(tag, LAST_FIELD);
}

function readField(reader: WireReader): ReadField {
  const outer = reader.enter();
  let name = '';
  let precision = 0;
  let interpolation = 0;
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === NAME) name = reader.text();
    else if (tag === PRECISION) precision = reader.double();
    else if (tag === INTERPOLATION) interpolation = reader.enumeration();
    else reader.skip(tag, LAST_SNAPSHOT_FIELD);
  }
  reader.leave(outer);
  return { name, precision, interpolation: INTERPOLATION_WORDS[interpolation] };
}

function areKnown(fields: readonly ReadField[]): fields is readonly SnapshotField[] {
  return fields.every(({ interpolation }) => interpolation !== undefined);
}

function areBounded(message: LoginAccepted): boolean {
  const { sessionId, playerId, worldId, tickRateHz, snapshotFields, resumeToken } = message;
  const areNamed = isId(sessionId) && isId(playerId) && isId(worldId) && isToken(resumeToken);
  const isShort = snapshotFields.length <= WIRE_LIMITS.snapshotFieldsMax;
  return areNamed && isPositive(tickRateHz) && isShort && snapshotFields.every(isBoundedField);
}

function isBoundedField({ name, precision }: SnapshotField): boolean {
  const isNamed = name.length > 0 && name.length <= WIRE_LIMITS.snapshotFieldNameLengthMax;
  return isNamed && isPositive(precision);
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
