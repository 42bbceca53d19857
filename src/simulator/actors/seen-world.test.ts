/** What a hostile peer sees: where others are and were, and who has just begun a life elsewhere. */
import { describe, expect, test } from 'vitest';

import type { PlayerId } from '../../protocol/ids.ts';
import type { LoginAccepted, Snapshot } from '../../protocol/messages.ts';
import { SeenWorld } from './seen-world.ts';

const FIELDS = ['x', 'y'].map((name) => {
  return { name, precision: 0.001, interpolation: 'linear' } as const;
});

function snapshot(tick: number, ...players: readonly (readonly [number, number, number])[]) {
  const states = players.map(([entity, x, y]) => ({ entity, fields: [x, y, 0, 0, 100, 1, 0, 0] }));
  return { kind: 'snapshot', tick, players: states } satisfies Snapshot;
}

function lookAround(): SeenWorld {
  const seen = new SeenWorld();
  seen.handleAccepted({ entity: 1, snapshotFields: FIELDS } as unknown as LoginAccepted);
  const entered = ['eve', 'ada', 'bo'].map((name, index) => {
    return { entity: index + 1, playerId: name as PlayerId };
  });
  seen.handle({ kind: 'roster', isComplete: true, entered, left: [] });
  return seen;
}

describe('SeenWorld', () => {
  test('knows who else is there, by name and place', () => {
    const seen = lookAround();
    seen.handle(snapshot(1, [1, 500, 0], [2, 4_000, 2_000]));
    expect(seen.ownPlace).toEqual({ x: 0.5, y: 0 });
    expect(seen.others).toEqual([2]);
    expect(seen.nameOf(2)).toBe('ada');
    expect(seen.placesOf(2)).toEqual([{ x: 4, y: 2 }]);
  });

  test('lists others from west to east, whoever came first', () => {
    const seen = lookAround();
    seen.handle(snapshot(1, [3, 200, 0]));
    seen.handle(snapshot(2, [2, 100, 0], [3, 200, 0], [4, 200, -100]));
    expect(seen.others).toEqual([2, 4, 3]);
  });

  test('remembers as far back as a rewind reaches, and nobody who is gone', () => {
    const seen = lookAround();
    for (let tick = 1; tick <= 9; tick += 1) seen.handle(snapshot(tick, [2, tick * 300, 0]));
    expect(seen.placesOf(2).map(({ x }) => Math.round(x * 10))).toEqual([15, 18, 21, 24, 27]);
    seen.handle(snapshot(10, [3, 0, 0]));
    expect(seen.placesOf(2)).toEqual([]);
    expect(seen.others).toEqual([3]);
  });

  test('tells a leap from a walk, as long as it remembers the place before', () => {
    const seen = lookAround();
    seen.handle(snapshot(1, [2, 0, 0], [3, 0, 0]));
    seen.handle(snapshot(2, [2, 300, 0], [3, 9_000, 0]));
    expect(seen.leapt).toEqual([3]);
    for (let tick = 3; tick <= 6; tick += 1)
      seen.handle(snapshot(tick, [2, 300, 0], [3, 9_000, 0]));
    expect(seen.leapt).toEqual([]);
  });

  test('forgets a name with the roster', () => {
    const seen = lookAround();
    seen.handle({ kind: 'roster', isComplete: false, entered: [], left: [2] });
    expect(seen.nameOf(2)).toBeUndefined();
    expect(seen.nameOf(3)).toBe('bo');
  });
});
