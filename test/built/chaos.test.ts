/** The chaos commands, on the built package with real processes: a few kills, a few contests. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const run = promisify(execFile);
const TIME_MS_MAX = 180_000;
const SCRIPT = join(REPOSITORY_ROOT, 'scripts/chaos/dist/main.js');

/** What the command says, and its exit code. */
async function chaos(...args: string[]) {
  try {
    const { stdout, stderr } = await run(process.execPath, [SCRIPT, ...args]);
    return { stdout, stderr, code: 0 };
  } catch (error) {
    return error as { readonly stdout: string; readonly stderr: string; readonly code: number };
  }
}

function lineOf(stdout: string): Record<string, number> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, number>;
}

describe('npm run chaos', () => {
  test(
    'kills a server under load in every phase, and nobody loses anything',
    async () => {
      const { stdout, stderr, code } = await chaos(
        '--cycles',
        '7',
        '--clients',
        '8',
        '--play-ms',
        '200',
        '--json',
      );
      expect(code, stderr).toBe(0);
      const { killsInLogin, killsInResume, killsInCheckpoint, ...summary } = lineOf(stdout);
      const { processStartP50Ms, resumeP50Ms, resumeP99Ms, ticksLostMax, ...counts } = summary;
      expect(counts).toEqual({
        cycles: 7,
        sessionsLost: 0,
        doubled: 0,
        wrongEntity: 0,
        stateMismatches: 0,
        inputsAppliedTwice: 0,
        reliableOutcomesLost: 0,
        epochRegressions: 0,
      });
      // A kill may miss its phase; the campaign tries again, this slice is short.
      expect(killsInLogin! + killsInResume! + killsInCheckpoint!, stderr).toBeGreaterThan(0);
      expect(processStartP50Ms).toBeGreaterThan(0);
      expect(resumeP50Ms).toBeGreaterThan(processStartP50Ms!);
      expect(resumeP99Ms).toBeGreaterThanOrEqual(resumeP50Ms!);
      expect(ticksLostMax).toBeGreaterThanOrEqual(0);
      expect(stderr).toContain('sessions per address');
    },
    TIME_MS_MAX,
  );

  test(
    'contests for a seat have one winner each',
    async () => {
      const { stdout, stderr, code } = await chaos('--takeovers', '9', '--json');
      expect(code, stderr).toBe(0);
      const { p50Ms, p99Ms, ...counts } = lineOf(stdout);
      expect(counts).toEqual({ takeovers: 9, moreThanOneWinner: 0, noWinner: 0 });
      expect(p99Ms).toBeGreaterThanOrEqual(p50Ms!);
    },
    TIME_MS_MAX,
  );

  test.each([
    [['--cycles', '0'], '--cycles is a whole number of at least 1'],
    [['--cycles', '1', '--takeovers', '1'], 'say one of --cycles and --takeovers'],
    [['--cycles', '1', '--journal', 'never'], '--journal is ahead or behind'],
  ])('%j is a wrong call', async (args, words) => {
    const { stderr, code } = await chaos(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
