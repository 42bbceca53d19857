import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { base64Url } from './base64-url.ts';

test('any bytes become what RFC 4648 says, without padding', () => {
  const random = new SeededRandom(7);
  for (let length = 0; length <= 70; length += 1) {
    const bytes = new Uint8Array(length);
    random.fillBytes(bytes);
    expect(base64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
  }
});

test('128 bits are 22 characters', () => {
  expect(base64Url(new Uint8Array(16).fill(0xff))).toBe('_____________________w');
});
