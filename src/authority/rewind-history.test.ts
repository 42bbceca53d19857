import { describe, expect, it } from 'vitest';
import { createPrng } from '../base/prng.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { ShotPath } from './place-history.ts';
import { RewindHistory } from './rewind-history.ts';

const ANN = 'ann' as PlayerId;
const BOB = 'bob' as PlayerId;

/** A history of 4 ticks in which ann has walked 1 m per tick along x, to where its number says. */
function walked(tick: number): { history: RewindHistory; slot: number } {
  const history = new RewindHistory({ ticks: 4, tick: 0 });
  const slot = history.add(ANN, { x: 0, y: 0 }, 0);
  for (let next = 1; next <= tick; next += 1) {
    history.advance(next);
    history.note(slot, { x: next, y: 0 });
  }
  return { history, slot };
}

describe('RewindHistory', () => {
  it('tells where a player was at the end of a tick, and between two of them', () => {
    const { history } = walked(10);
    expect(history.placeAt(ANN, 8)).toEqual({ x: 8, y: 0 });
    expect(history.placeAt(ANN, 8.25)).toEqual({ x: 8.25, y: 0 });
    expect(history.placeAt(ANN, 9.9375)).toEqual({ x: 9.9375, y: 0 });
  });

  it('looks so many ticks back as it was made for, and no further', () => {
    const { history } = walked(10);
    expect(history.placeAt(ANN, 6)).toEqual({ x: 6, y: 0 });
    expect(history.placeAt(ANN, 5.5)).toEqual({ x: 6, y: 0 });
    expect(history.placeAt(ANN, -3)).toEqual({ x: 6, y: 0 });
  });

  it('knows nothing after the newest tick', () => {
    const { history } = walked(10);
    expect(history.placeAt(ANN, 10.5)).toEqual({ x: 10, y: 0 });
    expect(history.placeAt(ANN, 2 ** 53)).toEqual({ x: 10, y: 0 });
  });

  it('does not look across a new beginning: the first tick after it is the oldest', () => {
    const { history, slot } = walked(9);
    history.advance(10);
    history.note(slot, { x: 10, y: 0 });
    history.restart(slot, { x: 50, y: 5 }, 10);
    history.advance(11);
    history.note(slot, { x: 51, y: 5 });
    expect(history.placeAt(ANN, 9.5)).toEqual({ x: 50, y: 5 });
    expect(history.placeAt(ANN, 10.5)).toEqual({ x: 50.5, y: 5 });
  });

  it('begins with the coming tick when somebody begins before its step', () => {
    const { history, slot } = walked(9);
    history.restart(slot, { x: 50, y: 5 }, 10);
    expect(history.placeAt(ANN, 8)).toEqual({ x: 50, y: 5 });
    history.advance(10);
    history.note(slot, { x: 51, y: 5 });
    expect(history.placeAt(ANN, 9.5)).toEqual({ x: 51, y: 5 });
  });

  it('knows nobody who has left, and nothing of them by whoever comes next', () => {
    const { history } = walked(9);
    history.remove(ANN);
    history.remove(ANN);
    expect(history.placeAt(ANN, 9)).toBeUndefined();
    expect(history.playersNear({ x: 0, y: 0, deltaX: 20, deltaY: 0 }, 1)).toEqual([]);
    const slot = history.add(BOB, { x: 3, y: 3 }, 10);
    history.advance(10);
    history.note(slot, { x: 3, y: 3 });
    expect(history.placeAt(BOB, 6)).toEqual({ x: 3, y: 3 });
  });

  it('keeps everybody apart while it grows', () => {
    const history = new RewindHistory({ ticks: 2, tick: 0 });
    const slots = Array.from({ length: 100 }, (_, index) =>
      history.add(`p${index}` as PlayerId, { x: index, y: 0 }, 0),
    );
    for (const tick of [1, 2]) {
      history.advance(tick);
      slots.forEach((slot, index) => history.note(slot, { x: index, y: tick }));
    }
    for (let index = 0; index < 100; index += 1) {
      expect(history.placeAt(`p${index}` as PlayerId, 0.5)).toEqual({ x: index, y: 0.5 });
    }
  });
});

describe('players near a line', () => {
  it('are found wherever they were within the history, and not only where they are', () => {
    const { history } = walked(10);
    const across = (x: number): ShotPath => ({ x, y: -5, deltaX: 0, deltaY: 10 });
    expect(history.playersNear(across(6), 0.5)).toEqual([ANN]);
    expect(history.playersNear(across(10), 0.5)).toEqual([ANN]);
    expect(history.playersNear(across(5.4), 0.5)).toEqual([]);
    expect(history.playersNear(across(10.6), 0.5)).toEqual([]);
  });

  it('never leave out one whom the line meets at some remembered instant', () => {
    const random = createPrng(17);
    for (let world = 0; world < 40; world += 1) {
      const size = [3, 40, 400, 100_000][world % 4]!;
      const { history, ids } = crowd(random, { count: 1 + Math.floor(random() * 60), size });
      for (let shot = 0; shot < 40; shot += 1) {
        const path = drawPath(random, size);
        const near = new Set(history.playersNear(path, 0.5));
        for (const id of ids) {
          for (let tick = 3; tick <= 7; tick += 0.25) {
            const place = history.placeAt(id, tick)!;
            if (distanceTo(path, place) <= 0.5) expect(near).toContain(id);
          }
        }
      }
    }
  });

  it('are few in a world of 1 000', () => {
    const random = createPrng(3);
    const { history, ids } = crowd(random, { count: 1_000, size: 200 });
    let found = 0;
    for (let shot = 0; shot < 200; shot += 1) {
      const from = history.placeAt(ids[shot]!, 7)!;
      const angle = random() * 2 * Math.PI;
      const path = { ...from, deltaX: 25 * Math.cos(angle), deltaY: 25 * Math.sin(angle) };
      found += history.playersNear(path, 0.5).length;
    }
    // 25 m × about 2 m of 40 000 m², a thousand times: 1.3, and the shooter itself.
    expect(found / 200).toBeLessThan(4);
  });
});

function crowd(
  random: () => number,
  { count, size }: { count: number; size: number },
): { history: RewindHistory; ids: PlayerId[] } {
  const history = new RewindHistory({ ticks: 4, tick: 0 });
  const ids = Array.from({ length: count }, (_, index) => `p${index}` as PlayerId);
  const places = ids.map(() => ({ x: random() * size, y: random() * size }));
  const slots = ids.map((id, index) => history.add(id, places[index]!, 0));
  for (let tick = 1; tick <= 7; tick += 1) {
    history.advance(tick);
    slots.forEach((slot, index) => {
      const { x, y } = places[index]!;
      const place = { x: x + random() * 0.6 - 0.3, y: y + random() * 0.6 - 0.3 };
      places[index] = place;
      history.note(slot, place);
    });
  }
  return { history, ids };
}

/** Along an axis now and then, and of no length. */
function drawPath(random: () => number, size: number): ShotPath {
  const delta = (): number => (random() < 0.2 ? 0 : (random() - 0.5) * Math.min(50, size * 2));
  const place = (): number => random() * size * 1.4 - size * 0.2;
  return { x: place(), y: place(), deltaX: delta(), deltaY: delta() };
}

function distanceTo(path: ShotPath, { x, y }: { x: number; y: number }): number {
  const length = path.deltaX ** 2 + path.deltaY ** 2;
  const along = (x - path.x) * path.deltaX + (y - path.y) * path.deltaY;
  const part = length === 0 ? 0 : Math.max(0, Math.min(1, along / length));
  return Math.hypot(path.x + part * path.deltaX - x, path.y + part * path.deltaY - y);
}
