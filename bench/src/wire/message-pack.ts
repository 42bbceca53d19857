/**
 * As much of MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md) as the raw
 * clients of Colyseus and Socket.IO have to write: small numbers, doubles, short texts, lists,
 * objects of few keys.
 */
export type Packable = number | string | readonly Packable[] | { readonly [key: string]: Packable };

const FIXMAP = 0x80;
const FIXARRAY = 0x90;
const FIXSTR = 0xa0;
const FLOAT_64 = 0xcb;
const SMALL_MAX = 15;
const TEXT_BYTES_MAX = 31;

/** Throws where a text, list or object is too long for its shortest form. */
export function packMessage(value: Packable): Buffer {
  if (typeof value === 'number') return packNumber(value);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([FIXSTR | within(bytes.length, TEXT_BYTES_MAX)]), bytes]);
  }
  if (Array.isArray(value)) {
    const items = (value as readonly Packable[]).map(packMessage);
    return Buffer.concat([Buffer.from([FIXARRAY | within(items.length, SMALL_MAX)]), ...items]);
  }
  const entries = Object.entries(value as { readonly [key: string]: Packable });
  const parts = entries.flatMap(([key, item]) => [packMessage(key), packMessage(item)]);
  return Buffer.concat([Buffer.from([FIXMAP | within(entries.length, SMALL_MAX)]), ...parts]);
}

function packNumber(value: number): Buffer {
  // Positive and negative fixint are the byte itself.
  if (Number.isInteger(value) && value >= -32 && value < 128) return Buffer.from([value & 0xff]);
  const bytes = Buffer.alloc(9);
  bytes[0] = FLOAT_64;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function within(length: number, most: number): number {
  if (length > most) throw new RangeError(`${length} is more than ${most}`);
  return length;
}
