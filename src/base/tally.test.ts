import { describe, expect, test } from 'vitest';
import { Tally } from './tally.ts';

describe('Tally', () => {
  test('counts each name, whatever it is called', () => {
    const tally = new Tally();
    for (const name of ['a', '__proto__', 'a']) tally.add(name);
    expect([...tally]).toEqual([
      ['a', 2],
      ['__proto__', 1],
    ]);
    expect(tally.get('never')).toBe(0);
  });

  test.each([
    [63, 0],
    [64, 0],
    [65, 1],
  ])('of %i names %i are counted as other', (names, others) => {
    const tally = new Tally();
    for (let count = 0; count < names; count += 1) tally.add(`name-${count}`);
    expect(tally.get('other')).toBe(others);
    tally.add('name-0');
    expect(tally.get('name-0')).toBe(2);
  });
});
