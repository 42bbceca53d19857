import { describe, expect, test } from 'vitest';
import { STICK_DEAD_ZONE, STICK_REACH, TouchStick } from './touch-stick.ts';

const BASE = { x: 100, y: 200 };

function pressed(): TouchStick {
  const stick = new TouchStick();
  stick.press(7, BASE);
  return stick;
}

describe('a touch stick', () => {
  test('points nowhere before it is held, and where the thumb came down', () => {
    expect(new TouchStick().vector).toEqual({ x: 0, y: 0 });
    expect(new TouchStick().held).toBeUndefined();
    expect(pressed().vector).toEqual({ x: 0, y: 0 });
    expect(pressed().held).toEqual({ base: BASE, thumb: BASE });
  });

  test.each([
    [STICK_DEAD_ZONE - 1, 0],
    [STICK_DEAD_ZONE, 0],
    [STICK_DEAD_ZONE + 1, 1 / (STICK_REACH - STICK_DEAD_ZONE)],
    [(STICK_DEAD_ZONE + STICK_REACH) / 2, 0.5],
    [STICK_REACH, 1],
    [STICK_REACH * 5, 1],
  ])('at %d pixels has the length %d', (distance, length) => {
    const stick = pressed();
    stick.move(7, { x: BASE.x, y: BASE.y - distance });
    expect(stick.vector.x).toBeCloseTo(0);
    expect(stick.vector.y).toBeCloseTo(-length);
  });

  test('keeps the direction of the thumb on diagonals', () => {
    const stick = pressed();
    stick.move(7, { x: BASE.x + 300, y: BASE.y + 400 });
    expect(stick.vector.x).toBeCloseTo(0.6);
    expect(stick.vector.y).toBeCloseTo(0.8);
  });

  test('drags its base behind a thumb that goes too far, so that turning round is short', () => {
    const stick = pressed();
    stick.move(7, { x: BASE.x + 200, y: BASE.y });
    expect(stick.held?.base).toEqual({ x: BASE.x + 200 - STICK_REACH, y: BASE.y });
    stick.move(7, { x: BASE.x + 200 - 2 * STICK_REACH, y: BASE.y });
    expect(stick.vector.x).toBeCloseTo(-1);
  });

  test('belongs to the first thumb until it lets go', () => {
    const stick = pressed();
    expect(stick.press(8, { x: 0, y: 0 })).toBe(false);
    stick.move(8, { x: 0, y: 0 });
    expect(stick.vector).toEqual({ x: 0, y: 0 });
    expect(stick.holds(7)).toBe(true);
    stick.release();
    expect(stick.holds(7)).toBe(false);
    expect(stick.press(8, { x: 0, y: 0 })).toBe(true);
  });

  test('points nowhere once it is let go', () => {
    const stick = pressed();
    stick.move(7, { x: BASE.x + STICK_REACH, y: BASE.y });
    stick.release();
    expect(stick.vector).toEqual({ x: 0, y: 0 });
  });

  test('tells a tap from a thumb that went and came back', () => {
    const tapped = pressed();
    tapped.move(7, { x: BASE.x + STICK_DEAD_ZONE, y: BASE.y });
    expect(tapped.release()).toBe(true);
    const moved = pressed();
    moved.move(7, { x: BASE.x + STICK_REACH, y: BASE.y });
    moved.move(7, BASE);
    expect(moved.release()).toBe(false);
    expect(moved.release()).toBe(false);
  });
});
