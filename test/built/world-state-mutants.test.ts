/**
 * The checks of restored worlds find every bug that was planted in them, and nothing in the build
 * as it is. Repeatable: fixed seeds.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createMutantCopy, patch } from '../../scripts/mutants/apply-patches.ts';
import { ALL_MUTANTS } from '../mutants/all-mutants.ts';
import { WORLD_STATE_MUTANTS } from '../mutants/world-state-mutants.ts';
import { forgetMaps } from '../support/forget-maps.ts';
import {
  checkDamaged,
  checkElsewhere,
  checkRestored,
  damage,
  historyCase,
} from '../support/world-history-checks.ts';
import { loadWorldBuild, type WorldBuild } from '../support/world-history.ts';
import { REPOSITORY_ROOT } from '../tidy/source-file.ts';

const DIST = join(REPOSITORY_ROOT, 'dist');
const RUNS = { numRuns: 100, seed: 7, endOnFailure: true };

/** The names of the checks that find something. */
function findings(build: WorldBuild): string[] {
  const checks = {
    restored: () =>
      fc.check(
        fc.property(historyCase, (each) => checkRestored(build, each)),
        RUNS,
      ),
    elsewhere: () =>
      fc.check(
        fc.property(historyCase, (each) => checkElsewhere(build, each)),
        RUNS,
      ),
    damaged: () =>
      fc.check(
        fc.property(historyCase, damage, (each, change) => checkDamaged(build, each, change)),
        RUNS,
      ),
  };
  return Object.entries(checks).flatMap(([name, check]) => (check().failed ? [name] : []));
}

function load(dist: string): Promise<WorldBuild> {
  return loadWorldBuild(pathToFileURL(`${dist}/`), 'js');
}

describe('planted bugs of restored worlds', () => {
  test('are under names of their own, each with a mistake and a rule', () => {
    const names = [...ALL_MUTANTS, ...WORLD_STATE_MUTANTS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, mistake, rule } of WORLD_STATE_MUTANTS) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(mistake).toMatch(/^Who .+\.$/);
      expect(rule).not.toBe('');
    }
  });

  test.each(WORLD_STATE_MUTANTS)('$name applies to the present build', async (mutant) => {
    const text = await readFile(join(DIST, mutant.file), 'utf8');
    expect(patch(text, mutant)).not.toBe(text);
  });

  test('are not in the build as it is', async () => {
    expect(findings(await load(DIST))).toEqual([]);
  });

  test.each(WORLD_STATE_MUTANTS)('$name is found', async (mutant) => {
    const { directory, dispose } = await createMutantCopy(mutant);
    try {
      await forgetMaps(directory);
      expect(findings(await load(directory))).not.toEqual([]);
    } finally {
      dispose();
    }
  });
});
