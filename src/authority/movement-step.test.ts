import { describe, expect, it } from 'vitest';
import { createArenaGeometry } from './arena-geometry.ts';
import { isOverlong, movementStep, wrapAngle, type MovementRules } from './movement-step.ts';
import { slideCollision } from './slide-collision.ts';

const RULES: MovementRules = {
  stepSeconds: 0.05,
  speedMetresPerSecond: 6,
  radiusMetres: 0.5,
  geometry: createArenaGeometry(),
  collide: slideCollision,
};
const START = { x: 10, y: 10, yaw: 0 };

function step(directionX: number, directionY: number, yaw = 0) {
  return movementStep(START, { directionX, directionY, yaw }, RULES);
}

describe('movementStep', () => {
  it('moves by speed × step along a unit direction', () => {
    expect(step(1, 0).x).toBeCloseTo(10.3, 12);
    expect(step(0, -1).y).toBeCloseTo(9.7, 12);
  });

  it('moves slower with a shorter direction', () => {
    expect(step(0.5, 0).x).toBeCloseTo(10.15, 12);
  });

  it('stops with a zero vector and keeps the state object when nothing changes', () => {
    expect(step(0, 0)).toBe(START);
    expect(step(-0, 0)).toBe(START);
  });

  it.each([
    [3, 4],
    [1e200, 1e200],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [-Number.MAX_VALUE, 1],
  ])('treats the overlong direction (%d, %d) as length 1', (x, y) => {
    const end = step(x, y);
    expect(Math.hypot(end.x - START.x, end.y - START.y)).toBeCloseTo(0.3, 12);
    expect(isOverlong({ directionX: x, directionY: y, yaw: 0 })).toBe(true);
  });

  it('does not call a unit vector overlong that went through a float', () => {
    const directionX = Math.fround(Math.cos(1));
    const directionY = Math.fround(Math.sin(1));
    expect(isOverlong({ directionX, directionY, yaw: 0 })).toBe(false);
  });

  it('moves nowhere measurable with the smallest direction there is', () => {
    const end = step(Number.MIN_VALUE, 0);
    expect([end.x, end.y]).toEqual([10, 10]);
  });

  it('is pure: equal arguments give equal results, the state is untouched', () => {
    const state = Object.freeze({ ...START });
    const intent = Object.freeze({ directionX: 0.6, directionY: 0.8, yaw: 1 });
    expect(movementStep(state, intent, RULES)).toEqual(movementStep(state, intent, RULES));
  });

  it('turns without moving', () => {
    expect(step(0, 0, 1)).toEqual({ x: 10, y: 10, yaw: 1 });
  });

  it('asks the pluggable collision where the motion ends', () => {
    const rules = { ...RULES, collide: () => ({ x: 1, y: 2 }) };
    expect(movementStep(START, { directionX: 1, directionY: 0, yaw: 3 }, rules)).toEqual({
      x: 1,
      y: 2,
      yaw: 3,
    });
  });
});

describe('wrapAngle', () => {
  it.each([
    [0, 0],
    [-0, 0],
    [2 * Math.PI, 0],
    [-Math.PI / 2, 1.5 * Math.PI],
    [5 * Math.PI, Math.PI],
    [-1e-20, 0],
  ])('brings %d to %d', (angle, wrapped) => {
    expect(Object.is(wrapAngle(angle), -0)).toBe(false);
    expect(wrapAngle(angle)).toBeCloseTo(wrapped, 12);
  });

  it('stays in [0, 2π) for absurd angles', () => {
    for (const angle of [Number.MAX_VALUE, -Number.MAX_VALUE, 1e300, -12345.678]) {
      expect(wrapAngle(angle)).toBeGreaterThanOrEqual(0);
      expect(wrapAngle(angle)).toBeLessThan(2 * Math.PI);
    }
  });
});
