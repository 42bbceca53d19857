import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INPUT_REJECTION_CODES } from '../protocol/codes.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Names of tests; a template's `%s` is filled from a table of codes. */
const TEST_NAME = /\bit(?:\.each\([\s\S]*?\))?\(\s*'((?:[^'\\]|\\.)*)'/g;

/** The names of all tests that ask for a verdict. */
function testNames(): string[] {
  const files = ['src/authority', 'test/integration'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => join(ROOT, folder, file)),
  );
  return files
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(TEST_NAME)])
    .map(([, name = '']) => name);
}

function isTested(code: string, names: readonly string[]): boolean {
  const phrase = new RegExp(`rejected with ${code}(?![\\w-])`);
  return names.some((name) => phrase.test(name));
}

describe('every rejection code', () => {
  const names = testNames();

  it.each(INPUT_REJECTION_CODES)('%s has a test that says so in its name', (code) => {
    expect(isTested(code, names)).toBe(true);
  });

  it('is looked for in a way that can fail', () => {
    expect(isTested('no-such-code', names)).toBe(false);
    expect(isTested('target', names)).toBe(false);
  });
});
