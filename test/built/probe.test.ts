/** The command of the probes on the built package: its line of JSON, its goals, its exit code. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const run = promisify(execFile);
/** The slice and its warm-up. */
const TIME_MS_MAX = 40_000;
const SLICE_SECONDS = 5;

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

async function probe(...args: string[]): Promise<Answer> {
  const command = ['--import', 'tsx', 'scripts/probe.ts', ...args];
  try {
    const { stdout, stderr } = await run(process.execPath, command, { cwd: REPOSITORY_ROOT });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    return error as Answer;
  }
}

interface FairPlay {
  readonly cheats: Readonly<Record<string, { readonly excessTicks: number }>>;
  readonly honestInputsLostRatio: number;
}

describe('npm run probe', () => {
  test(
    'a slice of fairplay says in one line what cheats gain, and it is nothing',
    async () => {
      const { stdout, stderr, code } = await probe(
        'fairplay',
        '--json',
        '--seconds',
        String(SLICE_SECONDS),
      );
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      const { cheats, honestInputsLostRatio } = JSON.parse(stdout) as FairPlay;
      expect(Object.keys(JSON.parse(stdout) as object)).toEqual([
        'cheats',
        'honestInputsLostRatio',
      ]);
      expect(Object.keys(cheats)).toEqual([
        'flood10x',
        'lagSwitch3s',
        'burst900ms',
        'fastClock5pct',
        'tickJump',
        'teleportClaim',
      ]);
      for (const { excessTicks } of Object.values(cheats)) {
        expect(excessTicks).toBeLessThanOrEqual(2);
      }
      expect(stderr).not.toMatch(/no reference|hardly moved|gained/);
      expect(stderr).toContain('checks and limits: all defaults');
      // A hundred inputs can't show a thousandth: the goal itself is the whole probe's.
      expect(honestInputsLostRatio).toBeLessThan(0.03);
      expect(code).toBe(honestInputsLostRatio <= 0.001 ? 0 : 1);
    },
    TIME_MS_MAX,
  );

  test.each([[['nonsense']], [[]], [['fairplay', '--seconds', '0']], [['fairplay', '--loud']]])(
    'a wrong call ends with 2 and says what is wrong: %j',
    async (args) => {
      const { stdout, stderr, code } = await probe(...args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).not.toBe('');
    },
  );
});
