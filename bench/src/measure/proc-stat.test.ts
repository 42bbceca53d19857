import { describe, expect, test } from 'vitest';

import { parseOpenFilesMax } from './open-files.ts';
import { parseCpuTimes, parseProcessSeconds, parseResidentBytes } from './proc-stat.ts';

describe('parseCpuTimes', () => {
  const text = [
    'cpu  300 100 200 5000 10 0 40 60 0 0',
    'cpu0 100 50 150 2500 5 1 30 20 0 0',
    'cpu1 200 50 50 2500 5 0 10 40 0 0',
    'intr 12345 1 2',
    'ctxt 99',
  ].join('\n');

  test('has an entry for each processor and none for their sum', () => {
    expect(parseCpuTimes(text)).toHaveLength(2);
  });

  test('counts user, nice and system as busy, interrupts and steal apart, in seconds', () => {
    expect(parseCpuTimes(text)[0]).toEqual({
      busySeconds: 3,
      interruptSeconds: 0.31,
      stealSeconds: 0.2,
    });
  });
});

describe('parseProcessSeconds', () => {
  const fields = 'S 1 2 3 0 -1 4194304 500 0 0 0 250 50 7 8 20 0 11 0 100 2000000 300';

  test('adds user and kernel time', () => {
    expect(parseProcessSeconds(`42 (node) ${fields}`)).toBe(3);
  });

  test('finds the fields behind a name with spaces and parentheses', () => {
    expect(parseProcessSeconds(`42 (a (b) 9 9) ${fields}`)).toBe(3);
  });
});

describe('parseResidentBytes', () => {
  test('reads kibibytes', () => {
    expect(parseResidentBytes('Name:\tnode\nVmRSS:\t   1000 kB\nThreads:\t1\n')).toBe(1_024_000);
  });

  test('is no number where there is none, as of a process that has ended', () => {
    expect(parseResidentBytes('Name:\tnode\nState:\tZ (zombie)\n')).toBeNaN();
  });
});

describe('parseOpenFilesMax', () => {
  test('is the hard limit', () => {
    const line = 'Max open files            1024                 20000                files     \n';
    expect(parseOpenFilesMax(`Limit\n${line}`)).toBe(20_000);
  });

  test('has no bound where there is none', () => {
    const line = 'Max open files            1024                 unlimited            files     \n';
    expect(parseOpenFilesMax(line)).toBe(Infinity);
  });
});
