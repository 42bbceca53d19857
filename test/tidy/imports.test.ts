import { describe, expect, test } from 'vitest';

import { ROOMS, checkImports, importedModules, reachableRooms } from './import-rules.ts';
import { isTestFile, sourceFiles } from './source-file.ts';

/** Planted violations: [path, source, what the check must say]. */
const CANARIES: readonly (readonly [string, string, string])[] = [
  ['src/session/a.ts', `import { b } from '../server/b.ts';`, 'session may not import server'],
  ['src/client/a.ts', `import type { B } from '../host/b.ts';`, 'client may not import host'],
  ['src/base/a.ts', `export { b } from '../protocol/b.ts';`, 'base may not import protocol'],
  ['src/base/a.ts', `export * from '../protocol/b.ts';`, 'base may not import protocol'],
  ['src/authority/a.ts', `await import('../host/b.ts');`, 'authority may not import host'],
  ['src/authority/a.ts', `type B = import('../host/b.ts').B;`, 'authority may not import host'],
  ['src/authority/a.ts', `import B = require('../transport/b.ts');`, 'may not import transport'],
  ['src/session/a.ts', `const name = 'x'; await import(name);`, 'computed module'],
  ['src/client/a.ts', `import { readFileSync } from 'node:fs';`, 'may not import node:fs'],
  ['src/broadcast/a.ts', `import 'node:buffer';`, 'may not import node:buffer'],
  ['src/transport/memory.ts', `import 'node:net';`, 'may not import node:net'],
  ['src/client/a.ts', `import { B } from '../transport/websocket-server.ts';`, "server's half"],
  ['src/client/a.ts', `import { B } from '../transport/memory-network.ts';`, "server's half"],
  ['src/client/a.ts', `import { B } from '../authority/world.ts';`, "server's half"],
  ['src/session/a.ts', `import WebSocket from 'ws';`, 'may not import the package ws'],
  ['src/host/a.ts', `import { B } from 'holdfast';`, 'may not import the package holdfast'],
  ['src/host/a.ts', `import { B } from '../session/index.ts';`, "another room's entry"],
  ['src/base/a.ts', `import { B } from '../../test/support/b.ts';`, 'outside of src/'],
  ['src/base/a.ts', `import { B } from './b.js';`, 'its extension .ts'],
  ['src/extra/a.ts', `import { B } from '../base/b.ts';`, 'is not a room'],
];

/** The longest way round that the table allows, so that the check is not simply always red. */
const ALLOWED: readonly (readonly [string, string])[] = [
  ['src/cli/a.ts', `import { B } from '../base/b.ts'; import 'node:fs'; await import(path);`],
  ['src/host/a.ts', `import { B } from '../transport/websocket-server.ts'; import 'ws';`],
  ['src/client/a.ts', `import { B } from '../transport/websocket-client.ts';`],
  ['src/client/a.ts', `import { B } from '../authority/movement-step.ts';`],
  ['src/client/index.node.ts', `import 'node:fs'; import '../transport/websocket-client-node.ts';`],
  ['src/server/index.ts', `export { B } from '../session/index.ts';`],
  ['src/protocol/a.ts', `import { create } from '@bufbuild/protobuf/wire';`],
];

describe('imports', () => {
  test('every room imports only what the table allows', () => {
    const files = sourceFiles('src').filter((file) => !isTestFile(file.path));
    expect(files.length).toBeGreaterThan(20);
    expect(files.flatMap(checkImports)).toEqual([]);
  });

  test('examples use the package by its name, never src/', () => {
    const reachingIn = sourceFiles('examples').flatMap((file) =>
      importedModules(file)
        .filter(({ module }) => module !== undefined && /(^|\/)src\//.test(module))
        .filter(({ module }) => module?.startsWith('../../') === true)
        .map(({ module }) => `${file.path} imports ${module}`),
    );
    expect(reachingIn).toEqual([]);
  });

  test('the table has no cycle and names only rooms', () => {
    for (const [room, { rooms }] of Object.entries(ROOMS)) {
      for (const next of rooms) {
        expect(ROOMS[next], `${room} → ${next}`).toBeDefined();
        expect([...reachableRooms(next)], `${room} → ${next}`).not.toContain(room);
      }
    }
  });

  test.each(CANARIES)('a planted violation in %s is seen: %s', (path, source, message) => {
    const violations = checkImports({ path, text: source });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(message);
  });

  test.each(ALLOWED)('%s may: %s', (path, source) => {
    expect(checkImports({ path, text: source })).toEqual([]);
  });
});
