/** The campaign's command, on the built package: its line of JSON, its canary, a planted bug. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { runMutants } from '../../scripts/simulate/mutant-run.ts';
import { ALL_MUTANTS } from '../mutants/all-mutants.ts';
import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const run = promisify(execFile);
const TIME_MS_MAX = 180_000;

/** What the command says, and its exit code. */
async function simulate(...args: string[]) {
  const command = ['--import', 'tsx', 'scripts/simulate.ts', ...args];
  try {
    const { stdout, stderr } = await run(process.execPath, command, { cwd: REPOSITORY_ROOT });
    return { stdout, stderr, code: 0 };
  } catch (error) {
    return error as { readonly stdout: string; readonly stderr: string; readonly code: number };
  }
}

describe('npm run simulate', () => {
  test(
    'counts seeds, finds no mismatch, and sees the planted coupling',
    async () => {
      const { stdout, stderr, code } = await simulate('--seeds', '2', '--json');
      expect(code, stderr).toBe(0);
      const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<
        string,
        number
      >;
      expect(summary).toMatchObject({ seeds: 2, mismatches: 0, replayMismatches: 0, crashes: 0 });
      for (const key of [
        'seedsPerHour',
        'virtualHours',
        'speedup',
        'events',
        'pairsCompared',
        'bytesCompared',
        'acceptedInputs',
        'hits',
        'canaryMismatches',
      ]) {
        expect(summary[key], key).toBeGreaterThan(0);
      }
      expect(Object.keys(summary['faults'] ?? {})).toContain('loss');
      expect(Object.keys(summary['coverage'] ?? {})).toContain('login-pending × login-succeeded');
    },
    TIME_MS_MAX,
  );

  test('says what is wrong with a wrong call', async () => {
    const { code, stderr } = await simulate('--seeds', 'many');
    expect(code).toBe(2);
    expect(stderr).toContain("--seeds is a whole number of at least 1, not 'many'");
  });

  test(
    'kills a planted bug by an oracle',
    async () => {
      const mutants = ALL_MUTANTS.filter(({ name }) => name === 'shared-encode-buffer');
      const summary = await runMutants({
        directory: 'dist',
        firstSeed: 1,
        workers: 1,
        mutants,
        seedsMax: 3,
        onOutcome: ({ reason }) => expect(reason).toMatch(/^O\d/),
      });
      expect(summary).toMatchObject({ total: 1, killed: 1, survivors: [] });
    },
    TIME_MS_MAX,
  );
});
