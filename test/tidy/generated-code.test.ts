import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { REPOSITORY_ROOT } from './source-file.ts';

const GENERATED = 'src/protocol/generated';

/** Path and text of every file below, in order. */
function readTree(folder: string): [string, string][] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

test('generated code is what the schema says', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-generated-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const tools = join(REPOSITORY_ROOT, 'node_modules', '.bin');
  await promisify(execFile)(join(tools, 'buf'), ['generate', '--output', folder], {
    cwd: REPOSITORY_ROOT,
    env: { ...process.env, PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  const expected = readTree(join(folder, GENERATED));
  expect(expected.length).toBeGreaterThan(0);
  expect(readTree(join(REPOSITORY_ROOT, GENERATED)), 'run npm run generate').toEqual(expected);
});
