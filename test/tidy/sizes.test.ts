import { describe, expect, test } from 'vitest';

import { checkFunctions, checkLines } from './size-rules.ts';
import { isTestFile, sourceFiles } from './source-file.ts';

function planted(text: string): { path: string; text: string } {
  return { path: 'src/base/planted.ts', text };
}

/** A function of `lines` lines. */
function functionOf(lines: number): string {
  return `function long() {\n${'  run();\n'.repeat(lines - 2)}}\n`;
}

describe('sizes', () => {
  test('files have at most 400 lines of at most 100 characters', () => {
    expect(sourceFiles().flatMap(checkLines)).toEqual([]);
  });

  test('functions outside of tests have at most 70 lines and 3 parameters', () => {
    const files = sourceFiles().filter((file) => !isTestFile(file.path));
    expect(files.flatMap(checkFunctions)).toEqual([]);
  });

  test('a planted file, line, function or parameter list one too long is seen', () => {
    expect(checkLines(planted('a();\n'.repeat(400)))).toEqual([]);
    expect(checkLines(planted('a();\n'.repeat(401)))).toHaveLength(1);
    expect(checkLines(planted(`// ${'x'.repeat(97)}`))).toEqual([]);
    expect(checkLines(planted(`// ${'x'.repeat(98)}`))).toHaveLength(1);
    expect(checkFunctions(planted(functionOf(70)))).toEqual([]);
    expect(checkFunctions(planted(functionOf(71)))).toEqual([
      'src/base/planted.ts:1: long has 71 lines',
    ]);
    expect(checkFunctions(planted(`const f = (a, b, c) => a;`))).toEqual([]);
    expect(checkFunctions(planted(`class A { f(a, b, c, d) {} }`))).toEqual([
      'src/base/planted.ts:1: f has 4 parameters',
    ]);
  });

  test('a long import, test name or address is no long line', () => {
    expect(checkLines(planted(`test('${'x'.repeat(100)}', () => {`))).toEqual([]);
    expect(checkLines(planted(`import { ${'x'.repeat(100)} } from './x.ts';`))).toEqual([]);
    expect(checkLines(planted(`// https://example.org/${'x'.repeat(100)}`))).toEqual([]);
  });
});
