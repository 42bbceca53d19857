/** The checks of suspicions find every bug that was planted, and nothing in the build as it is. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, test } from 'vitest';

import { createMutantCopy, patch } from '../../scripts/mutants/apply-patches.ts';
import { ALL_MUTANTS } from '../mutants/all-mutants.ts';
import { SUSPICION_MUTANTS } from '../mutants/suspicion-mutants.ts';
import { forgetMaps } from '../support/forget-maps.ts';
import { loadHostBuild, suspicionFindings } from '../support/suspicion-checks.ts';
import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const DIST = join(REPOSITORY_ROOT, 'dist');

async function findingsOf(dist: string): Promise<string[]> {
  return suspicionFindings(await loadHostBuild(pathToFileURL(`${dist}/`), 'js'));
}

describe('planted bugs of suspicions', () => {
  test('are under names of their own, each with a mistake and a rule', () => {
    const names = [...ALL_MUTANTS, ...SUSPICION_MUTANTS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, mistake, rule } of SUSPICION_MUTANTS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(mistake).toMatch(/^Who .+\.$/);
      expect(rule).not.toBe('');
    }
  });

  test.each(SUSPICION_MUTANTS)('$name applies to the present build', async (mutant) => {
    const text = await readFile(join(DIST, mutant.file), 'utf8');
    expect(patch(text, mutant)).not.toBe(text);
  });

  test('are not in the build as it is', async () => {
    expect(await findingsOf(DIST)).toEqual([]);
  });

  test.each(SUSPICION_MUTANTS)('$name is found', async (mutant) => {
    const { directory, dispose } = await createMutantCopy(mutant);
    try {
      await forgetMaps(directory);
      expect(await findingsOf(directory)).not.toEqual([]);
    } finally {
      dispose();
    }
  });
});
