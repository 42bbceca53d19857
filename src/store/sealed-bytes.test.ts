import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { STORE_FORMAT, openSealedBytes, sealBytes } from './sealed-bytes.ts';

const corrupt = expect.objectContaining({ code: 'store-corrupt' });

describe('sealed bytes', () => {
  test('are format, CRC-32 of all the rest, payload', () => {
    const payload = Uint8Array.from({ length: 1_000 }, (_, index) => (index * 7) & 0xff);
    const sealed = sealBytes(payload);
    expect(sealed[0]).toBe(STORE_FORMAT);
    expect(sealed.subarray(5)).toEqual(payload);
    const checksum = crc32(payload, crc32(Uint8Array.of(STORE_FORMAT)));
    expect(new DataView(sealed.buffer).getUint32(1)).toBe(checksum);
  });

  test('of any length open to what was sealed', () => {
    for (const length of [0, 1, 4, 5, 6, 300]) {
      const payload = new Uint8Array(length).fill(9);
      expect(openSealedBytes(sealBytes(payload), 'x')).toEqual(payload);
    }
  });

  test('with any bit changed, or cut anywhere, are corrupt', () => {
    const sealed = sealBytes(Uint8Array.of(1, 2, 3, 4));
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = sealed.slice();
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => openSealedBytes(changed, 'x'), `bit ${bit}`).toThrow(corrupt);
    }
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => openSealedBytes(sealed.subarray(0, length), 'x')).toThrow(corrupt);
    }
  });

  test('of another format name it', () => {
    const sealed = sealBytes(Uint8Array.of(1));
    sealed[0] = STORE_FORMAT + 1;
    new DataView(sealed.buffer).setUint32(1, crc32(Uint8Array.of(STORE_FORMAT + 1, 1)));
    const mismatch = expect.objectContaining({ code: 'store-version-mismatch' });
    expect(() => openSealedBytes(sealed, 'it')).toThrow(mismatch);
    expect(() => openSealedBytes(sealed, 'it')).toThrow('it was written in format 2');
  });
});
