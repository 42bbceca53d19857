import { describe, expect, it } from 'vitest';
import { nodeRandomStreams } from './node-platform.ts';

function draw(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  nodeRandomStreams('test').fillBytes(bytes);
  return bytes;
}

describe('random bytes on Node', () => {
  it('never come twice, across many refills of the pool', () => {
    const drawn = Array.from({ length: 5_000 }, () => Buffer.from(draw(16)).toString('hex'));
    expect(new Set(drawn).size).toBe(5_000);
  });

  it.each([1, 4_095, 4_096, 4_097, 65_536])('fill %i bytes to the last', (length) => {
    // Each end byte is 0 once in 256 draws: not in all of twenty.
    const draws = Array.from({ length: 20 }, () => draw(length));
    expect(draws.some((bytes) => bytes[0] !== 0)).toBe(true);
    expect(draws.some((bytes) => bytes[length - 1] !== 0)).toBe(true);
  });
});
