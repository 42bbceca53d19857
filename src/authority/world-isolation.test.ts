/**
 * What one peer sends changes nothing for the others: their state, their verdicts and their events
 * are byte-equal to those of a control run without it (R2.S3, R2.S4).
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  idOf,
  moveInput,
  shootInput,
  WorldFixture,
  type StepRecord,
} from '../../test/support/world-fixture.ts';
import type { AuthorityInput } from './authority.ts';

/** Long enough for deaths and new lives. */
const TICKS = 80;
/** What the offender sends before a tick; ticks are relative to the last that ran. */
type Offence = (tick: number) => readonly AuthorityInput[];

const ABSURD_TICKS = [2 ** 53, Number.NaN, -1, 1e300, Infinity, -0.5, 0.5];

const OFFENCES: Readonly<Record<string, Offence>> = {
  'absurd ticks': () => ABSURD_TICKS.flatMap((tick) => [moveInput({ tick }), shootInput({ tick })]),
  'numbers that are none': (tick) => [
    moveInput({ tick: tick + 1, directionX: Number.NaN }),
    moveInput({ tick: tick + 1, yaw: Infinity }),
    shootInput({ tick: tick + 1, directionY: Number.NaN }),
  ],
  'moves far ahead and late': (tick) =>
    [-5, -1, 0, 7, 8, 9, 100].map((ahead) => moveInput({ tick: tick + ahead, directionX: 0 })),
  'a flood of duplicates': (tick) =>
    Array.from({ length: 50 }, () => moveInput({ tick: tick + 1, directionX: 0 })),
  'bad shots': (tick) =>
    ['eve', 'nobody', '__proto__', 'bob'].map((target) =>
      shootInput({ tick: tick + 1, targetPlayerId: idOf(target), directionX: 1 }),
    ),
  'messages nobody takes': () =>
    Array.from({ length: 20 }, () => ({ kind: 'user-input', name: 'x', payload: null }) as const),
};

/** Two who play, and eve in a far corner who sends `offence` (nothing in the control run). */
function play(offence: Offence): string[] {
  const world = new WorldFixture({
    players: { eve: { x: 30, y: 20 }, ann: { x: 10, y: 10 }, bob: { x: 15, y: 10 } },
    combat: { respawnDelayMs: 500 },
  });
  const trace: string[] = [];
  for (let round = 0; round < TICKS; round += 1) {
    const { tick } = world.world;
    const arrival = [
      world.move('ann', { tick: tick + 2, directionX: Math.sin(round), directionY: 0.2 }),
    ];
    for (const input of offence(tick)) world.receive('eve', input);
    arrival.push(
      world.move('bob', { tick: tick + 1, directionX: -1, directionY: Math.cos(round) }),
      world.shoot('ann', { directionX: 1, directionY: 0, targetPlayerId: idOf('bob') }),
      world.shoot('bob', { directionX: -1, directionY: 0 }),
    );
    const step = othersView(world.step());
    const states = ['ann', 'bob'].map((name) => [world.body(name), world.fields(name)]);
    trace.push(JSON.stringify({ arrival, step, states }));
  }
  return trace;
}

function othersView({ tick, verdicts, events, faults }: StepRecord): unknown {
  return {
    tick,
    verdicts: verdicts.filter((verdict) => !verdict.startsWith('eve')),
    events: events.filter(({ scope }) => scope.to !== 'peer' || scope.playerId !== 'eve'),
    faults,
  };
}

const control = play(() => []);

/** The first round in which the others saw something else; undefined = none. */
function firstDifference(trace: readonly string[]): number | undefined {
  const round = trace.findIndex((line, index) => line !== control[index]);
  return round === -1 ? undefined : round;
}

describe('the others do not notice', () => {
  it.each(Object.keys(OFFENCES))('%s', (name) => {
    expect(firstDifference(play(OFFENCES[name] ?? (() => [])))).toBeUndefined();
  });

  it('although deaths and new lives are part of the run', () => {
    expect(control.join('')).toContain('"event":"death"');
    expect(control.at(-1)).toMatch(/"deaths":[1-9]/);
  });

  it('any mix of these', () => {
    const names = fc.array(fc.constantFrom(...Object.keys(OFFENCES)), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(names, { minLength: TICKS, maxLength: TICKS }), (plan) => {
        let round = 0;
        const offence: Offence = (tick) =>
          (plan[round++] ?? []).flatMap((name) => OFFENCES[name]?.(tick) ?? []);
        expect(firstDifference(play(offence))).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  it('except where the offender acts by the rules: the comparison can fail', () => {
    const shot: Offence = (tick) => [
      shootInput({ tick: tick + 1, directionX: -15, directionY: -10, targetPlayerId: idOf('bob') }),
      moveInput({ tick: tick + 1, directionX: -1, directionY: -0.5 }),
    ];
    expect(firstDifference(play(shot))).toBe(0);
  });

  it('nor is the offender deaf afterwards', () => {
    const world = new WorldFixture({ players: { eve: { x: 10, y: 10 } } });
    for (const offence of Object.values(OFFENCES)) {
      for (const input of offence(world.world.tick)) world.receive('eve', input);
      world.steps(10);
    }
    const { x } = world.body('eve');
    expect(world.move('eve')).toBeUndefined();
    expect(world.shoot('eve')).toBeUndefined();
    expect(world.step().verdicts).toEqual([
      'eve: move-input accepted',
      'eve: shoot-input accepted',
    ]);
    expect(world.body('eve').x).toBeCloseTo(x + 0.3, 9);
  });
});
