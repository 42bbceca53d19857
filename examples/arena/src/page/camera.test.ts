import { describe, expect, test } from 'vitest';
import { Camera } from './camera.ts';

const bounds = { minX: -30, minY: -24, maxX: 30, maxY: 24 };

describe('the camera', () => {
  test('shows the whole arena, centred, where it fits', () => {
    const camera = new Camera();
    camera.look({ width: 1240, height: 1000 }, bounds, { x: 29, y: 0 });
    expect(camera.toScreenX(0)).toBeCloseTo(620);
    expect(camera.toScreenY(0)).toBeCloseTo(500);
    expect(camera.toScreenX(-30)).toBeGreaterThanOrEqual(0);
    expect(camera.toScreenY(24)).toBeLessThanOrEqual(1000);
  });

  test('stays close enough to aim in a small window, and follows the focus', () => {
    const camera = new Camera();
    camera.look({ width: 390, height: 400 }, bounds, { x: 3, y: -2 });
    expect(camera.scale).toBe(11);
    expect(camera.toScreenX(3)).toBeCloseTo(195);
    expect(camera.toScreenY(-2)).toBeCloseTo(200);
  });

  test('stops at the edge of the arena', () => {
    const camera = new Camera();
    camera.look({ width: 390, height: 400 }, bounds, { x: 30, y: 24 });
    expect(camera.toScreenX(30)).toBeCloseTo(390 - 12);
    expect(camera.toScreenY(24)).toBeCloseTo(400 - 12);
  });

  test('shows the lower edge above what thumbs cover, and nothing else moves', () => {
    const camera = new Camera();
    const view = { width: 390, height: 400, coveredBelow: 100 };
    camera.look(view, bounds, { x: 30, y: 24 });
    expect(camera.toScreenX(30)).toBeCloseTo(390 - 12);
    expect(camera.toScreenY(24)).toBeCloseTo(400 - 100 - 12);
    camera.look(view, bounds, { x: 0, y: 0 });
    expect(camera.toScreenY(0)).toBeCloseTo(200);
    camera.look(view, bounds, { x: 0, y: -24 });
    expect(camera.toScreenY(-24)).toBeCloseTo(12);
  });

  test('maps a point of the screen back to the arena', () => {
    const camera = new Camera();
    camera.look({ width: 900, height: 700 }, bounds, { x: 0, y: 0 });
    const back = camera.toWorld({ x: camera.toScreenX(7.5), y: camera.toScreenY(-3.25) });
    expect(back.x).toBeCloseTo(7.5);
    expect(back.y).toBeCloseTo(-3.25);
  });
});
