import { describe, expect, test } from 'vitest';
import { freeAhead, hasClearView } from './arena-sight.ts';

describe('sight in the arena', () => {
  test('ends at a wall', () => {
    expect(hasClearView({ x: -20, y: 0 }, { x: -14, y: 0 })).toBe(false);
    expect(hasClearView({ x: -25, y: 0 }, { x: -20, y: 0 })).toBe(true);
  });

  test('feels the free way ahead, at most as far as asked', () => {
    expect(freeAhead({ x: -25, y: 0 }, Math.PI / 2, 3)).toBe(3);
    expect(freeAhead({ x: -29, y: 0 }, Math.PI, 3)).toBeLessThan(1);
  });
});
