/**
 * Who may import whom, as data, and the check that reads it. In: source files. Out: violations.
 * The table is the picture in docs/ARCHITECTURE.md; a room may also import what its imports may.
 */
import { posix } from 'node:path';

import type { SourceFile } from './source-file.ts';
import { child, constantText, parseSource, violation, walk } from './syntax-tree.ts';
import type { SyntaxNode, Violation } from './syntax-tree.ts';

interface RoomRules {
  /** Other rooms; theirs are included. */
  readonly rooms: readonly string[];
  /** Packages besides the room's own needs and those of its imports. */
  readonly packages: readonly string[];
  /** Files that may import `node:*`. */
  readonly node: 'none' | 'all' | RegExp;
  /** Whether `import()` may name a module that is only known at run time. */
  readonly isOpen?: true;
}

export const ROOMS: Readonly<Record<string, RoomRules>> = {
  base: { rooms: [], packages: [], node: 'none' },
  protocol: {
    rooms: ['base'],
    packages: ['@bufbuild/protobuf', '@standard-schema/spec'],
    node: 'none',
  },
  transport: { rooms: ['protocol'], packages: ['ws'], node: /\/websocket[^/]*\.ts$/ },
  session: { rooms: ['protocol'], packages: [], node: 'none' },
  authority: { rooms: ['session'], packages: [], node: 'none' },
  broadcast: { rooms: ['authority'], packages: [], node: 'none' },
  store: { rooms: ['session'], packages: ['lmdb'], node: /\/lmdb-[^/]*\.ts$/ },
  host: { rooms: ['transport', 'broadcast', 'store'], packages: [], node: 'all' },
  server: { rooms: ['host'], packages: [], node: 'all' },
  client: { rooms: ['transport', 'session'], packages: [], node: /\/index\.node\.ts$/ },
  // Everything that a simulation runs, and nothing of Node: it runs in browsers too.
  simulator: { rooms: ['host', 'client'], packages: [], node: 'none' },
  // The operator names a module with the configuration.
  cli: { rooms: ['server', 'client'], packages: [], node: 'all', isOpen: true },
};

/** The files of transport/ that a browser can load, and that the client may therefore import. */
const TRANSPORT_FILES_OF_CLIENT: readonly RegExp[] = [
  /^src\/transport\/(transport|websocket-client(-[a-z-]+)?)\.ts$/,
  /^src\/transport\/(condition-faults|conditioned-(client|options)|link-conditions)\.ts$/,
];

/** The sub-path entries of the package; one may hand on another's names. */
const ENTRY = /\/index(\.node)?\.ts$/;

/** `room` and every room that it may import. */
export function reachableRooms(room: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const next of ROOMS[name]?.rooms ?? []) visit(next);
  };
  visit(room);
  return reached;
}

/** Every module that a file names, static or not; `undefined` = computed at run time. */
export function importedModules(
  file: SourceFile,
): { readonly node: SyntaxNode; readonly module: string | undefined }[] {
  const found: { node: SyntaxNode; module: string | undefined }[] = [];
  walk(parseSource(file).program, (node) => {
    const source = moduleOf(node);
    if (source !== undefined) found.push({ node, module: constantText(source) });
  });
  return found;
}

function moduleOf(node: SyntaxNode): SyntaxNode | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return child(node, 'source');
    case 'TSExternalModuleReference':
      return child(node, 'expression');
    case 'CallExpression': {
      const callee = child(node, 'callee');
      if (callee?.type !== 'Identifier' || callee['name'] !== 'require') return undefined;
      return (node['arguments'] as readonly SyntaxNode[])[0];
    }
    default:
      return undefined;
  }
}

/** What is wrong with the imports of one file in src/. */
export function checkImports(file: SourceFile): Violation[] {
  return importedModules(file).flatMap(({ node, module }) => {
    const problem = problemOf(file.path, module);
    return problem === undefined ? [] : [violation(file, node, problem)];
  });
}

function problemOf(path: string, module: string | undefined): string | undefined {
  const room = path.split('/')[1] ?? '';
  const rules = ROOMS[room];
  if (rules === undefined) return `${room} is not a room; add it to the table with an ADR`;
  if (module === undefined) return rules.isOpen ? undefined : 'imports a computed module';
  if (module.startsWith('.')) return relativeProblem(path, room, module);
  if (module.startsWith('node:')) return nodeProblem(path, rules, module);
  const name = module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
  const packages = [...reachableRooms(room)].flatMap((each) => ROOMS[each]?.packages ?? []);
  return packages.includes(name) ? undefined : `${room} may not import the package ${name}`;
}

function relativeProblem(path: string, room: string, module: string): string | undefined {
  if (!module.endsWith('.ts')) return `${module} must be written with its extension .ts`;
  const target = posix.join(posix.dirname(path), module);
  if (!target.startsWith('src/')) return `${module} is outside of src/`;
  const targetRoom = target.split('/')[1] ?? '';
  if (targetRoom === room) return undefined;
  if (!reachableRooms(room).has(targetRoom)) return `${room} may not import ${targetRoom}`;
  if (ENTRY.test(target) && !ENTRY.test(path)) {
    return `${module} is another room's entry; import the file that owns the name`;
  }
  const isServerHalf = !TRANSPORT_FILES_OF_CLIENT.some((half) => half.test(target));
  if (room === 'client' && targetRoom === 'transport' && isServerHalf) {
    return `client may not import ${target}: it is the server's half`;
  }
  return undefined;
}

function nodeProblem(path: string, rules: RoomRules, module: string): string | undefined {
  const isAllowed = rules.node === 'all' || (rules.node instanceof RegExp && rules.node.test(path));
  return isAllowed ? undefined : `${path} may not import ${module}`;
}
