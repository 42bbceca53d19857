/** The track of oneself, against the server's own movement. */
import { describe, expect, test } from 'vitest';

import { WorldFixture } from '../../test/support/world-fixture.ts';
import { createArenaGeometry } from '../authority/arena-geometry.ts';
import { validateMovementOptions } from '../authority/movement-options.ts';
import { PredictedTrack } from './predicted-track.ts';

const EAST = { directionX: 1, directionY: 0, yaw: 0 };
const NORTH = { directionX: 0, directionY: 1, yaw: 1 };
const START = { x: 10, y: 10, yaw: 0 };
const PRECISION = { x: 0.001, y: 0.001, yaw: (2 * Math.PI) / 65_536 };
/** Full speed 6 m/s at 20 Hz. */
const STEP = 0.3;

function createTrack(geometry = createArenaGeometry()) {
  const rules = { ...validateMovementOptions({ geometry }), stepSeconds: 0.05 };
  return new PredictedTrack({ rules, holdTicksMax: 2, precision: PRECISION });
}

/** Confirmed at tick 100, walking east for the ticks up to 110. */
function createWalk() {
  const track = createTrack();
  track.confirm(100, START);
  for (let tick = 101; tick <= 110; tick += 1) track.addMove(tick, EAST);
  return track;
}

/** As a snapshot says it. */
function said16(yaw: number): number {
  return Math.round(yaw / PRECISION.yaw) * PRECISION.yaw;
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

describe('predicted track', () => {
  test('is nowhere before the first word of the server', () => {
    const track = createTrack();
    track.addMove(5, EAST);
    expect(track.placeAt(5)).toBeUndefined();
    expect(track.confirmedTick).toBeUndefined();
  });

  test('shows a move within its own tick, from its beginning on', () => {
    const track = createTrack();
    track.confirm(100, START);
    expect(track.placeAt(104)?.x).toBe(10);
    track.addMove(104, EAST);
    expect(track.placeAt(104)?.x).toBe(10);
    expect(track.placeAt(104.25)?.x).toBeCloseTo(10 + STEP / 4, 9);
    expect(track.placeAt(105)?.x).toBeCloseTo(10 + STEP, 9);
  });

  test('repeats a missing move for two ticks, then stops', () => {
    const track = createTrack();
    track.confirm(100, START);
    track.addMove(101, EAST);
    expect(track.placeAt(120)?.x).toBeCloseTo(10 + 3 * STEP, 9);
  });

  test('turns the short way round', () => {
    const track = createTrack();
    track.confirm(100, { ...START, yaw: 6.2 });
    track.addMove(101, { ...EAST, yaw: 0.1 });
    const turn = 2 * Math.PI - 6.1;
    expect(track.placeAt(101.5)?.yaw).toBeCloseTo((6.2 + turn / 2) % (2 * Math.PI), 9);
  });

  test('keeps what agrees within the rounding of snapshots', () => {
    const track = createWalk();
    expect(track.confirm(105, { ...START, x: 11.5 + 0.000_9 })).toBe(false);
    expect(track.placeAt(111)?.x).toBeCloseTo(10 + 10 * STEP, 9);
    expect(track.pendingMoves).toBe(5);
  });

  test('takes what differs by more, and plays on from there', () => {
    const track = createWalk();
    expect(track.confirm(105, { ...START, x: 11.502 })).toBe(true);
    expect(track.placeAt(111)?.x).toBeCloseTo(11.502 + 5 * STEP, 9);
    expect(track.confirm(106, { ...START, x: 11.802 })).toBe(false);
  });

  test('a move that never ran changes what is shown, also when its tick is confirmed', () => {
    const track = createWalk();
    track.addMove(111, NORTH);
    expect(track.placeAt(112)?.y).toBeCloseTo(10 + STEP, 9);
    track.removeMove(111);
    expect(track.placeAt(112)?.y).toBe(10);
    expect(track.placeAt(112)?.x).toBeCloseTo(10 + 11 * STEP, 9);
    track.addMove(112, NORTH);
    track.confirm(112, { x: 10 + 12 * STEP, y: 10, yaw: 0 });
    expect(track.placeAt(114)?.y).toBeCloseTo(10 + STEP, 9);
    track.removeMove(112);
    expect(track.placeAt(114)?.y).toBe(10);
  });

  test('a restart forgets the moves before it, and none after it', () => {
    const track = createWalk();
    track.restart(108, { x: 30, y: 5, yaw: 0 });
    expect(track.placeAt(109)?.x).toBe(30);
    expect(track.placeAt(111)?.x).toBeCloseTo(30 + 2 * STEP, 9);
    track.restart(120, START);
    expect(track.placeAt(130)).toEqual(START);
  });

  test('a move for a tick that is confirmed comes too late to count', () => {
    const track = createTrack();
    track.confirm(100, START);
    track.addMove(100, EAST);
    expect(track.placeAt(110)).toEqual(START);
    expect(track.pendingMoves).toBe(0);
  });

  test('goes 128 ticks beyond the server’s word, not one more, and counts what it drops', () => {
    const track = createTrack();
    track.confirm(100, { ...START, x: 1 });
    for (let tick = 101; tick <= 229; tick += 1) track.addMove(tick, EAST);
    expect(track.movesUnpredicted).toBe(1);
    expect(track.placeAt(228.999)?.x).toBeCloseTo(1 + 128 * STEP, 2);
    expect(track.placeAt(1e15)).toEqual(track.placeAt(229));
  });

  test('a word from beyond what it holds begins it anew', () => {
    const track = createWalk();
    expect(track.confirm(100 + 129, { ...START, x: 33 })).toBe(true);
    expect(track.placeAt(240)?.x).toBe(33);
  });

  test('never corrects itself where every move is in time, along walls and round corners', () => {
    const geometry = {
      obstacles: [
        { shape: 'box', minX: 12, minY: 8, maxX: 16, maxY: 14 },
        { shape: 'circle', x: 7, y: 12, radius: 2 },
      ],
    } as const;
    const world = new WorldFixture({ players: { ann: START }, geometry });
    const track = createTrack(createArenaGeometry(geometry));
    track.confirm(world.world.tick, START);
    let corrections = 0;
    let touched = 0;
    for (let count = 0; count < 2_000; count += 1) {
      const tick = world.world.tick + 1;
      const angle = Math.sin(count / 23) * 9;
      const directionX = Math.fround(Math.cos(angle));
      const move = { directionX, directionY: Math.fround(Math.sin(angle)), yaw: 0.5 };
      // Each fifth is missing on both sides.
      if (count % 5 !== 0) {
        world.move('ann', move);
        track.addMove(tick, move);
      }
      const before = world.body('ann');
      world.step();
      const { x, y, yaw } = world.body('ann');
      if (Math.hypot(x - before.x, y - before.y) < STEP - 0.001) touched += 1;
      const said = { x: rounded(x), y: rounded(y), yaw: said16(yaw) };
      if (track.confirm(tick, said)) corrections += 1;
    }
    expect(touched).toBeGreaterThan(100);
    expect(corrections).toBe(0);
  });
});
