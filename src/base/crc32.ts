/**
 * A checksum that finds decay and torn copies; no protection against somebody who changes both.
 * CRC-32 as in ISO 3309 and zlib: reflected polynomial 0xEDB88320, one table of 256 words
 * (D. Sarwate, "Computation of Cyclic Redundancy Checks via Table Look-Up", 1988).
 */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    word = (word & 1) === 1 ? 0xedb88320 ^ (word >>> 1) : word >>> 1;
  }
  return word;
});

/** Of `bytes`; with `previous`, of all that it is the checksum of and then `bytes`. */
export function crc32(bytes: Uint8Array, previous = 0): number {
  let crc = ~previous;
  for (let index = 0; index < bytes.length; index += 1) {
    // Deliberate: in bounds; `for of` over bytes costs three times as much.
    crc = (TABLE[(crc ^ (bytes[index] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}
