/** The view between snapshots. */
import { describe, expect, test } from 'vitest';

import { SeededRandom } from '../../test/support/seeded-random.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { Roster, Snapshot, SnapshotField } from '../protocol/messages.ts';
import { Interpolation } from './interpolation.ts';

const PERIOD_MS = 50;
const ANNA = 'anna' as PlayerId;
const BERT = 'bert' as PlayerId;
const FIELDS: readonly SnapshotField[] = [
  { name: 'x', precision: 0.01, interpolation: 'linear' },
  { name: 'y', precision: 0.01, interpolation: 'linear' },
  { name: 'yaw', precision: Math.PI / 128, interpolation: 'angle' },
  { name: 'isAlive', precision: 1, interpolation: 'step' },
  { name: 'hitPoints', precision: 5, interpolation: 'step' },
];

function createInterpolation(delayMs?: number, extrapolationMsMax = 0): Interpolation {
  return new Interpolation({
    tickRateHz: 20,
    snapshotFields: FIELDS,
    delayMs,
    extrapolationMsMax,
  });
}

interface Row {
  readonly entity?: number;
  readonly x?: number;
  readonly yaw?: number;
  readonly isAlive?: number;
  readonly hitPoints?: number;
}

function snapshot(tick: number, ...rows: readonly Row[]): Snapshot {
  const players = rows.map(({ entity = 1, x = 0, yaw = 0, isAlive = 1, hitPoints = 20 }) => ({
    entity,
    fields: [x, 0, yaw, isAlive, hitPoints],
  }));
  return { kind: 'snapshot', tick, players };
}

function roster(entered: Readonly<Record<number, PlayerId>>, rest: Partial<Roster> = {}): Roster {
  const entries = Object.entries(entered).map(([entity, playerId]) => ({
    entity: Number(entity),
    playerId,
  }));
  return { kind: 'roster', isComplete: false, entered: entries, left: [], ...rest };
}

/** Anna at entity 1, seen at ticks that arrive on time; view 100 ms behind. */
function feed(interpolation: Interpolation, rows: Readonly<Record<number, Row>>): void {
  interpolation.handleRoster(roster({ 1: ANNA }, { isComplete: true }));
  for (const [tick, row] of Object.entries(rows)) {
    interpolation.handleSnapshot(snapshot(Number(tick), row), Number(tick) * PERIOD_MS);
  }
}

function xAt(interpolation: Interpolation, tick: number): number | undefined {
  return interpolation.playerAt(1, tick * PERIOD_MS)?.x;
}

describe('interpolation', () => {
  test('shows nothing before the first snapshot', () => {
    const interpolation = createInterpolation();
    interpolation.handleRoster(roster({ 1: ANNA }));
    expect(interpolation.viewTickAt(1_000)).toBeUndefined();
    expect(interpolation.playersAt(1_000).size).toBe(0);
    expect(interpolation.playerAt(1, 1_000)).toBeUndefined();
  });

  test('shows two ticks behind the arrival of snapshots', () => {
    const interpolation = createInterpolation();
    feed(interpolation, { 20: {}, 21: {}, 22: {} });
    expect(interpolation.viewTickAt(22 * PERIOD_MS)).toBeCloseTo(20, 9);
    expect(interpolation.viewTickAt(22.5 * PERIOD_MS)).toBeCloseTo(20.5, 9);
  });

  test('shows as far behind as the option says', () => {
    const interpolation = createInterpolation(150);
    feed(interpolation, { 20: {}, 21: {}, 22: {} });
    expect(interpolation.viewTickAt(22 * PERIOD_MS)).toBeCloseTo(19, 9);
  });

  test('says how far behind that is, nothing before the first snapshot', () => {
    const interpolation = createInterpolation(150);
    expect(interpolation.delayMsAt(1_000)).toBe(0);
    feed(interpolation, { 20: {} });
    expect(interpolation.delayMsAt(1_000)).toBeCloseTo(150, 9);
  });

  test('tells the newest place of a player, which is not shown yet', () => {
    const interpolation = createInterpolation(100);
    expect(interpolation.newestOf(1)).toBeUndefined();
    feed(interpolation, { 20: { x: 100 }, 21: { x: 200 }, 22: { x: 400 } });
    expect(xAt(interpolation, 22)).toBeCloseTo(1, 9);
    expect(interpolation.newestOf(1)).toMatchObject({ playerId: ANNA, x: 4 });
    expect(interpolation.newestOf(2)).toBeUndefined();
  });

  test('places a player on the line between two snapshots', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { x: 100 }, 21: { x: 200 }, 22: { x: 400 } });
    expect(xAt(interpolation, 22)).toBeCloseTo(1, 9);
    expect(xAt(interpolation, 22.25)).toBeCloseTo(1.25, 9);
    expect(xAt(interpolation, 23.5)).toBeCloseTo(3, 9);
  });

  test('bridges a lost snapshot', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { x: 100 }, 22: { x: 300 } });
    expect(xAt(interpolation, 23)).toBeCloseTo(2, 9);
  });

  test('holds the last state when nothing newer comes', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { x: 100 }, 21: { x: 200 } });
    expect(xAt(interpolation, 23)).toBeCloseTo(2, 9);
    expect(xAt(interpolation, 500)).toBeCloseTo(2, 9);
  });

  test.each([
    { gap: 10, x: 1.5 },
    { gap: 11, x: 1 },
  ])('half way through a gap of $gap ticks x is $x', ({ gap, x }) => {
    const interpolation = createInterpolation(gap * PERIOD_MS);
    feed(interpolation, { 20: { x: 100 }, [20 + gap]: { x: 200 } });
    expect(xAt(interpolation, 20 + 1.5 * gap)).toBeCloseTo(x, 9);
  });

  test('turns the short way round', () => {
    const interpolation = createInterpolation(100);
    // 120 and −120 of 128 steps to half a turn: the short way leads through the half turn.
    feed(interpolation, { 20: { yaw: 120 }, 21: { yaw: -120 } });
    const yaw = interpolation.playerAt(1, 22.5 * PERIOD_MS)?.yaw ?? 0;
    expect(Math.abs(yaw)).toBeCloseTo(Math.PI, 9);
  });

  test('steps the fields that are no quantities, with their unit', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { hitPoints: 20 }, 21: { hitPoints: 10 } });
    expect(interpolation.playerAt(1, 22.9 * PERIOD_MS)?.fields['hitPoints']).toBe(100);
    expect(interpolation.playerAt(1, 23 * PERIOD_MS)?.fields['hitPoints']).toBe(50);
  });

  test('a player does not slide to the place of the respawn', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { x: 100, isAlive: 0 }, 21: { x: 900 } });
    expect(xAt(interpolation, 22.9)).toBeCloseTo(1, 9);
    expect(xAt(interpolation, 23)).toBeCloseTo(9, 9);
  });

  test('a player slides on into death', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { x: 100 }, 21: { x: 200, isAlive: 0 } });
    expect(xAt(interpolation, 22.5)).toBeCloseTo(1.5, 9);
  });

  test('a snapshot that is no newer is ignored', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { x: 100 }, 21: { x: 200 } });
    expect(interpolation.handleSnapshot(snapshot(21, { x: 999 }), 22 * PERIOD_MS)).toBe(false);
    expect(interpolation.handleSnapshot(snapshot(20, { x: 999 }), 22 * PERIOD_MS)).toBe(false);
    expect(xAt(interpolation, 23)).toBeCloseTo(2, 9);
  });

  test('only players of the roster are shown', () => {
    const interpolation = createInterpolation();
    interpolation.handleSnapshot(snapshot(20, { entity: 1 }, { entity: 2 }), 1_000);
    expect(interpolation.playersAt(1_000).size).toBe(0);
    interpolation.handleRoster(roster({ 1: ANNA }, { isComplete: true }));
    expect([...interpolation.playersAt(1_000).keys()]).toEqual([ANNA]);
    expect(interpolation.playerAt(2, 1_000)).toBeUndefined();
  });

  test('a complete roster replaces what was known', () => {
    const interpolation = createInterpolation();
    interpolation.handleSnapshot(snapshot(20, { entity: 1 }, { entity: 2 }), 1_000);
    interpolation.handleRoster(roster({ 1: ANNA }, { isComplete: true }));
    interpolation.handleRoster(roster({ 2: BERT }, { isComplete: true }));
    expect([...interpolation.playersAt(1_000).keys()]).toEqual([BERT]);
  });

  test('a player who left is not shown', () => {
    const interpolation = createInterpolation();
    feed(interpolation, { 20: {} });
    interpolation.handleRoster(roster({}, { left: [1] }));
    expect(interpolation.playersAt(1_000).size).toBe(0);
  });

  test('an entity that is used again never shows the one who had it', () => {
    const interpolation = createInterpolation(100);
    feed(interpolation, { 20: { x: 100 }, 21: { x: 100 } });
    interpolation.handleRoster(roster({ 1: BERT }, { left: [1] }));
    interpolation.handleSnapshot(snapshot(22, { x: 900 }), 22 * PERIOD_MS);
    expect(interpolation.playerAt(1, 23 * PERIOD_MS)).toBeUndefined();
    expect(interpolation.playerAt(1, 24 * PERIOD_MS)).toMatchObject({ playerId: BERT, x: 9 });
  });

  test('a hidden entity is shown until the view reaches the snapshot without it', () => {
    const interpolation = createInterpolation(100);
    interpolation.handleRoster(roster({ 1: ANNA, 2: BERT }, { isComplete: true }));
    interpolation.handleSnapshot(snapshot(20, { entity: 1 }, { entity: 2 }), 1_000);
    interpolation.handleSnapshot(snapshot(21, { entity: 2 }), 1_050);
    expect([...interpolation.playersAt(1_149).keys()]).toEqual([ANNA, BERT]);
    expect([...interpolation.playersAt(1_150).keys()]).toEqual([BERT]);
  });

  test('rows that are too short count as zeros', () => {
    const interpolation = createInterpolation();
    interpolation.handleRoster(roster({ 1: ANNA }, { isComplete: true }));
    const row = { entity: 1, fields: [] };
    interpolation.handleSnapshot({ kind: 'snapshot', tick: 20, players: [row] }, 1_000);
    expect(interpolation.playerAt(1, 1_000)).toMatchObject({ x: 0, y: 0, yaw: 0 });
  });

  test('has the next snapshot in time under jitter of a tick, and the view never goes back', () => {
    const random = new SeededRandom(5);
    const interpolation = createInterpolation();
    interpolation.handleRoster(roster({ 1: ANNA }, { isComplete: true }));
    let last = -Infinity;
    let newest = 0;
    let starved = 0;
    const arrivals: { readonly tick: number; readonly at: number }[] = [];
    let orderedAt = 0;
    for (let tick = 20; tick < 620; tick += 1) {
      orderedAt = Math.max(orderedAt, tick * PERIOD_MS + random.unit() * 50);
      arrivals.push({ tick, at: orderedAt });
    }
    for (let now = 1_050; now < 30_000; now += 5) {
      while ((arrivals[0]?.at ?? Infinity) <= now) {
        const { tick, at } = arrivals.shift() ?? { tick: 0, at: 0 };
        interpolation.handleSnapshot(snapshot(tick, { x: tick * 100 }), at);
        newest = tick;
      }
      const view = interpolation.viewTickAt(now) ?? 0;
      expect(view).toBeGreaterThanOrEqual(last);
      last = view;
      if (now > 5_000 && view > newest) starved += 1;
    }
    expect(starved).toBe(0);
    expect(interpolation.jitterMs).toBeGreaterThan(5);
    expect(interpolation.jitterMs).toBeLessThan(30);
  });
});
