import { describe, expect, it } from 'vitest';
import { createStreams, createUnits, seedFor } from '../../src/simulator/seeded-streams.ts';

function bytesOf(seed: number, purpose: string, count: number): number[] {
  const bytes = new Uint8Array(count);
  createStreams(seed)(purpose).fillBytes(bytes);
  return [...bytes];
}

describe('seeded streams', () => {
  it('repeat themselves for an equal seed and purpose, and only then', () => {
    expect(bytesOf(1, 'nonce:ann#1', 32)).toEqual(bytesOf(1, 'nonce:ann#1', 32));
    expect(bytesOf(1, 'nonce:ann#1', 32)).not.toEqual(bytesOf(2, 'nonce:ann#1', 32));
    expect(bytesOf(1, 'nonce:ann#1', 32)).not.toEqual(bytesOf(1, 'nonce:ann#2', 32));
  });

  it('are not moved by what others draw', () => {
    const streams = createStreams(7);
    const ann = streams('ann');
    const first = new Uint8Array(8);
    ann.fillBytes(first);
    streams('bob').fillBytes(new Uint8Array(100));
    const second = new Uint8Array(8);
    ann.fillBytes(second);
    expect([...first, ...second]).toEqual(bytesOf(7, 'ann', 16));
  });

  it('have a seed of their own, for names in any script too', () => {
    const seeds = new Set<number>();
    const names = ['__proto__', '1', 'zoë', '李雷', '👾', '', ...namesUpTo(5_000)];
    for (const name of names) seeds.add(seedFor(1, `link:${name}:up:sync`));
    expect(seeds.size).toBe(names.length);
    expect([...seeds].every((seed) => Number.isSafeInteger(seed) && seed >= 0)).toBe(true);
  });

  it('are uniform in [0, 1)', () => {
    const random = createUnits(3, 'evenness');
    const bins = Array.from({ length: 10 }, () => 0);
    for (let count = 0; count < 20_000; count += 1) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });
});

function namesUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `peer-${index}`);
}
