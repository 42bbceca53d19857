import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32.ts';

const BYTES = new TextEncoder().encode('123456789');

describe('crc32', () => {
  it('answers the check value of the standard', () => {
    expect(crc32(BYTES)).toBe(0xcbf43926);
    expect(crc32(new Uint8Array(0))).toBe(0);
  });

  it('goes on from the checksum of what came before', () => {
    for (let cut = 0; cut <= BYTES.length; cut += 1) {
      expect(crc32(BYTES.subarray(cut), crc32(BYTES.subarray(0, cut)))).toBe(crc32(BYTES));
    }
  });

  it.runIf(typeof zlibCrc32 === 'function')('agrees with zlib', () => {
    const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => (index * 167) & 0xff);
    expect(crc32(bytes)).toBe(zlibCrc32(bytes));
  });
});
