import { describe, expect, test } from 'vitest';
import { STICK_REACH } from './touch-stick.ts';
import { TouchSticks } from './touch-sticks.ts';

const WIDTH = 390;
const LEFT = { x: 80, y: 300 };
const RIGHT = { x: 310, y: 300 };

describe('two touch sticks', () => {
  test('take the left half for moving and the right half for aiming, at once', () => {
    const sticks = new TouchSticks();
    sticks.press(1, LEFT, WIDTH);
    sticks.press(2, RIGHT, WIDTH);
    sticks.move(1, { x: LEFT.x, y: LEFT.y - STICK_REACH });
    sticks.move(2, { x: RIGHT.x + STICK_REACH, y: RIGHT.y });
    expect(sticks.direction.y).toBeCloseTo(-1);
    expect(sticks.yaw).toBeCloseTo(0);
    expect(sticks.isShooting).toBe(true);
  });

  test('keep a thumb that crosses the middle on its stick', () => {
    const sticks = new TouchSticks();
    sticks.press(1, LEFT, WIDTH);
    sticks.move(1, { x: 380, y: LEFT.y });
    expect(sticks.direction.x).toBeCloseTo(1);
    expect(sticks.yaw).toBeUndefined();
  });

  test('the middle itself aims', () => {
    const sticks = new TouchSticks();
    sticks.press(1, { x: WIDTH / 2, y: 10 }, WIDTH);
    expect(sticks.shown.aim).toBeDefined();
    expect(sticks.shown.move).toBeUndefined();
  });

  test('leave the other thumb alone when one is lifted', () => {
    const sticks = new TouchSticks();
    sticks.press(1, LEFT, WIDTH);
    sticks.press(2, RIGHT, WIDTH);
    sticks.move(1, { x: LEFT.x + STICK_REACH, y: LEFT.y });
    sticks.release(2);
    expect(sticks.direction.x).toBeCloseTo(1);
    sticks.release(1);
    expect(sticks.direction).toEqual({ x: 0, y: 0 });
  });

  test('give a third thumb nothing', () => {
    const sticks = new TouchSticks();
    sticks.press(1, LEFT, WIDTH);
    sticks.press(3, { x: 20, y: 20 }, WIDTH);
    sticks.move(3, { x: 20, y: 120 });
    expect(sticks.direction).toEqual({ x: 0, y: 0 });
    sticks.release(3);
    expect(sticks.shown.move).toBeDefined();
  });

  test('look round without shooting while the thumb is near the base', () => {
    const sticks = new TouchSticks();
    sticks.press(2, RIGHT, WIDTH);
    expect(sticks.yaw).toBeUndefined();
    sticks.move(2, { x: RIGHT.x, y: RIGHT.y + STICK_REACH / 3 });
    expect(sticks.yaw).toBeCloseTo(Math.PI / 2);
    expect(sticks.isShooting).toBe(false);
  });

  test('take a tap on the right half as one shot, on the left half as nothing', () => {
    const sticks = new TouchSticks();
    sticks.press(1, LEFT, WIDTH);
    sticks.release(1);
    expect(sticks.takeTap()).toBe(false);
    sticks.press(2, RIGHT, WIDTH);
    sticks.release(2);
    expect(sticks.takeTap()).toBe(true);
    expect(sticks.takeTap()).toBe(false);
  });

  test('do not shoot when the system takes the pointer away', () => {
    const sticks = new TouchSticks();
    sticks.press(2, RIGHT, WIDTH);
    sticks.cancel(2);
    expect(sticks.takeTap()).toBe(false);
    expect(sticks.shown.aim).toBeUndefined();
  });

  test('let go of everything at once, and ask for thumbs anew', () => {
    const sticks = new TouchSticks();
    sticks.press(1, LEFT, WIDTH);
    sticks.press(2, RIGHT, WIDTH);
    sticks.cancelAll();
    sticks.move(1, { x: LEFT.x + STICK_REACH, y: LEFT.y });
    expect(sticks.direction).toEqual({ x: 0, y: 0 });
    expect(sticks.shown).toEqual({ move: undefined, aim: undefined, isShooting: false });
  });
});
