import { describe, expect, test } from 'vitest';

import {
  checkDecisionRecords,
  checkLineCitations,
  checkLinks,
  checkPaths,
  checkSourceCitations,
  documents,
} from './document-rules.ts';
import { isTestFile, listFiles, readText, sourceFiles } from './source-file.ts';
import type { SourceFile } from './source-file.ts';

function planted(text: string, path = 'docs/planted.md'): SourceFile {
  return { path, text };
}

function plantedRecord(text: string): SourceFile {
  return planted(text, 'docs/adr/0001-planted.md');
}

const RECORD = [
  '# 0001: A decision',
  '## Context',
  '## Decision',
  '## What we gave up',
  '## How we would notice that we were wrong',
].join('\n');

describe('documents', () => {
  test('cite symbols and paths, never line numbers', () => {
    expect(documents().length).toBeGreaterThan(5);
    expect(documents().flatMap(checkLineCitations)).toEqual([]);
  });

  test('link to files and headings that are there', () => {
    expect(documents().flatMap(checkLinks)).toEqual([]);
  });

  test('name paths that are in the tree', () => {
    expect(documents().flatMap(checkPaths)).toEqual([]);
  });

  test('that comments send the reader to are in the tree', () => {
    const files = sourceFiles().filter((file) => !isTestFile(file.path));
    expect(files.flatMap(checkSourceCitations)).toEqual([]);
    const comment = planted('/**\n * Bytes: docs/NOTHING.md, "A".\n */', 'src/a.ts');
    expect(checkSourceCitations(comment)).toHaveLength(1);
  });

  test('decision records are numbered, complete and at most 40 lines long', () => {
    const records = listFiles('docs/adr', /\.md$/).map((path) => ({ path, text: readText(path) }));
    expect(records.length).toBeGreaterThan(0);
    expect(checkDecisionRecords(records)).toEqual([]);
  });

  test.each(['see src/base/clock.ts:12', 'see clock.ts#L7', 'see line 12', 'Lines 3 to 7 say'])(
    'a planted citation is seen: %s',
    (text) => {
      expect(checkLineCitations(planted(text))).toHaveLength(1);
    },
  );

  test('code blocks are not searched for citations', () => {
    expect(checkLineCitations(planted('```\nat a.ts:12\n```\ntext'))).toEqual([]);
  });

  test.each(['[a](nowhere.md)', '[a](#no-such-heading)', '[a](../README.md#no-such-heading)'])(
    'a planted link is seen: %s',
    (text) => {
      expect(checkLinks(planted(text))).toHaveLength(1);
    },
  );

  test('links to a file, a heading and another site are fine', () => {
    const text =
      '# The one heading\n[a](../LICENSE) [b](#the-one-heading) [c](https://example.org)';
    expect(checkLinks(planted(text))).toEqual([]);
  });

  test.each(['`src/base/nothing.ts`', '`src/base/{clock,nothing}.ts`', '`src/nothing-*.ts`'])(
    'a planted path is seen: %s',
    (text) => {
      expect(checkPaths(planted(text))).toHaveLength(1);
    },
  );

  test('paths to files, folders and patterns are found', () => {
    const text = '`src/base/{clock,result}.ts` `src/base/` `src/base/*.ts` `src/**/clock.ts`';
    expect(checkPaths(planted(text))).toEqual([]);
  });

  test('planted faults of a decision record are seen', () => {
    expect(checkDecisionRecords([plantedRecord(RECORD)])).toEqual([]);
    expect(checkDecisionRecords([plantedRecord(RECORD.replace('0001', '0002'))])).toHaveLength(1);
    expect(checkDecisionRecords([plantedRecord(RECORD.replace('## Decision', ''))])).toHaveLength(
      1,
    );
    expect(checkDecisionRecords([plantedRecord(`${RECORD}${'\nx'.repeat(36)}`)])).toHaveLength(1);
    expect(checkDecisionRecords([planted(RECORD, 'docs/adr/0002-a.md')])).toHaveLength(1);
  });
});

describe('lock files', () => {
  test.each(['package-lock.json', 'bench/peers/package-lock.json'])(
    '%s names no registry',
    (path) => {
      expect(readText(path)).not.toMatch(/"resolved": "https?:/);
    },
  );
});
