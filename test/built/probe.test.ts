/** The command of the probes on the built package: its line of JSON, its goals, its exit code. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const run = promisify(execFile);
/** The slices and their warm-ups, on a busy machine. */
const TIME_MS_MAX = 90_000;
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

interface Rewind {
  readonly rows: readonly object[];
  readonly hitsOlderThan200Ms: number;
  readonly hitsThroughCover: number;
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

  test(
    'a slice of prediction measures starts, corrections, jumps and losses',
    async () => {
      const { stdout, stderr } = await probe('prediction', '--json', '--seconds', '5');
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      const result = JSON.parse(stdout) as Readonly<Record<string, number>>;
      expect(Object.keys(result)).toEqual([
        'firstFrameMsP99',
        'correctionP99Units',
        'remoteJumpMaxRatio',
        'inputsLostRatio',
      ]);
      expect(stderr).toMatch(/\d\d starts/);
      // How soon a frame comes is the machine's matter; that all are measured is ours.
      expect(result['firstFrameMsP99']).toBeGreaterThan(0);
      expect(result['remoteJumpMaxRatio']).toBeGreaterThan(0.5);
      expect(result['inputsLostRatio']).toBeLessThan(0.5);
    },
    TIME_MS_MAX,
  );

  test(
    'a slice of rewind shoots at four round trips, and nothing old or covered is hit',
    async () => {
      const { stdout } = await probe('rewind', '--json', '--seconds', '2');
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      const { rows, ...hits } = JSON.parse(stdout) as Rewind;
      expect(hits).toEqual({ hitsOlderThan200Ms: 0, hitsThroughCover: 0 });
      expect(rows).toEqual(
        [50, 100, 150, 250].map((rttMs) => ({
          rttMs,
          hitRateRewindOn: expect.any(Number) as unknown,
          hitRateRewindOff: expect.any(Number) as unknown,
        })),
      );
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
