/** The command of the benches on the built package: a slice of each, its line of JSON. No peers. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const run = promisify(execFile);
const TIME_MS_MAX = 50_000;

async function bench(...args: string[]): Promise<Readonly<Record<string, unknown>>> {
  const command = ['--expose-gc', '--import', 'tsx', 'bench/src/main.ts', ...args, '--json'];
  const { stdout } = await run(process.execPath, command, { cwd: REPOSITORY_ROOT });
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0]!) as Record<string, unknown>;
}

const QUICK = ['--rounds', '1', '--repeats', '0'];

describe('npm run bench', () => {
  test(
    'a slice of the arena has every key, and everybody is in and moves',
    async () => {
      const slice = ['--only', 'ours', '--clients', '50', '--seconds', '2'];
      const result = await bench('arena', ...slice, ...QUICK);
      expect(Object.keys(result)).toEqual([
        'bench',
        'ours',
        'peers',
        'limits',
        'ratios',
        'tickRateHz',
        'goals',
        'disturbedWindows',
        'machine',
        'versions',
        'settings',
      ]);
      expect(Object.keys(result['ratios'] as object)).toEqual([
        'cpuToColyseus',
        'cpuToSocketIo',
        'cpuToPlainWs',
        'cpuToLimitC',
        'bytesToColyseus',
        'bytesToSocketIo',
        'latencyP50ToColyseus',
        'latencyP99ToColyseus',
        'rssToColyseus',
        'rssToPlainWs',
      ]);
      expect(result['ours']).toMatchObject({ entered: 50, lost: 0, windows: 1 });
      const { latencySamples } = result['ours'] as { latencySamples: number };
      expect(latencySamples).toBeGreaterThan(0);
      expect(result['settings']).toMatchObject({ servers: { ours: { checks: 'defaults' } } });
    },
    TIME_MS_MAX,
  );

  test(
    'sessions, join, idle and flood say what they measured',
    async () => {
      const sessions = await bench('sessions', '--sessions', '1000');
      expect(sessions['rows']).toEqual([
        expect.objectContaining({
          sessions: 1_000,
          activityNs: expect.any(Number) as number,
          evaluateNs: expect.any(Number) as number,
          bytesPerSession: expect.any(Number) as number,
          ratioToTimerRefresh: expect.any(Number) as number,
          ratioToLazyWheel: expect.any(Number) as number,
        }),
      ]);
      const join = await bench('join', '--clients', '50', ...QUICK);
      expect(join['rows']).toMatchObject({ ours: { lost: 0 } });
      const idle = await bench('idle', '--clients', '50', '--seconds', '1', ...QUICK);
      expect(idle).toMatchObject({ connections: 50, lost: 0 });
      const flood = await bench('flood', '--clients', '50', '--seconds', '1', ...QUICK);
      expect(flood['rows']).toMatchObject({ ours: { lost: 0 } });
    },
    2 * TIME_MS_MAX,
  );

  test('an option that makes no sense is refused by its name', async () => {
    await expect(bench('arena', '--only', 'nobody')).rejects.toThrow('--only nobody');
    await expect(bench('arena', '--clients', 'many')).rejects.toThrow('--clients is a whole');
  });
});
