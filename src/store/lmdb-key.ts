/**
 * Keys of the LMDB store as bytes: table, length of the id, the id in UTF-16 and, for what belongs
 * to a tick, the tick. The length in front keeps ids apart that begin alike; UTF-16 brings back
 * any string; ticks are big-endian, so that a journal lies in order.
 */
import type { WorldId } from '../protocol/ids.ts';

/** First byte of each key. */
export const LMDB_TABLES = { meta: 1, session: 2, checkpoint: 3, journal: 4 } as const;

type Table = 'session' | 'checkpoint' | 'journal';

const PREFIX_BYTES = 3;
const TICK_BYTES = 8;

export const META_KEY: Buffer = Buffer.from([LMDB_TABLES.meta]);

/** Begin (inclusive) and end (exclusive) of a part of the database. */
export interface KeyRange {
  readonly start: Buffer;
  readonly end: Buffer;
}

export function encodeKey(table: Table, id: string, tick?: number): Buffer {
  const idBytes = Buffer.from(id, 'utf16le');
  const key = Buffer.alloc(PREFIX_BYTES + idBytes.length + (tick === undefined ? 0 : TICK_BYTES));
  key.writeUInt8(LMDB_TABLES[table], 0);
  key.writeUInt16BE(id.length, 1);
  idBytes.copy(key, PREFIX_BYTES);
  if (tick !== undefined) key.writeBigUInt64BE(BigInt(tick), PREFIX_BYTES + idBytes.length);
  return key;
}

export function idOfKey(key: Uint8Array): string {
  const view = Buffer.from(key);
  const end = PREFIX_BYTES + 2 * view.readUInt16BE(1);
  return view.toString('utf16le', PREFIX_BYTES, end);
}

export function tickOfKey(key: Uint8Array): number {
  const view = Buffer.from(key);
  return Number(view.readBigUInt64BE(view.length - TICK_BYTES));
}

export function tableRange(table: Table): KeyRange {
  const first = LMDB_TABLES[table];
  return { start: Buffer.from([first]), end: Buffer.from([first + 1]) };
}

/** What the table has of the world up to a tick, that one included; without a tick, all of it. */
export function tickRange(
  table: 'checkpoint' | 'journal',
  worldId: WorldId,
  tick = Number.MAX_SAFE_INTEGER,
): KeyRange {
  return { start: encodeKey(table, worldId, 0), end: encodeKey(table, worldId, tick + 1) };
}
