import { describe, expect, test } from 'vitest';

import { headingAt } from './headings.ts';
import { TurnWatch } from './turn-watch.ts';

const STEP_METRES = 0.25;

/** A place after `steps` in the direction of a heading. */
function ahead(heading: number, steps: number): [number, number] {
  const { directionX, directionY } = headingAt(heading);
  return [directionX * STEP_METRES * steps, directionY * STEP_METRES * steps];
}

describe('TurnWatch', () => {
  test('a turn is seen with the first step in its direction', () => {
    const watch = new TurnWatch();
    watch.notePlace(...ahead(0, 1), 0);
    watch.noteTurn(headingAt(1), 10);
    watch.notePlace(...ahead(0, 2), 50);
    const [x, y] = ahead(0, 2);
    const [stepX, stepY] = ahead(1, 1);
    watch.notePlace(x + stepX, y + stepY, 100);
    expect(watch.latenciesMs).toEqual([90]);
    expect(watch.unseen).toBe(0);
  });

  test('what is no more than rounding is not seen', () => {
    const watch = new TurnWatch();
    watch.notePlace(0, 0, 0);
    watch.noteTurn(headingAt(0), 10);
    watch.notePlace(0.002, 0.002, 50);
    expect(watch.latenciesMs).toEqual([]);
  });

  test('a turn that the next one overtakes is counted as unseen', () => {
    const watch = new TurnWatch();
    watch.noteTurn(headingAt(1), 10);
    watch.noteTurn(headingAt(2), 500);
    expect(watch.unseen).toBe(1);
  });

  test('a reset forgets what was measured', () => {
    const watch = new TurnWatch();
    watch.notePlace(0, 0, 0);
    watch.noteTurn(headingAt(0), 10);
    watch.notePlace(...ahead(0, 1), 50);
    watch.reset();
    expect(watch.latenciesMs).toEqual([]);
  });
});
