/**
 * The checks of prediction find every bug that was planted in it, and nothing in the build as it
 * is. Repeatable: fixed seeds.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { expect, test } from 'vitest';

import { createMutantCopy, patch } from '../../scripts/mutants/apply-patches.ts';
import { ALL_MUTANTS } from '../mutants/all-mutants.ts';
import { PREDICTION_MUTANTS } from '../mutants/prediction-mutants.ts';
import { forgetMaps } from '../support/forget-maps.ts';
import { checkShots, checkWalk, loadPredictionBuild } from '../support/prediction-checks.ts';
import { checkOthers } from '../support/remote-checks.ts';
import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const DIST = join(REPOSITORY_ROOT, 'dist');

async function findings(dist: string): Promise<readonly string[]> {
  const build = await loadPredictionBuild(pathToFileURL(`${dist}/`));
  return [...(await checkWalk(build)), ...(await checkShots(build)), ...(await checkOthers(build))];
}

test('planted bugs of prediction have names of their own, a mistake and a rule', () => {
  const names = [...ALL_MUTANTS, ...PREDICTION_MUTANTS].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { mistake, rule } of PREDICTION_MUTANTS) {
    expect(mistake).toMatch(/^Who .+\.$/);
    expect(rule).not.toBe('');
  }
});

test('there are none in the build as it is', async () => {
  expect(await findings(DIST)).toEqual([]);
});

test.each(PREDICTION_MUTANTS)('$name is found', async (mutant) => {
  const text = await readFile(join(DIST, mutant.file), 'utf8');
  expect(patch(text, mutant)).not.toBe(text);
  const { directory, dispose } = await createMutantCopy(mutant);
  try {
    await forgetMaps(directory);
    expect(await findings(directory)).not.toEqual([]);
  } finally {
    dispose();
  }
});
