/** How long files, lines, functions and parameter lists may be, and the check that measures. */
import type { SourceFile } from './source-file.ts';
import { child, lineAt, parseSource, text, violation, walk } from './syntax-tree.ts';
import type { SyntaxNode, Violation } from './syntax-tree.ts';

const FILE_LINES_MAX = 400;
const LINE_LENGTH_MAX = 100;
const FUNCTION_LINES_MAX = 70;
const PARAMETERS_MAX = 3;

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);
/** What cannot be broken: an import or re-export, the name of a test, and an address. */
const UNBREAKABLE = /^\s*((import|export)\b.*\bfrom '|(test|describe)\()|https?:\/\//;

export function checkLines(file: SourceFile): Violation[] {
  const lines = file.text.replace(/\n$/, '').split('\n');
  const found: Violation[] = [];
  if (lines.length > FILE_LINES_MAX) {
    found.push(`${file.path}: ${lines.length} lines, ${FILE_LINES_MAX} are the limit`);
  }
  for (const [index, line] of lines.entries()) {
    if (line.length > LINE_LENGTH_MAX && !UNBREAKABLE.test(line)) {
      found.push(`${file.path}:${index + 1}: ${line.length} characters in one line`);
    }
  }
  return found;
}

export function checkFunctions(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  walk(parseSource(file).program, (node, ancestors) => {
    if (!FUNCTIONS.has(node.type)) return;
    const name = nameOf(node, ancestors.at(-1));
    const lines = lineAt(file, node.end) - lineAt(file, node.start) + 1;
    if (lines > FUNCTION_LINES_MAX) {
      found.push(violation(file, node, `${name} has ${lines} lines`));
    }
    const parameters = (node['params'] as readonly unknown[]).length;
    if (parameters > PARAMETERS_MAX) {
      found.push(violation(file, node, `${name} has ${parameters} parameters`));
    }
  });
  return found;
}

function nameOf(node: SyntaxNode, parent: SyntaxNode | undefined): string {
  const holder = child(node, 'id') ?? child(parent, 'key') ?? child(parent, 'id');
  return text(holder, 'name') ?? 'a function';
}
