import { describe, expect, test } from 'vitest';

import { judgeFairPlay } from '../../scripts/probe/judge-fairplay.ts';
import type { Ways } from '../../scripts/probe/judge-fairplay.ts';
import { CHEAT_NAMES } from '../../scripts/probe/tricks.ts';

const FAIR: Ways = {
  honest: 600,
  flood10x: 590,
  lagSwitch3s: 250,
  burst900ms: 300,
  fastClock5pct: 600,
  tickJump: 602,
  teleportClaim: 598,
};

function problemsOf(ways: Partial<Ways>, lostRatio = 0): readonly string[] {
  return judgeFairPlay({ ways: { ...FAIR, ...ways }, ticks: 600, lostRatio });
}

describe('the judge of fair play', () => {
  test('has nothing against two ticks and a thousandth', () => {
    expect(problemsOf({}, 0.001)).toEqual([]);
  });

  test.each(CHEAT_NAMES)('objects to more than two ticks of %s', (name) => {
    expect(problemsOf({ [name]: 602.01 })).toEqual([`${name} gained 2.01 ticks`]);
    expect(problemsOf({ [name]: Number.NaN })).toHaveLength(2);
  });

  test.each(CHEAT_NAMES)('objects to a cheat that stands still: %s', (name) => {
    expect(problemsOf({ [name]: 29.9 })).toEqual([`${name} has hardly moved`]);
  });

  test('objects to an honest player who has not moved nearly all the time', () => {
    expect(problemsOf({ honest: 587 })[0]).toContain('no reference');
  });

  test('objects to an honest player who loses more than a thousandth, or was not measured', () => {
    expect(problemsOf({}, 0.0011)).toHaveLength(1);
    expect(problemsOf({}, Number.NaN)).toHaveLength(1);
  });
});
