import { describe, expect, test } from 'vitest';

import { judgeWindow } from './window-judge.ts';

const BOUND = { disturbanceCoresMax: 0.03, generatorCoresMax: 0.9 };
const QUIET = { foreignCores: 0, stealCores: 0, generatorCores: 0.5 };

describe('judgeWindow', () => {
  test('believes a window at the bounds', () => {
    const use = { foreignCores: 0.03, stealCores: 0.03, generatorCores: 0.9 };
    expect(judgeWindow(use, BOUND)).toEqual([]);
  });

  test('names others who used the machine', () => {
    const found = judgeWindow({ ...QUIET, foreignCores: 0.031 }, BOUND);
    expect(found).toEqual(['others used 3.1 % of a core']);
  });

  test('names what the hypervisor took', () => {
    const found = judgeWindow({ ...QUIET, stealCores: 0.1 }, BOUND);
    expect(found).toEqual(['the hypervisor took 10.0 % of a core']);
  });

  test('names a generator that is the bottleneck itself', () => {
    const found = judgeWindow({ ...QUIET, generatorCores: 0.95 }, BOUND);
    expect(found).toEqual(['the generator used 95.0 % of its core']);
  });

  test('names all of it at once', () => {
    const use = { foreignCores: 1, stealCores: 1, generatorCores: 1 };
    expect(judgeWindow(use, BOUND)).toHaveLength(3);
  });
});
