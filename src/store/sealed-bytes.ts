/**
 * Bytes as they lie in a store: format version (1 byte), CRC-32 (4 bytes, big-endian), payload.
 * Whoever reads learns whether they are what was written.
 */
import { crc32 } from '../base/crc32.ts';
import { HoldfastError } from '../protocol/holdfast-error.ts';

/** The format of everything in a store: sealed bytes, keys and records. */
export const STORE_FORMAT = 1;

const HEADER_BYTES = 5;

/** A copy of `payload` with its header. */
export function sealBytes(payload: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(HEADER_BYTES + payload.length);
  sealed.set(payload, HEADER_BYTES);
  sealed[0] = STORE_FORMAT;
  new DataView(sealed.buffer).setUint32(1, checksum(sealed));
  return sealed;
}

/**
 * A copy of the payload. Throws HoldfastError `store-version-mismatch` or `store-corrupt`, saying
 * `what` it is.
 */
export function openSealedBytes(sealed: Uint8Array, what: string): Uint8Array {
  const view = new DataView(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const isWhole = sealed.length >= HEADER_BYTES && view.getUint32(1) === checksum(sealed);
  if (!isWhole) throw new HoldfastError('store-corrupt', `${what} is not as it was written`);
  if (sealed[0] !== STORE_FORMAT) {
    const formats = `format ${sealed[0]}, this version reads ${STORE_FORMAT}`;
    throw new HoldfastError('store-version-mismatch', `${what} was written in ${formats}`);
  }
  return Uint8Array.prototype.slice.call(sealed, HEADER_BYTES);
}

/** Of everything but the checksum itself. */
function checksum(sealed: Uint8Array): number {
  return crc32(sealed.subarray(HEADER_BYTES), crc32(sealed.subarray(0, 1)));
}
