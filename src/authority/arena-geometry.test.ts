import { describe, expect, it } from 'vitest';
import { createArenaGeometry, distanceTo, isFree, type Box } from './arena-geometry.ts';

const BOUNDS: Box = { minX: 0, minY: 0, maxX: 10, maxY: 10 };

describe('createArenaGeometry', () => {
  it('is a plain field of 40 m × 24 m by default', () => {
    expect(createArenaGeometry()).toEqual({
      bounds: { minX: 0, minY: 0, maxX: 40, maxY: 24 },
      obstacles: [],
      spawnPoints: [],
    });
  });

  it.each([
    ['geometry.bounds', { bounds: { ...BOUNDS, maxX: Number.NaN } }],
    ['geometry.bounds', { bounds: { ...BOUNDS, maxX: 2e6 } }],
    ['geometry.bounds must have an area', { bounds: { ...BOUNDS, maxX: 0 } }],
    ['geometry.obstacles[0]', { obstacles: [{ shape: 'box', ...BOUNDS, minY: 10 } as const] }],
    [
      'geometry.obstacles[0].radius',
      { obstacles: [{ shape: 'circle', x: 1, y: 1, radius: 0 } as const] },
    ],
    [
      'geometry.spawnPoints[1]',
      {
        spawnPoints: [
          { x: 1, y: 1 },
          { x: -1, y: 1 },
        ],
      },
    ],
  ])('refuses a bad part and names it: %s', (named, options) => {
    expect(() => createArenaGeometry(options)).toThrow(
      expect.objectContaining({
        code: 'invalid-configuration',
        message: expect.stringContaining(named),
      }),
    );
  });
});

describe('isFree', () => {
  const geometry = createArenaGeometry({
    bounds: BOUNDS,
    obstacles: [{ shape: 'box', minX: 4, minY: 4, maxX: 6, maxY: 6 }],
  });

  it.each([
    [{ x: 1, y: 1 }, 1, true],
    [{ x: 0.9, y: 1 }, 1, false],
    [{ x: 1, y: 9.1 }, 1, false],
    [{ x: 5, y: 5 }, 1, false],
    [{ x: 3, y: 5 }, 1, true],
    [{ x: 3.1, y: 5 }, 1, false],
    [{ x: 3.3, y: 3.3 }, 0.95, true],
  ])('judges a disc at %o with radius %d', (place, radius, expected) => {
    expect(isFree(geometry, place, radius)).toBe(expected);
  });
});

describe('distanceTo', () => {
  it('is negative inside', () => {
    expect(distanceTo({ shape: 'circle', x: 0, y: 0, radius: 2 }, { x: 1, y: 0 })).toBe(-1);
    expect(distanceTo({ shape: 'box', ...BOUNDS }, { x: 2, y: 5 })).toBe(-2);
  });
});
