/**
 * Session records as bytes: JSON in UTF-8, sealed (sealed-bytes.ts). Hashes are hexadecimal text,
 * ids travel as JSON strings, so any string comes back as it was. In: records. Out: bytes, and
 * back; wrong ones throw a typed error.
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';
import type { PlayerId, SessionId, WorldId } from '../protocol/ids.ts';
import { openSealedBytes, sealBytes } from './sealed-bytes.ts';
import type { SessionRecord, StoredReliableCounts, StoredTokens } from './session-record.ts';
import { encodeStorableData } from './storable-data.ts';

const HASH_BYTES_MAX = 64;

/** As it stands in JSON. */
interface RecordFields {
  readonly sessionId: string;
  readonly playerId: string;
  readonly worldId: string;
  readonly entity: number;
  readonly epoch: number;
  readonly tokens: {
    readonly current?: string;
    readonly previous?: string;
    readonly spent: string[];
  };
  readonly reliable?: { readonly sent: number; readonly received: number };
  readonly restoredTick?: number;
  readonly data?: unknown;
}

/** Throws HoldfastError `invalid-argument` or `data-not-storable`. */
export function encodeSessionRecord(record: SessionRecord, bytesMax: number): Uint8Array {
  checkRecord(record);
  const { sessionId, playerId, worldId, entity, epoch, tokens, reliable, restoredTick } = record;
  const fields: RecordFields = {
    sessionId,
    playerId,
    worldId,
    entity,
    epoch,
    tokens: encodeTokens(tokens),
    ...(reliable === undefined ? {} : { reliable: copyCounts(reliable) }),
    ...(restoredTick === undefined ? {} : { restoredTick }),
  };
  const data = encodeStorableData(record.data);
  const text = JSON.stringify(fields);
  // Put together as text: the user's part must not be able to meet a toJSON or a prototype.
  const whole = data === undefined ? text : `${text.slice(0, -1)},"data":${data}}`;
  const bytes = sealBytes(new TextEncoder().encode(whole));
  const size = bytes.length - bytesOfHost(fields);
  if (size > bytesMax) {
    const problem = `takes ${size} bytes, sessionRecordBytesMax is ${bytesMax}`;
    throw new HoldfastError('data-not-storable', `the session with its data ${problem}`);
  }
  return bytes;
}

/**
 * What the host writes and rewrites as the session goes on doesn't count: a record that fitted once
 * fits ever after.
 */
function bytesOfHost({ epoch, tokens, reliable, restoredTick }: RecordFields): number {
  return JSON.stringify({ epoch, tokens, reliable, restoredTick }).length;
}

/** Throws HoldfastError `store-corrupt` or `store-version-mismatch`. */
export function decodeSessionRecord(bytes: Uint8Array): SessionRecord {
  const payload = openSealedBytes(bytes, 'the record of a session');
  try {
    const fields = JSON.parse(new TextDecoder().decode(payload)) as RecordFields;
    const record: SessionRecord = {
      sessionId: fields.sessionId as SessionId,
      playerId: fields.playerId as PlayerId,
      worldId: fields.worldId as WorldId,
      entity: fields.entity,
      epoch: fields.epoch,
      tokens: decodeTokens(fields.tokens),
      reliable: fields.reliable && copyCounts(fields.reliable),
      ...(fields.restoredTick === undefined ? {} : { restoredTick: fields.restoredTick }),
      data: fields.data,
    };
    checkRecord(record);
    return record;
  } catch (cause) {
    throw new HoldfastError('store-corrupt', 'the record of a session is none', { cause });
  }
}

function checkRecord(record: SessionRecord): void {
  const { sessionId, playerId, worldId, entity, epoch, reliable, tokens } = record;
  const { restoredTick = 0 } = record;
  for (const [name, id] of Object.entries({ sessionId, playerId, worldId })) {
    check(typeof id === 'string', `${name} is a text`);
  }
  for (const [name, number] of Object.entries({ entity, epoch })) {
    check(Number.isSafeInteger(number) && number >= 1, `${name} is a whole number ≥ 1`);
  }
  for (const [name, count] of Object.entries({ ...reliable, restoredTick })) {
    check(Number.isSafeInteger(count) && count >= 0, `${name} is a whole number ≥ 0`);
  }
  for (const hash of [tokens.current, tokens.previous, ...tokens.spent]) {
    const isHash = hash === undefined || hash.length <= HASH_BYTES_MAX;
    check(isHash, `a token's hash has at most ${HASH_BYTES_MAX} bytes`);
  }
}

function check(condition: boolean, truth: string): void {
  if (!condition) throw new HoldfastError('invalid-argument', `of a session record, ${truth}`);
}

/** Those two and nothing else that an object may carry along. */
function copyCounts({ sent, received }: StoredReliableCounts): StoredReliableCounts {
  return { sent, received };
}

function encodeTokens({ current, previous, spent }: StoredTokens): RecordFields['tokens'] {
  return {
    ...(current === undefined ? {} : { current: toHex(current) }),
    ...(previous === undefined ? {} : { previous: toHex(previous) }),
    spent: spent.map(toHex),
  };
}

function decodeTokens({ current, previous, spent }: RecordFields['tokens']): StoredTokens {
  return {
    current: current === undefined ? undefined : fromHex(current),
    previous: previous === undefined ? undefined : fromHex(previous),
    spent: spent.map(fromHex),
  };
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function fromHex(text: string): Uint8Array {
  const pairs = text.match(/../g) ?? [];
  return Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16));
}
