import { describe, expect, it } from 'vitest';
import { createArenaGeometry } from './arena-geometry.ts';
import { freeDistance, hasLineOfSight } from './line-of-sight.ts';

const GEOMETRY = createArenaGeometry({
  obstacles: [
    { shape: 'box', minX: 10, minY: 8, maxX: 14, maxY: 12 },
    { shape: 'circle', x: 20, y: 10, radius: 2 },
  ],
});

describe('hasLineOfSight', () => {
  it.each([
    ['through a box', { x: 5, y: 10 }, { x: 16, y: 10 }, false],
    ['through a pillar', { x: 16, y: 10 }, { x: 30, y: 10 }, false],
    ['past a box', { x: 5, y: 12.1 }, { x: 16, y: 12.1 }, true],
    ['to a place before the box', { x: 5, y: 10 }, { x: 9.9, y: 10 }, true],
    ['to its own place', { x: 5, y: 10 }, { x: 5, y: 10 }, true],
  ])('judges a line %s', (_, from, to, expected) => {
    expect(hasLineOfSight(GEOMETRY, from, to)).toBe(expected);
    expect(hasLineOfSight(GEOMETRY, to, from)).toBe(expected);
  });

  it('is cut by an obstacle thinner than any step', () => {
    const wall = { shape: 'box', minX: 5, minY: 0, maxX: 5.001, maxY: 24 } as const;
    const thin = createArenaGeometry({ obstacles: [wall] });
    expect(hasLineOfSight(thin, { x: 1, y: 1 }, { x: 39, y: 23 })).toBe(false);
  });
});

describe('freeDistance', () => {
  it('ends at the first obstacle', () => {
    expect(freeDistance(GEOMETRY, { x: 5, y: 10 }, { x: 30, y: 0 })).toBeCloseTo(5, 12);
    expect(freeDistance(GEOMETRY, { x: 16, y: 10 }, { x: 30, y: 0 })).toBeCloseTo(2, 12);
  });

  it('ends at the bounds', () => {
    expect(freeDistance(GEOMETRY, { x: 5, y: 4 }, { x: 0, y: -30 })).toBeCloseTo(4, 12);
  });

  it('is the whole ray where nothing is', () => {
    expect(freeDistance(GEOMETRY, { x: 5, y: 4 }, { x: 3, y: 4 })).toBe(5);
  });
});
