/** The view past the newest snapshot: how far it goes, whom it guesses, and how a guess fades. */
import { describe, expect, test } from 'vitest';

import { SeededRandom } from '../../test/support/seeded-random.ts';
import type { PlayerId } from '../protocol/ids.ts';
import type { Roster, Snapshot, SnapshotField } from '../protocol/messages.ts';
import { Interpolation } from './interpolation.ts';

const PERIOD_MS = 50;
const ANNA = 'anna' as PlayerId;
const BERT = 'bert' as PlayerId;
/** Full speed: 6 m/s. */
const STEP_CM = 30;
const FIELDS: readonly SnapshotField[] = [
  { name: 'x', precision: 0.01, interpolation: 'linear' },
  { name: 'y', precision: 0.01, interpolation: 'linear' },
  { name: 'yaw', precision: 0.01, interpolation: 'angle' },
  { name: 'isAlive', precision: 1, interpolation: 'step' },
  { name: 'heat', precision: 1, interpolation: 'linear' },
];

interface Row {
  readonly x: number;
  readonly y?: number;
  readonly yaw?: number;
  readonly isAlive?: number;
  readonly heat?: number;
}

function snapshot(tick: number, row?: Row): Snapshot {
  if (row === undefined) return { kind: 'snapshot', tick, players: [] };
  const { x, y = 0, yaw = 0, isAlive = 1, heat = 0 } = row;
  return { kind: 'snapshot', tick, players: [{ entity: 1, fields: [x, y, yaw, isAlive, heat] }] };
}

function named(playerId: PlayerId, rest: Partial<Roster> = {}): Roster {
  const entered = [{ entity: 1, playerId }];
  return { kind: 'roster', isComplete: false, entered, left: [], ...rest };
}

/** Anna, shown 100 ms behind, by what arrives at its tick unless `at` says another. */
class Scene {
  readonly interpolation: Interpolation;

  constructor(extrapolationMsMax: number, delayMs = 100) {
    const options = { tickRateHz: 20, snapshotFields: FIELDS, delayMs, extrapolationMsMax };
    this.interpolation = new Interpolation(options);
    this.interpolation.handleRoster(named(ANNA, { isComplete: true }));
  }

  hear(tick: number, row?: Row, at = tick): void {
    this.interpolation.handleSnapshot(snapshot(tick, row), at * PERIOD_MS);
  }

  /** She runs from tick 20 to 22 along x at full speed: at 0.6 m in the newest snapshot. */
  run(): void {
    for (const tick of [20, 21, 22]) this.hear(tick, { x: (tick - 20) * STEP_CM });
  }

  /** What is shown `ticks` after the newest snapshot of `run` was due. */
  shownAfter(ticks: number) {
    return this.interpolation.playerAt(1, (24 + ticks) * PERIOD_MS);
  }
}

describe('how far', () => {
  test('with 0 everybody holds at the newest snapshot', () => {
    const scene = new Scene(0);
    scene.run();
    expect(scene.shownAfter(0)?.x).toBeCloseTo(0.6, 9);
    expect(scene.shownAfter(1)?.x).toBeCloseTo(0.6, 9);
    expect(scene.interpolation.extrapolated).toEqual({ times: 0, ms: 0 });
  });

  test.each([
    ['before the bound', 1, 0.9],
    ['at it', 2, 1.2],
    ['just past it', 2.02, 1.2],
    ['long past it', 40, 1.2],
  ])('with 100 ms a runner is guessed to run on, %s', (_, ticks, x) => {
    const scene = new Scene(100);
    scene.run();
    scene.shownAfter(0);
    expect(scene.shownAfter(ticks)?.x).toBeCloseTo(x, 9);
    expect(scene.shownAfter(ticks)?.fields['x']).toBeCloseTo(x, 9);
  });

  test('the tick that a shot reports stays at the newest snapshot', () => {
    const scene = new Scene(100);
    scene.run();
    expect(scene.interpolation.knownTickAt(23.5 * PERIOD_MS)).toBeCloseTo(21.5, 9);
    expect(scene.interpolation.viewTickAt(25 * PERIOD_MS)).toBeCloseTo(23, 9);
    expect(scene.interpolation.knownTickAt(25 * PERIOD_MS)).toBe(22);
  });

  test('how often and how long is counted', () => {
    const scene = new Scene(100);
    scene.run();
    scene.shownAfter(0);
    scene.shownAfter(1);
    scene.hear(24, { x: 4 * STEP_CM }, 25.5);
    expect(scene.interpolation.extrapolated.times).toBe(1);
    expect(scene.interpolation.extrapolated.ms).toBeCloseTo(75, 6);
  });
});

describe('who is guessed', () => {
  test('a place alone: what turns, steps or is another quantity holds', () => {
    const scene = new Scene(100);
    for (const tick of [20, 21, 22]) {
      const done = tick - 20;
      scene.hear(tick, { x: done * STEP_CM, y: -done * STEP_CM, yaw: done * 10, heat: done });
    }
    scene.shownAfter(0);
    const { x, y, yaw, fields } = scene.shownAfter(2) ?? {};
    expect([x, y]).toEqual([expect.closeTo(1.2, 9), expect.closeTo(-1.2, 9)]);
    expect(yaw).toBeCloseTo(0.2, 9);
    expect(fields?.['heat']).toBe(2);
  });

  test.each([
    ['the dead', { 21: { x: 30 }, 22: { x: 60, isAlive: 0 } }],
    ['who came alive again', { 21: { x: 30, isAlive: 0 }, 22: { x: 60 } }],
    ['who has just entered', { 21: undefined, 22: { x: 60 } }],
    ['who was put elsewhere', { 21: { x: -141 }, 22: { x: 60 } }],
  ] as [string, Record<number, Row | undefined>][])('not %s', (_, rows) => {
    const scene = new Scene(100);
    for (const [tick, row] of Object.entries(rows)) scene.hear(Number(tick), row);
    scene.shownAfter(0);
    expect(scene.shownAfter(1)?.x).toBeCloseTo(0.6, 9);
  });

  test('who goes no faster than anybody does, just so', () => {
    const scene = new Scene(100);
    for (const [tick, x] of [
      [21, -140],
      [22, 60],
    ] as const) {
      scene.hear(tick, { x });
    }
    scene.shownAfter(0);
    expect(scene.shownAfter(1)?.x).toBeCloseTo(2.6, 9);
  });

  test.each([
    [10, 1.2],
    [11, 0.6],
  ])('after a gap of %i ticks x is %f', (gap, x) => {
    const scene = new Scene(500, 600);
    scene.hear(22 - gap, { x: 60 - gap * STEP_CM });
    scene.hear(22, { x: 60 });
    scene.shownAfter(10);
    expect(scene.shownAfter(12)?.x).toBeCloseTo(x, 9);
  });

  test('not along the way of the one who had the entity before', () => {
    const scene = new Scene(100);
    scene.hear(20, { x: 0 });
    scene.hear(21, { x: STEP_CM });
    scene.interpolation.handleRoster(named(BERT, { left: [1] }));
    scene.hear(22, { x: 60 });
    scene.shownAfter(0);
    expect(scene.shownAfter(1)).toMatchObject({ playerId: BERT, x: 0.6 });
  });

  test('the newest place of a player is no guess', () => {
    const scene = new Scene(100);
    scene.run();
    scene.shownAfter(1);
    expect(scene.interpolation.newestOf(1)?.x).toBeCloseTo(0.6, 9);
  });
});

/** She ran at full speed, was guessed to run on by a tick, and has turned back in truth. */
function playTurn(): Scene {
  const scene = new Scene(100);
  scene.run();
  scene.shownAfter(0);
  scene.shownAfter(1);
  for (const tick of [23, 24, 25]) scene.hear(tick, { x: 60 - (tick - 22) * STEP_CM }, 25);
  return scene;
}

describe('a wrong guess', () => {
  test('is left from where it was shown, at 1.45 times the speed, and then it is over', () => {
    const scene = playTurn();
    expect(scene.shownAfter(1)?.x).toBeCloseTo(0.9, 9);
    // Back by a tick's way, and by 0.45 of one towards the truth, which is 0.6 m away.
    expect(scene.shownAfter(2)?.x).toBeCloseTo(0.9 - 1.45 * 0.3, 9);
    for (const tick of [26, 27, 28, 29]) {
      scene.hear(tick, { x: 60 - (tick - 22) * STEP_CM });
    }
    expect(scene.shownAfter(5.4)?.x).toBeCloseTo(0.6 - 0.3 * 5.4 + 0.006, 6);
    expect(scene.shownAfter(5.5)?.x).toBeCloseTo(0.6 - 0.3 * 5.5, 9);
  });

  test('fades alike at any frame rate', () => {
    const [often, seldom] = [playTurn(), playTurn()];
    for (let ticks = 1; ticks < 3; ticks += 0.07) often.shownAfter(ticks);
    expect(often.shownAfter(3)?.x).toBeCloseTo(seldom.shownAfter(3)?.x ?? 0, 9);
  });

  test('of who stood and began to walk is made good at the speed of the walk', () => {
    const scene = new Scene(100);
    for (const tick of [20, 21, 22]) scene.hear(tick, { x: 0 });
    scene.shownAfter(0);
    scene.shownAfter(1);
    for (const tick of [23, 24, 25]) scene.hear(tick, { x: (tick - 22) * STEP_CM }, 25);
    expect(scene.shownAfter(1)?.x).toBeCloseTo(0, 9);
    expect(scene.shownAfter(2)?.x).toBeCloseTo(1.45 * 0.3, 9);
  });

  test('that is right changes nothing', () => {
    const scene = new Scene(100);
    scene.run();
    scene.shownAfter(0);
    scene.shownAfter(1);
    for (const tick of [23, 24, 25]) scene.hear(tick, { x: (tick - 20) * STEP_CM }, 25);
    expect(scene.shownAfter(1)?.x).toBeCloseTo(0.9, 9);
    expect(scene.shownAfter(2)?.x).toBeCloseTo(1.2, 9);
  });

  test('of who respawned meanwhile ends at once with the new life', () => {
    const scene = new Scene(100);
    scene.run();
    scene.shownAfter(0);
    scene.shownAfter(1);
    scene.hear(23, { x: 60, isAlive: 0 }, 25);
    scene.hear(24, { x: 900 }, 25);
    expect(scene.shownAfter(1)?.x).toBeCloseTo(0.9, 9);
    expect(scene.shownAfter(1.99)?.x).toBeLessThan(0.9);
    expect(scene.shownAfter(2)?.x).toBeCloseTo(9, 9);
  });

  test('of who was put elsewhere meanwhile is jumped from', () => {
    const scene = new Scene(100);
    scene.run();
    scene.shownAfter(0);
    scene.shownAfter(1);
    scene.hear(23, { x: 90 + 201 }, 25);
    expect(scene.shownAfter(1)?.x).toBeCloseTo(2.91, 9);
  });

  test('is nothing of the next who has the entity', () => {
    const scene = playTurn();
    scene.interpolation.handleRoster(named(BERT, { left: [1] }));
    scene.hear(26, { x: 500 });
    scene.hear(27, { x: 500 });
    expect(scene.shownAfter(4)).toMatchObject({ playerId: BERT, x: 5 });
  });
});

/** Walks, turns and rests at random; dies now and then and comes alive elsewhere. */
class Walk {
  readonly #random: SeededRandom;
  #place = { x: 10_000, y: 10_000 };
  #angle = 0;
  #speed = 1;
  #ticksDead = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  step(): Required<Pick<Row, 'x' | 'y' | 'isAlive'>> {
    const random = this.#random;
    if (this.#ticksDead > 0) {
      this.#ticksDead -= 1;
      if (this.#ticksDead === 0) {
        this.#place = { x: random.unit() * 20_000, y: random.unit() * 20_000 };
      }
    } else if (random.unit() < 0.01) this.#ticksDead = 3;
    if (this.#ticksDead === 0) this.#walk();
    const { x, y } = this.#place;
    return { x: Math.round(x), y: Math.round(y), isAlive: this.#ticksDead === 0 ? 1 : 0 };
  }

  #walk(): void {
    if (this.#random.unit() < 0.2) {
      this.#angle = this.#random.unit() * 2 * Math.PI;
      this.#speed = this.#random.unit() < 0.3 ? 0 : 1;
    }
    this.#place = {
      x: this.#place.x + Math.cos(this.#angle) * this.#speed * STEP_CM,
      y: this.#place.y + Math.sin(this.#angle) * this.#speed * STEP_CM,
    };
  }
}

/** The fastest that she was seen in one life, over the speed limit, and how often she jumped. */
function watch(seed: number, delayMs: number, extrapolationMsMax: number) {
  const random = new SeededRandom(seed);
  const scene = new Scene(extrapolationMsMax, delayMs);
  const walk = new Walk(random);
  const due: { readonly tick: number; readonly row: Row; readonly at: number }[] = [];
  let arrivedAt = 0;
  for (let tick = 20; tick < 1_220; tick += 1) {
    const row = walk.step();
    if (random.unit() < 0.1) continue;
    const stall = random.unit() < 0.02 ? random.unit() * 500 : 0;
    arrivedAt = Math.max(arrivedAt, tick * PERIOD_MS + random.unit() * 40 + stall);
    due.push({ tick, row, at: arrivedAt });
  }
  let last: { readonly x: number; readonly y: number } | undefined;
  let [ratio, jumps] = [0, 0];
  for (let now = 2_000; now < 60_000; now += 10) {
    while ((due[0]?.at ?? Infinity) <= now) {
      const { tick, row, at } = due.shift() ?? { tick: 0, row: { x: 0 }, at: 0 };
      scene.hear(tick, row, at / PERIOD_MS);
    }
    const shown = scene.interpolation.playerAt(1, now);
    if (shown === undefined) continue;
    const metres = last === undefined ? 0 : Math.hypot(shown.x - last.x, shown.y - last.y);
    if (metres > 1) jumps += 1;
    else ratio = Math.max(ratio, metres / (10 * 0.006));
    last = { x: shown.x, y: shown.y };
  }
  return { ratio, jumps, times: scene.interpolation.extrapolated.times };
}

test.each(
  [1, 2, 3, 4].flatMap((seed) => [
    [seed, 100, 100],
    [seed, 50, 100],
    [seed, 0, 500],
  ]),
)(
  'nobody is seen faster than 1.5 times the limit, nor between two lives (seed %i, %i, %i ms)',
  (seed, delayMs, extrapolationMsMax) => {
    const { ratio, jumps, times } = watch(seed, delayMs, extrapolationMsMax);
    const lives = watch(seed, delayMs, 0).jumps;
    expect(times).toBeGreaterThan(10);
    // Places are rounded to a centimetre here: 0.03 of a step to and fro.
    expect(ratio).toBeLessThanOrEqual(1.5 * 1.05);
    expect(ratio).toBeGreaterThan(1);
    expect(jumps).toBe(lives);
  },
);
