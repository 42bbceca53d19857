/**
 * Bytes as they lie in a store: format version (1 byte), CRC-32 (4 bytes, big-endian), payload.
 * Whoever reads learns whether they are what was written. The checksum finds decay and torn
 * copies; it is no protection against somebody who changes both.
 * CRC-32 as in ISO 3309 and zlib: reflected polynomial 0xEDB88320, one table of 256 words
 * (D. Sarwate, "Computation of Cyclic Redundancy Checks via Table Look-Up", 1988).
 */
import { HoldfastError } from '../protocol/holdfast-error.ts';

/** The format of everything in a store: sealed bytes, keys and records. */
export const STORE_FORMAT = 1;

const HEADER_BYTES = 5;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    word = (word & 1) === 1 ? 0xedb88320 ^ (word >>> 1) : word >>> 1;
  }
  return word;
});

/** A copy of `payload` with its header. */
export function sealBytes(payload: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(HEADER_BYTES + payload.length);
  sealed.set(payload, HEADER_BYTES);
  sealed[0] = STORE_FORMAT;
  new DataView(sealed.buffer).setUint32(1, crc32(sealed));
  return sealed;
}

/**
 * A copy of the payload. Throws HoldfastError `store-version-mismatch` or `store-corrupt`, saying
 * `what` it is.
 */
export function openSealedBytes(sealed: Uint8Array, what: string): Uint8Array {
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const isWhole = sealed.length >= HEADER_BYTES && view.getUint32(1) === crc32(sealed);
  if (!isWhole) throw new HoldfastError('store-corrupt', `${what} is not as it was written`);
  if (sealed[0] !== STORE_FORMAT) {
    const formats = `format ${sealed[0]}, this version reads ${STORE_FORMAT}`;
    throw new HoldfastError('store-version-mismatch', `${what} was written in ${formats}`);
  }
  return Uint8Array.prototype.slice.call(sealed, HEADER_BYTES);
}

/** Of everything but the checksum itself. */
function crc32(sealed: Uint8Array): number {
  let crc = 0xffffffff;
  for (let index = 0; index < sealed.length; index += 1) {
    if (index === 1) index = HEADER_BYTES;
    const byte = sealed[index];
    if (byte !== undefined) crc = CRC_TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
