import { describe, expect, test } from 'vitest';

import { arenaGoals, arenaRatios } from './arena-ratios.ts';
import { arenaRow } from './arena-row.ts';
import type { ArenaRow } from './arena-row.ts';
import type { ArenaWindow } from './measure-window.ts';
import { bestOf } from './run-windows.ts';

function windowWith(change: Partial<ArenaWindow>): ArenaWindow {
  return {
    cpuMsPerClientSecond: 1,
    bytesDownPerClientSecond: 1_000,
    bytesUpPerClientSecond: 400,
    inputsPerClientSecond: 20,
    latencyP50Ms: 50,
    latencyP99Ms: 100,
    eagerLatencyP50Ms: 25,
    eagerLatencyP99Ms: 50,
    latencySamples: 10,
    unseenTurns: 0,
    rssBytes: 1_000_000,
    rssBytesPerClient: 1_000,
    tickRateHz: 20,
    refusals: 0,
    entered: 50,
    lost: 0,
    foreignCores: 0,
    stealCores: 0,
    generatorCores: 0.1,
    disturbances: [],
    versions: {},
    serverSettings: {},
    ...change,
  };
}

function rowWith(change: Partial<ArenaWindow>): ArenaRow {
  return arenaRow('a server', [windowWith(change)]);
}

describe('arenaRow', () => {
  test('has medians with ranges, and sums of what went wrong', () => {
    const windows = [3, 1, 2].map((cpuMsPerClientSecond, lost) =>
      windowWith({ cpuMsPerClientSecond, lost, entered: 50 - lost }),
    );
    const row = arenaRow('a server', windows);
    expect(row.cpuMsPerClientSecond).toEqual({ median: 2, min: 1, max: 3 });
    expect(row).toMatchObject({ windows: 3, lost: 3, entered: 48 });
  });
});

describe('arenaRatios', () => {
  test('are ours to theirs', () => {
    const rows = new Map([
      ['ours', rowWith({ cpuMsPerClientSecond: 1 })],
      ['colyseus', rowWith({ cpuMsPerClientSecond: 2 })],
    ]);
    expect(arenaRatios(rows).cpuToColyseus).toBe(0.5);
  });

  test('of what was not there are no numbers, and their bars neither met nor missed', () => {
    const rows = new Map([['ours', rowWith({})]]);
    expect(arenaRatios(rows).cpuToColyseus).toBeNaN();
    const goal = arenaGoals(rows).find(({ name }) => name === 'cpuToColyseus');
    expect(goal?.met).toBeNull();
  });

  test('a bar that is missed says so', () => {
    const rows = new Map([['ours', rowWith({ tickRateHz: 19 })]]);
    expect(arenaGoals(rows).find(({ name }) => name === 'tickRateHz')?.met).toBe(false);
  });
});

describe('bestOf', () => {
  test('is the undisturbed attempt', () => {
    const good = windowWith({ foreignCores: 0.01 });
    const bad = windowWith({ foreignCores: 0.5, disturbances: ['others'] });
    expect(bestOf([bad, good])).toBe(good);
  });

  test('is the least disturbed one where all are', () => {
    const bad = windowWith({ foreignCores: 0.5, disturbances: ['others'] });
    const worse = windowWith({ foreignCores: 0.6, stealCores: 0.1, disturbances: ['others'] });
    expect(bestOf([worse, bad])).toBe(bad);
  });
});
