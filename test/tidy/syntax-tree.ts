/**
 * Syntax trees for the tidy tests, made by oxc-parser. In: a source file. Out: its nodes, each with
 * its ancestors. Knows the shape of trees, no rule.
 */
import { parseSync, visitorKeys } from 'oxc-parser';

import type { SourceFile } from './source-file.ts';

/** A node as far as the rules look at it: a type, a place, and children by name. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** A broken rule, printed as `path:line: message`. */
export type Violation = string;

export function violation(file: SourceFile, node: SyntaxNode, message: string): Violation {
  return `${file.path}:${lineAt(file, node.start)}: ${message}`;
}

/** 1 for the first line. */
export function lineAt(file: SourceFile, offset: number): number {
  return file.text.slice(0, offset).split('\n').length;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** The child at `key`, when there is one. */
export function child(node: SyntaxNode | undefined, key: string): SyntaxNode | undefined {
  const value = node?.[key];
  return isNode(value) ? value : undefined;
}

/** The text at `key`, when it is one (names, values of literals). */
export function text(node: SyntaxNode | undefined, key: string): string | undefined {
  const value = node?.[key];
  return typeof value === 'string' ? value : undefined;
}

/** Text that is known without running: a string literal, or a template without expressions. */
export function constantText(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === 'Literal') return text(node, 'value');
  if (node?.type !== 'TemplateLiteral') return undefined;
  const quasis = node['quasis'] as readonly { readonly value: { readonly cooked: string } }[];
  return quasis.length === 1 ? quasis[0]?.value.cooked : undefined;
}

/** The name that a member access asks for; undefined when it is computed at run time. */
export function memberName(node: SyntaxNode): string | undefined {
  const property = child(node, 'property');
  return node['computed'] === true ? constantText(property) : text(property, 'name');
}

/** Parses, and throws where the file is not valid TypeScript. */
export function parseSource(file: SourceFile): {
  readonly program: SyntaxNode;
  readonly comments: readonly { readonly type: string; readonly start: number; end: number }[];
} {
  const result = parseSync(file.path, file.text);
  const problem = result.errors[0];
  if (problem !== undefined) throw new Error(`${file.path}: ${problem.message}`);
  return { program: result.program as unknown as SyntaxNode, comments: result.comments };
}

/** Visits every node from the outside in; `ancestors` ends with the parent. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
  ancestors: readonly SyntaxNode[] = [],
): void {
  visit(node, ancestors);
  const inner = [...ancestors, node];
  for (const key of visitorKeys[node.type] ?? []) {
    const value = node[key];
    for (const entry of Array.isArray(value) ? value : [value]) {
      if (isNode(entry)) walk(entry, visit, inner);
    }
  }
}
