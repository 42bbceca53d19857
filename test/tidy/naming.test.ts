import { describe, expect, test } from 'vitest';

import {
  checkEntry,
  checkExports,
  checkHeader,
  checkName,
  checkTestNames,
} from './naming-rules.ts';
import { isTestFile, readText, sourceFiles } from './source-file.ts';

const sources = sourceFiles('src').filter((file) => !isTestFile(file.path));

/** Every file in src/ that package.json hands out, as `src/…`. */
function exportedSources(): string[] {
  const { exports } = JSON.parse(readText('package.json')) as { exports: unknown };
  return [...JSON.stringify(exports).matchAll(/"\.\/(src\/[^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

function planted(text: string): { path: string; text: string } {
  return { path: 'src/base/planted.ts', text };
}

describe('naming', () => {
  test('files are kebab-case and their names say something', () => {
    expect(sourceFiles().flatMap((file) => checkName(file.path))).toEqual([]);
  });

  test('index.ts exists only where package.json exports it', () => {
    expect(sources.flatMap((file) => checkEntry(file.path, exportedSources()))).toEqual([]);
  });

  test('each source file begins with a header comment', () => {
    expect(sources.flatMap(checkHeader)).toEqual([]);
  });

  test('src has no default export, export *, enum, namespace or private member', () => {
    expect(sources.flatMap(checkExports)).toEqual([]);
  });

  test('names of tests claim something', () => {
    const tests = sourceFiles().filter((file) => file.path.endsWith('.test.ts'));
    expect(tests.length).toBeGreaterThan(10);
    expect(tests.flatMap(checkTestNames)).toEqual([]);
    expect(checkTestNames(planted(`test('it should hold', () => {});`))).toHaveLength(1);
    expect(checkTestNames(planted(`test('it holds', () => {});`))).toEqual([]);
  });

  test.each(['src/base/ringBuffer.ts', 'src/base/Ring.ts', 'src/base/ring_buffer.ts'])(
    'a planted %s is not kebab-case',
    (path) => {
      expect(checkName(path)).toHaveLength(1);
    },
  );

  test.each(['utils.ts', 'helpers.test.ts', 'common.ts', 'types.ts'])(
    'a planted %s says nothing',
    (name) => {
      expect(checkName(`src/base/${name}`)).toHaveLength(1);
    },
  );

  test('a planted index.ts that is no entry is seen', () => {
    expect(checkEntry('src/base/index.ts', ['src/server/index.ts'])).toHaveLength(1);
    expect(checkEntry('src/server/index.ts', ['src/server/index.ts'])).toEqual([]);
  });

  test.each([
    `export const a = 1;`,
    `// only a line\nexport const a = 1;`,
    `import { b } from './b.ts';\n/** Too late. */\nexport const a = b;`,
    `/* not a docstring */\nexport const a = 1;`,
    `/**\n${' * long\n'.repeat(11)} */\nexport const a = 1;`,
  ])('a planted file without a proper header is seen: %j', (text) => {
    expect(checkHeader(planted(text))).toHaveLength(1);
  });

  test('a header is found, also below #!', () => {
    expect(checkHeader(planted(`#!/usr/bin/env node\n/** What this is. */\nrun();`))).toEqual([]);
  });

  test.each([
    `export default 1;`,
    `const a = 1; export { a as default };`,
    `export * from './b.ts';`,
    `export * as b from './b.ts';`,
    `enum A { B }`,
    `namespace A { export const b = 1; }`,
    `class A { private b = 1; }`,
    `class A { protected b() {} }`,
    `class A { constructor(readonly b: number, public c: number) {} }`,
  ])('a planted %s is seen', (text) => {
    expect(checkExports(planted(text))).toHaveLength(1);
  });
});
