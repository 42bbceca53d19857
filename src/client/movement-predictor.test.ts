/** Oneself as drawn: at once, smooth, and where the server says in the end. */
import { describe, expect, test } from 'vitest';

import { ACCEPTED } from '../../test/support/fake-server.ts';
import type { HoldfastError } from '../protocol/holdfast-error.ts';
import type { LoginAccepted, Snapshot } from '../protocol/messages.ts';
import { predictMovement } from './predict-movement.ts';
import type { Correction, SelfPredictor } from './prediction.ts';

const FIELDS = [...ACCEPTED.snapshotFields, field('isSuspended'), field('hitPoints')];
/** At 20 Hz. */
const PERIOD_MS = 50;
const STEP = 0.3;

function field(name: string) {
  return { name, precision: 1, interpolation: 'step' } as const;
}

interface Row {
  readonly x?: number;
  readonly isAlive?: number;
  readonly isSuspended?: number;
}

function snapshot(tick: number, row: Row | undefined = {}): Snapshot {
  const { x = 10, isAlive = 1, isSuspended = 0 } = row;
  const own = { entity: 1, fields: [Math.round(x * 100), 1_000, 0, isAlive, isSuspended, 77] };
  return { kind: 'snapshot', tick, players: [{ entity: 2, fields: [0, 0, 0, 1, 0, 5] }, own] };
}

/** A present that is `lead` ticks ahead of the instant in ticks. */
function createScene(accepted: Partial<LoginAccepted> = {}) {
  const scene = {
    now: 100 * PERIOD_MS,
    lead: 3,
    isKnown: true,
    corrections: [] as Correction[],
    say: (row?: Row) => scene.sayAt(Math.floor(scene.now / PERIOD_MS), row),
    sayAt: (tick: number, row?: Row) =>
      scene.predictor.steadily(scene.now, () =>
        scene.predictor.handleSnapshot(snapshot(tick, row), scene.now),
      ),
    move: (tick: number) =>
      scene.predictor.steadily(scene.now, () =>
        scene.predictor.handleMove({
          kind: 'move-input',
          tick,
          directionX: 1,
          directionY: 0,
          yaw: 0,
        }),
      ),
    get x() {
      return scene.predictor.viewAt(scene.now)?.x;
    },
    predictor: undefined as unknown as SelfPredictor,
  };
  const predictor = predictMovement({ snapMetres: 2 }).createPredictor({
    accepted: { ...ACCEPTED, snapshotFields: FIELDS, ...accepted },
    positionAt: (now) => (scene.isKnown ? now / PERIOD_MS + scene.lead : undefined),
    onCorrection: (correction) => scene.corrections.push(correction),
  });
  if (predictor === undefined) throw new Error('nothing to predict');
  scene.predictor = predictor;
  return scene;
}

describe('movement predictor', () => {
  test('shows nothing before the first snapshot, nor while oneself is not in it', () => {
    const scene = createScene();
    expect(scene.x).toBeUndefined();
    scene.say();
    expect(scene.x).toBe(10);
    scene.predictor.handleSnapshot({ kind: 'snapshot', tick: 101, players: [] }, scene.now);
    expect(scene.x).toBeUndefined();
  });

  test('a move shows a moment after it was sent, and everything else as the server said it', () => {
    const scene = createScene();
    scene.say();
    scene.move(103);
    expect(scene.x).toBe(10);
    scene.now += 16;
    const view = scene.predictor.viewAt(scene.now);
    expect(view?.x).toBeCloseTo(10 + (STEP * 16) / PERIOD_MS, 9);
    expect(view).toMatchObject({ playerId: 'anna', entity: 1, y: 10 });
    expect(view?.fields).toMatchObject({ x: view?.x, hitPoints: 77, isAlive: 1 });
    expect(scene.predictor.stats).toMatchObject({ predictedTicks: 3, pendingMoves: 1 });
  });

  test('a move in the middle of its tick does not jump', () => {
    const scene = createScene();
    scene.say();
    scene.now += 40;
    expect(scene.x).toBe(10);
    scene.move(103);
    expect(scene.x).toBeCloseTo(10, 9);
    scene.now += 1;
    expect(scene.x).toBeGreaterThan(10);
  });

  test('a correction is told at once and shown bit by bit', () => {
    const scene = createScene();
    scene.say();
    scene.now += PERIOD_MS;
    scene.say({ x: 11 });
    expect(scene.corrections).toEqual([{ tick: 101, metres: 1, x: 1, y: 0, isSnapped: false }]);
    expect(scene.x).toBeCloseTo(10, 9);
    scene.now += 55;
    expect(scene.x).toBeCloseTo(10.5, 2);
    scene.now += 500;
    expect(scene.x).toBe(11);
    expect(scene.predictor.stats).toMatchObject({
      corrections: 1,
      correctionMetres: 1,
      correctionMetresMax: 1,
    });
  });

  test('a correction of exactly snapMetres is smoothed, a longer one jumped to', () => {
    const scene = createScene();
    scene.say();
    scene.now += PERIOD_MS;
    scene.say({ x: 12 });
    expect(scene.x).toBeCloseTo(10, 9);
    scene.now += 1_000;
    scene.say({ x: 14.01 });
    expect(scene.x).toBe(14.01);
    expect(scene.corrections.map(({ isSnapped }) => isSnapped)).toEqual([false, true]);
  });

  test('a change of the lead does not jump', () => {
    const scene = createScene();
    scene.say();
    for (let tick = 103; tick <= 110; tick += 1) scene.move(tick);
    scene.now += 100;
    const before = scene.x;
    scene.predictor.steadily(scene.now, () => {
      scene.lead += 1.5;
    });
    expect(scene.x).toBeCloseTo(before ?? 0, 9);
    scene.now += 16;
    expect((scene.x ?? 0) - (before ?? 0)).toBeLessThan(3 * STEP * (16 / PERIOD_MS));
  });

  test('the dead and the suspended are where the server says', () => {
    const scene = createScene();
    scene.say();
    scene.move(103);
    scene.now += PERIOD_MS;
    scene.say({ x: 10.1, isAlive: 0 });
    scene.now += 1_000;
    expect(scene.x).toBe(10.1);
    scene.say({ x: 20, isSuspended: 1 });
    scene.now += 1_000;
    expect(scene.x).toBe(20);
    expect(scene.predictor.stats.predictedTicks).toBe(0);
  });

  test('a new life begins at its place at once, with the moves that were sent for it', () => {
    const scene = createScene();
    scene.say({ isAlive: 0 });
    scene.move(103);
    scene.move(104);
    scene.now += 3 * PERIOD_MS;
    scene.say({ x: 11, isAlive: 1 });
    expect(scene.x).toBeCloseTo(11 + 2 * STEP, 9);
    scene.now += 1_000;
    // The move of tick 104, repeated twice.
    expect(scene.x).toBeCloseTo(11 + 3 * STEP, 9);
    expect(scene.corrections).toEqual([]);
  });

  test('a move that the server did not take is taken back', () => {
    const scene = createScene();
    scene.say();
    scene.move(103);
    scene.now += 500;
    expect(scene.x).toBeCloseTo(10 + 3 * STEP, 9);
    const entry = { input: 'move-input', inputTick: 103, outcome: 'stale', code: undefined };
    const report = { kind: 'verdict-report', tick: 104, entries: [entry], omitted: 0 };
    scene.predictor.steadily(scene.now, () => scene.predictor.handleVerdicts(report as never));
    expect(scene.x).toBeCloseTo(10 + 3 * STEP, 9);
    scene.now += 1_000;
    expect(scene.x).toBe(10);
  });

  test('stands still while nobody knows the present, and after its connection', () => {
    const scene = createScene();
    scene.say();
    for (let tick = 103; tick <= 110; tick += 1) scene.move(tick);
    scene.now += 25;
    const shown = scene.x;
    scene.isKnown = false;
    scene.now += 100;
    expect(scene.x).toBe(shown);
    scene.isKnown = true;
    scene.predictor.stop(scene.now);
    const last = scene.x;
    scene.now += 1_000;
    expect(last).toBeGreaterThan(shown ?? Infinity);
    expect(scene.x).toBe(last);
  });

  test('where nothing moves nothing is predicted', () => {
    const connection = {
      accepted: { ...ACCEPTED, snapshotFields: [field('score')] },
      positionAt: () => 1,
      onCorrection: () => undefined,
    };
    expect(predictMovement().createPredictor(connection)).toBeUndefined();
  });

  test.each([
    ['snapMetres', { snapMetres: -1 }],
    ['movement.speedMetresPerSecond', { speedMetresPerSecond: Number.NaN }],
  ])('refuses a wrong %s by its name', (name, options) => {
    let message = '';
    try {
      predictMovement(options);
    } catch (error) {
      message = (error as HoldfastError).message;
    }
    expect(message).toContain(name);
  });
});
