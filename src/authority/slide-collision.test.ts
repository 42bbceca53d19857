import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createArenaGeometry, distanceTo, isFree, type Obstacle } from './arena-geometry.ts';
import { slideCollision } from './slide-collision.ts';

const BOX: Obstacle = { shape: 'box', minX: 10, minY: 8, maxX: 14, maxY: 12 };
const PILLAR: Obstacle = { shape: 'circle', x: 20, y: 10, radius: 2 };
const RADIUS = 0.5;
const GEOMETRY = createArenaGeometry({ obstacles: [BOX, PILLAR] });

function slide(x: number, y: number, [deltaX, deltaY]: readonly [number, number]) {
  return slideCollision({ x, y, deltaX, deltaY, radius: RADIUS }, GEOMETRY);
}

describe('slideCollision', () => {
  it('goes the whole way where nothing is', () => {
    expect(slide(2, 2, [1, 0.5])).toEqual({ x: 3, y: 2.5 });
  });

  it('stops before a wall that it meets head on', () => {
    expect(slide(9, 10, [3, 0]).x).toBeCloseTo(9.5, 5);
  });

  it('slides along a wall with what is left of the motion', () => {
    const end = slide(9, 9, [2, 1]);
    expect(end.x).toBeCloseTo(9.5, 5);
    expect(end.y).toBeCloseTo(10, 5);
  });

  it('is not held by a wall that it rests on', () => {
    const touching = slide(9, 10, [3, 0]);
    expect(slide(touching.x, touching.y, [0, 1]).y).toBeCloseTo(11, 12);
    expect(slide(touching.x, touching.y, [-1, 0]).x).toBeCloseTo(8.5, 5);
    expect(slide(touching.x, touching.y, [1, 1]).y).toBeCloseTo(11, 5);
  });

  it('stays in a corner of the bounds', () => {
    const end = slide(1, 1, [-5, -5]);
    expect(end.x).toBeCloseTo(RADIUS, 5);
    expect(end.y).toBeCloseTo(RADIUS, 5);
    expect(slide(end.x, end.y, [-5, -5])).toEqual(end);
  });

  it('passes the round corner of a box closer than a square one would let it', () => {
    // Straight at the corner from 45°: the disc's centre stops one radius from the corner.
    const end = slide(8, 6, [2, 2]);
    expect(Math.hypot(end.x - 10, end.y - 8)).toBeCloseTo(RADIUS, 4);
  });

  it('slides around a pillar', () => {
    const end = slide(17, 9.9, [1, 0]);
    expect(distanceTo(PILLAR, end)).toBeCloseTo(RADIUS, 2);
    expect(end.y).toBeLessThan(9.9);
  });

  it('does not tunnel, however fast', () => {
    expect(slide(2, 10, [38, 0]).x).toBeCloseTo(9.5, 5);
  });

  it('lets a body out that was put inside an obstacle', () => {
    expect(slide(10.1, 10, [-3, 0]).x).toBeCloseTo(7.1, 9);
    expect(slide(12, 10, [0.1, 0]).x).toBeGreaterThanOrEqual(12);
  });

  it('never ends inside anything nor further away than the motion is long', () => {
    const coordinate = (max: number) => fc.double({ min: RADIUS, max, noNaN: true });
    const delta = fc.double({ min: -6, max: 6, noNaN: true });
    fc.assert(
      fc.property(
        fc.tuple(coordinate(39.5), coordinate(23.5)),
        fc.array(fc.tuple(delta, delta), { minLength: 1, maxLength: 20 }),
        ([startX, startY], motions) => {
          let place = { x: startX, y: startY };
          fc.pre(isFree(GEOMETRY, place, RADIUS));
          for (const [deltaX, deltaY] of motions) {
            const end = slideCollision({ ...place, deltaX, deltaY, radius: RADIUS }, GEOMETRY);
            const way = Math.hypot(end.x - place.x, end.y - place.y);
            expect(way).toBeLessThanOrEqual(Math.hypot(deltaX, deltaY) + 1e-9);
            expect(isFree(GEOMETRY, end, RADIUS - 1e-6)).toBe(true);
            place = end;
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
