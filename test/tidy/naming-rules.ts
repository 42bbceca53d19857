/** How files are named, what they may export and how they begin; and the check that looks. */
import { posix } from 'node:path';

import type { SourceFile } from './source-file.ts';
import { child, constantText, parseSource, text, violation, walk } from './syntax-tree.ts';
import type { SyntaxNode, Violation } from './syntax-tree.ts';

const KEBAB_CASE = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(ts|tsx)$/;
/** Names that say nothing: a thing lives beside the code that owns it. */
const EMPTY_NAMES = /^(utils?|helpers?|common|types|misc|shared|stuff|lib)\./;
const HEADER_LINES_MAX = 12;
/** A test's name says what is true; these words say what somebody hopes. */
const EMPTY_CLAIMS = /\b(should|works|correctly|properly)\b/i;

export function checkName(path: string): Violation[] {
  const name = posix.basename(path);
  const found: Violation[] = [];
  if (!KEBAB_CASE.test(name)) found.push(`${path}: the name is not kebab-case`);
  if (EMPTY_NAMES.test(name)) found.push(`${path}: the name says nothing`);
  return found;
}

/** `index.ts` is the entry of a sub-path; `entries` are those that package.json exports. */
export function checkEntry(path: string, entries: readonly string[]): Violation[] {
  if (!/\/index(\.[a-z]+)?\.ts$/.test(path) || entries.includes(path)) return [];
  return [`${path}: index.ts is for the entries that package.json exports`];
}

/** A source file begins by saying what it is. */
export function checkHeader(file: SourceFile): Violation[] {
  const { program, comments } = parseSource(file);
  const first = comments[0];
  const firstStatement = (program['body'] as readonly SyntaxNode[])[0];
  const begin = /^(#!.*\n)?\s*/.exec(file.text)?.[0].length ?? 0;
  if (first?.type !== 'Block' || !file.text.startsWith('/**', first.start)) {
    return [`${file.path}: no header comment`];
  }
  if (first.start !== begin || (firstStatement !== undefined && first.end > firstStatement.start)) {
    return [`${file.path}: the header comment does not come first`];
  }
  const lines = file.text.slice(first.start, first.end).split('\n').length;
  return lines > HEADER_LINES_MAX ? [`${file.path}: the header comment has ${lines} lines`] : [];
}

export function checkExports(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  walk(parseSource(file).program, (node) => {
    const problem = exportProblem(node);
    if (problem !== undefined) found.push(violation(file, node, problem));
  });
  return found;
}

function exportProblem(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ExportDefaultDeclaration':
    case 'TSExportAssignment':
      return 'a default export';
    case 'ExportSpecifier':
      return text(child(node, 'exported'), 'name') === 'default' ? 'a default export' : undefined;
    case 'ExportAllDeclaration':
      return 'export *';
    case 'TSEnumDeclaration':
      return 'an enum';
    case 'TSModuleDeclaration':
      return 'a namespace';
    case 'PropertyDefinition':
    case 'MethodDefinition':
    case 'TSParameterProperty':
      return typeof node['accessibility'] === 'string'
        ? `${node['accessibility']} instead of #: it holds in types only`
        : undefined;
    default:
      return undefined;
  }
}

/** The names of tests are truths in the present tense. */
export function checkTestNames(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  walk(parseSource(file).program, (node) => {
    const callee = node.type === 'CallExpression' ? child(node, 'callee') : undefined;
    if (!/^(test|it|describe)$/.test(text(callee, 'name') ?? '')) return;
    const name = constantText((node['arguments'] as readonly SyntaxNode[])[0]) ?? '';
    if (EMPTY_CLAIMS.test(name)) found.push(violation(file, node, `"${name}" claims nothing`));
  });
  return found;
}
