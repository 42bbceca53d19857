/**
 * Where time, timers and chance may come from: the seams alone. Everything else gets them as Clock,
 * Scheduler and RandomSource, which is what lets a test move time by hand and replay every draw.
 * In: source files. Out: violations. Names are judged without scopes: a local that is called `Date`
 * counts as the global one. Promises and queueMicrotask are allowed: their order is deterministic.
 */
import type { SourceFile } from './source-file.ts';
import { child, constantText, memberName, parseSource, text } from './syntax-tree.ts';
import { violation, walk } from './syntax-tree.ts';
import type { SyntaxNode, Violation } from './syntax-tree.ts';

/** The files that make the real clock, timers and random bytes, and those that own sockets. */
export const SEAMS: readonly RegExp[] = [
  /^src\/host\/node-[a-z-]+\.ts$/,
  /^src\/client\/[a-z-]+-platform\.ts$/,
  /^src\/transport\/(websocket[a-z-]*|node-platform)\.ts$/,
  // Its promises settle in the real loop, and its trap replaces the real things.
  /^src\/simulator\/(settle-platform|real-time-trap)\.ts$/,
];

const GLOBALS = new Set([
  'Date',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'requestAnimationFrame',
  'requestIdleCallback',
]);

/** Globals that hold something banned: they may be asked for a harmless member, never renamed. */
const HOLDERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['Math', new Set(['random'])],
  ['process', new Set(['hrtime', 'uptime', 'nextTick'])],
  ['globalThis', GLOBALS],
  ['window', GLOBALS],
  ['self', GLOBALS],
  ['global', GLOBALS],
]);

/** Modules of Node, without `node:`; the names are banned, `*` = all of them. */
const MODULES: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['timers', new Set(['*'])],
  ['timers/promises', new Set(['*'])],
  ['perf_hooks', new Set(['*'])],
  ['process', new Set(['*'])],
  [
    'crypto',
    new Set([
      'randomBytes',
      'randomFill',
      'randomFillSync',
      'randomInt',
      'randomUUID',
      'getRandomValues',
      'webcrypto',
    ]),
  ],
]);

export function isSeam(path: string): boolean {
  // A seam's own test may look at the real thing as well.
  const subject = path.replace(/\.test\.ts$/, '.ts');
  return SEAMS.some((seam) => seam.test(subject));
}

export function checkBannedCalls(file: SourceFile): Violation[] {
  const found: Violation[] = [];
  walk(parseSource(file).program, (node, ancestors) => {
    const problem =
      node.type === 'Identifier' ? identifierProblem(node, ancestors.at(-1)) : moduleProblem(node);
    if (problem !== undefined) found.push(violation(file, node, problem));
  });
  return found;
}

function identifierProblem(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  const name = text(node, 'name') ?? '';
  if (parent === undefined || !isReference(node, parent)) return undefined;
  if (GLOBALS.has(name)) return `${name} is for the seams only`;
  const banned = HOLDERS.get(name);
  if (banned === undefined) return undefined;
  if (parent.type !== 'MemberExpression') return `${name} may not be renamed or taken apart`;
  const member = memberName(parent);
  if (member === undefined) return `${name} may not be asked for a computed member`;
  return banned.has(member) || HOLDERS.has(member)
    ? `${name}.${member} is for the seams only`
    : undefined;
}

/** False where the identifier only names a member, a key, a label, an import or a type. */
function isReference(node: SyntaxNode, parent: SyntaxNode): boolean {
  switch (parent.type) {
    case 'MemberExpression':
      return child(parent, 'object') === node || parent['computed'] === true;
    case 'Property':
    case 'PropertyDefinition':
    case 'MethodDefinition':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
      return child(parent, 'key') !== node || parent['computed'] === true;
    case 'ImportSpecifier':
    case 'ExportSpecifier':
    case 'LabeledStatement':
    case 'TSQualifiedName':
    case 'TSTypeQuery':
      return false;
    default:
      return true;
  }
}

function moduleProblem(node: SyntaxNode): string | undefined {
  const isDynamic = node.type === 'ImportExpression';
  if (!isDynamic && !/^(Import|ExportNamed|ExportAll)Declaration$/.test(node.type)) {
    return undefined;
  }
  const name = constantText(child(node, 'source'))?.replace(/^node:/, '');
  const banned = name === undefined ? undefined : MODULES.get(name);
  if (name === undefined || banned === undefined) return undefined;
  if (banned.has('*') || isDynamic || node.type === 'ExportAllDeclaration') {
    return `the module ${name} is for the seams only`;
  }
  for (const specifier of node['specifiers'] as readonly SyntaxNode[]) {
    const taken = child(specifier, 'imported') ?? child(specifier, 'local');
    const isNamed = /^(Import|Export)Specifier$/.test(specifier.type);
    const member = text(taken, 'name') ?? '';
    if (!isNamed || banned.has(member)) return `${member} of ${name} is for the seams only`;
  }
  return undefined;
}
