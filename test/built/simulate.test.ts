/** The campaign's command, on the built package: its line of JSON, its canary, a planted bug. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

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

/** Of the campaign's line of JSON, all of them. */
const KEYS = [
  'seeds',
  'seedsPerHour',
  'virtualHours',
  'speedup',
  'events',
  'pairsCompared',
  'bytesCompared',
  'mismatches',
  'faults',
  'coverage',
  'replayMismatches',
  'canaryMismatches',
  'acceptedInputs',
  'hits',
  'timeOuts',
  'takeovers',
];

function lastLineOf(stdout: string): Record<string, number> {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, number>;
}

describe('npm run simulate', () => {
  test(
    'counts seeds, finds no mismatch, and sees the planted coupling',
    async () => {
      const { stdout, stderr, code } = await simulate('--seeds', '2', '--json');
      expect(code, stderr).toBe(0);
      const summary = lastLineOf(stdout);
      expect(Object.keys(summary).toSorted()).toEqual(KEYS.toSorted());
      expect(summary).toMatchObject({ seeds: 2, mismatches: 0, replayMismatches: 0 });
      expect(stderr).toContain('limits of all peers together');
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
    'runs planted bugs by their names, and an oracle kills them',
    async () => {
      const only = ['--mutants', '--only', 'shared-encode-buffer', '--seeds', '3', '--json'];
      const { stdout, stderr } = await simulate(...only);
      expect(stderr).toMatch(/^shared-encode-buffer: killed by seed \d: \w/);
      expect(lastLineOf(stdout)).toMatchObject({ total: 1, killed: 1, survivors: [] });
      const unknown = await simulate('--mutants', '--only', 'no-such-bug');
      expect(unknown.stderr).toContain("there is no planted bug 'no-such-bug'");
      expect((await simulate('--seeds', '1', '--only', 'x')).code).toBe(2);
    },
    TIME_MS_MAX,
  );
});
