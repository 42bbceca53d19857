import { readdirSync, statSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { readCorpus } from '../../scripts/fuzz/corpus.ts';
import { Coverage } from '../../scripts/fuzz/coverage.ts';
import { FuzzEngine, executeOnce } from '../../scripts/fuzz/fuzz-engine.ts';
import { loadProduction } from '../../scripts/fuzz/production.ts';
import { createTargets } from '../../scripts/fuzz/targets/all-targets.ts';

const CORPUS_BYTES_MAX = 200_000;
const SLICE_MS = 200;

vi.setConfig({ testTimeout: 30_000 });

const production = await loadProduction(new URL('../../src/', import.meta.url), 'ts');
const targets = createTargets(production);
const seed = Number(process.env['FUZZ_SEED'] ?? randomInt(2 ** 31));
console.log(`fuzz campaign: replay with FUZZ_SEED=${seed}, longer with npm run fuzz`);

/** What the target's corpus reaches, in words. */
async function combinationsOf(name: string): Promise<string[]> {
  const target = targets.find((each) => each.name === name);
  const reached = new Coverage();
  if (target === undefined) return [];
  for (const { input } of readCorpus(name)) await executeOnce(target, input, reached);
  return reached.newKeys.map((key) => target.describe(key));
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : 1;
}

describe('the corpus', () => {
  test.each(targets)('of $name finds nothing', async (target) => {
    const entries = readCorpus(target.name);
    expect(entries).not.toEqual([]);
    for (const { combination, input } of entries) {
      const failure = await executeOnce(target, input);
      expect(failure, `${combination}: ${Buffer.from(input).toString('hex')}`).toBeUndefined();
    }
  });

  const decoders = targets.filter(({ isDecoder }) => isDecoder);
  test.each(decoders)('of $name reaches what its lines say', async (target) => {
    for (const { combination, input } of readCorpus(target.name)) {
      const reached = new Coverage();
      await executeOnce(target, input, reached);
      expect(reached.newKeys.map((key) => target.describe(key))).toContain(combination);
    }
  });

  test.each([
    ['sessions', 'server'],
    ['client-session', 'client'],
  ] as const)('of %s makes every move that is legal', async (name, side) => {
    const reached = await combinationsOf(name);
    const moves = reached.map((combination) => combination.split('/')[1]);
    const legal = production.SESSION_TRANSITIONS.filter((row) => row.side === side);
    expect(moves).toEqual(expect.arrayContaining(legal.map(({ from, to }) => `${from}→${to}`)));
  });

  test('of host resumes in every way that a resume may end', async () => {
    const reached = await combinationsOf('host');
    const ends = reached.filter((combination) => combination.startsWith('a resume is '));
    expect(ends.map((combination) => combination.slice(12)).toSorted(compareText)).toEqual([
      'continued',
      'refused',
      'restarted',
      'resynced',
    ]);
  });

  test('of world hears every code with which a world rejects', async () => {
    const reached = await combinationsOf('world');
    const codes = new Set(reached.map((combination) => combination.split('rejected/')[1]));
    const silent = production.INPUT_REJECTION_CODES.filter((code) => !codes.has(code));
    // Payloads are the host's matter, and no shipped authority throws.
    expect(silent).toEqual(['invalid-payload', 'internal-error']);
  });

  test('stays small', () => {
    const directory = join(import.meta.dirname, 'corpus');
    const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(CORPUS_BYTES_MAX);
  });

  test('has no file without a target', () => {
    const names = new Set(targets.map(({ name }) => `${name}.txt`));
    const files = readdirSync(join(import.meta.dirname, 'corpus'));
    expect(files.filter((file) => !names.has(file))).toEqual([]);
  });
});

describe('a slice of the campaign', () => {
  test.each(targets)('finds nothing in $name', async (target) => {
    const corpus = readCorpus(target.name).map(({ input }) => input);
    const engine = new FuzzEngine({ target, seed, corpus });
    const end = performance.now() + SLICE_MS;
    await engine.run(() => performance.now() < end);
    expect(engine.findings).toEqual([]);
    expect(engine.executions).toBeGreaterThan(0);
  });
});
