/**
 * docs/ERRORS.md and the tables of codes in the source are the same, both ways, and every code of
 * the tables is used. A code is used where it stands as a string outside of the tables; a word that
 * several tables share is taken as used by each of them.
 */
import { describe, expect, test } from 'vitest';
import {
  CLOSE_CODES,
  DECODE_REJECTION_CODES,
  INPUT_REJECTION_CODES,
  LOGIN_REJECTION_CODES,
} from '../../src/protocol/codes.ts';
import { ERROR_CODES } from '../../src/protocol/holdfast-error.ts';
import { readTable } from './markdown-table.ts';
import { listFiles, readText } from './source-file.ts';

type CodeTable = Readonly<Record<string, { readonly retryable: boolean }>> | readonly string[];

const TABLES: Readonly<Record<string, CodeTable>> = {
  'HoldfastError codes': ERROR_CODES,
  'Close codes': CLOSE_CODES,
  'Login rejection codes': LOGIN_REJECTION_CODES,
  'Input rejection codes': INPUT_REJECTION_CODES,
  'Decode rejection codes': DECODE_REJECTION_CODES,
};

/** Where codes and causes are listed, not used. */
const LISTS = [
  'src/protocol/codes.ts',
  'src/protocol/holdfast-error.ts',
  'src/session/session-cause.ts',
];

/** Rows as the document has to have them: code, and yes or no where the table says so. */
function expectedRows(table: CodeTable): string[][] {
  if (Array.isArray(table)) return table.map((code: string) => [code]);
  return Object.entries(table).map(([code, { retryable }]) => [code, retryable ? 'yes' : 'no']);
}

function findUnused(codes: readonly string[], sources: readonly string[]): string[] {
  const literals = new Set<string>();
  for (const source of sources) {
    for (const [, literal = ''] of source.matchAll(/'([a-z][a-z-]*)'/g)) literals.add(literal);
  }
  return codes.filter((code) => !literals.has(code));
}

/** Comments are no use. */
function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

const DOCUMENT = readText('docs/ERRORS.md');

describe.each(Object.entries(TABLES))('%s', (heading, table) => {
  const rows = readTable(DOCUMENT, heading);
  const expected = expectedRows(table);

  test('stand in docs/ERRORS.md, none missing, none too many, retryable equal', () => {
    const width = expected[0]?.length;
    expect(rows.map((row) => row.slice(0, width))).toEqual(expected);
  });

  test('are explained, each with what to do', () => {
    for (const row of rows) {
      expect(row).toHaveLength((expected[0]?.length ?? 0) + 2);
      for (const cell of row) expect(cell, `a cell of ${row[0]}`).not.toBe('');
    }
  });

  test('are used in the source', () => {
    const files = listFiles('src', /(?<!\.test|\.test-d)\.ts$/);
    const sources = files.filter((path) => !LISTS.includes(path)).map(readText);
    const codes = expected.map(([code = '']) => code);
    expect(findUnused(codes, sources.map(withoutComments)), 'codes that nobody uses').toEqual([]);
  });
});

describe('the check itself', () => {
  test('finds a code that is nowhere, and one that is only in a comment', () => {
    const sources = [`close('left'); // 'slow'`, `/** \`'draining'\` */ throw no('port-in-use')`];
    const codes = ['left', 'slow', 'draining', 'port-in-use', 'evicted'];
    const unused = findUnused(codes, sources.map(withoutComments));
    expect(unused).toEqual(['slow', 'draining', 'evicted']);
  });
});
