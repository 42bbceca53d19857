/** The planted bugs are what their list says, and each of them applies to the present build. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { createMutantCopy, patch } from '../../scripts/mutants/apply-patches.ts';
import { ALL_MUTANTS } from '../mutants/all-mutants.ts';
import { DEFENDED_TWICE_MUTANTS } from '../mutants/session-return-mutants.ts';
import type { Mutant } from '../mutants/mutant.ts';
import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const DIST = join(REPOSITORY_ROOT, 'dist');

/** Takes `find` out of base/clock.js. */
function planted(find: string): Mutant {
  const replacements = [{ find, replace: '' }];
  return { name: 'planted', file: 'base/clock.js', replacements, mistake: '', rule: '' };
}

describe('mutants', () => {
  test('are at least 40, each under a name of its own, each with a mistake and a rule', () => {
    expect(ALL_MUTANTS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(ALL_MUTANTS.map(({ name }) => name)).size).toBe(ALL_MUTANTS.length);
    for (const { name, mistake, rule, replacements } of ALL_MUTANTS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(mistake).toMatch(/^Who .+\.$/);
      expect(rule).not.toBe('');
      expect(replacements.length).toBeGreaterThan(0);
    }
  });

  test.each([...ALL_MUTANTS, ...DEFENDED_TWICE_MUTANTS])(
    '$name applies to the present build',
    async (mutant) => {
      const text = await readFile(join(DIST, mutant.file), 'utf8');
      expect(patch(text, mutant)).not.toBe(text);
    },
  );

  test('a patch that applies never or twice is an error', () => {
    expect(() => patch('a b', planted('c'))).toThrow(/applies 0 times/);
    expect(() => patch('a b a', planted('a'))).toThrow(/applies 2 times/);
    expect(patch('a b', planted('a'))).toBe(' b');
  });

  test('a copy is patched and loads, dist stays as it is, and dispose leaves nothing', async () => {
    const mutant = ALL_MUTANTS[0]!;
    const before = await readFile(join(DIST, mutant.file), 'utf8');
    const { directory, dispose } = await createMutantCopy(mutant);
    expect(await readFile(join(directory, mutant.file), 'utf8')).toBe(patch(before, mutant));
    expect(await readFile(join(DIST, mutant.file), 'utf8')).toBe(before);
    dispose();
    dispose();
    await expect(access(directory)).rejects.toThrow('ENOENT');
  });

  test('a copy that does not parse is an error', async () => {
    await expect(createMutantCopy(planted('{'))).rejects.toThrow(/does not load/);
  });

  test('a copy that others cannot import from is an error', async () => {
    const mutant = planted('export ');
    await expect(createMutantCopy(mutant)).rejects.toThrow(/does not load/);
  });
});
