/** The packed package in an empty, strict NodeNext project: every entry type-checks and runs. */
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readmeBlock } from '../support/readme-code.ts';
import { STRICT_OPTIONS, USER_PROJECT_MS_MAX, UserProject } from '../support/user-project.ts';
import { readText } from '../tidy/source-file.ts';

const { exports } = JSON.parse(readText('package.json')) as { exports: Record<string, unknown> };
/** What needs an optional peer that an empty project does not have. */
const OPTIONAL = ['./store-lmdb'];
/** `holdfast`, `holdfast/client` and so on. */
const ENTRIES = Object.keys(exports)
  .filter((path) => path !== './package.json' && !OPTIONAL.includes(path))
  .map((path) => join('holdfast', path));
/** Those that serve sockets or HTTP speak of Node's types. */
const ENTRIES_WITH_NODE = ['holdfast', 'holdfast/transport'];

/** A program that loads the entries and says how many names each has. */
function importsOf(entries: readonly string[]): string {
  const imports = entries.map((entry, index) => `import * as entry${index} from '${entry}';\n`);
  const names = entries.map((_, index) => `entry${index}`);
  return `${imports.join('')}export const counts = [${names.join(', ')}].map(
  (entry) => Object.keys(entry).length,
);\n`;
}

let project: UserProject;

beforeAll(async () => {
  project = await UserProject.create('@types/node', 'undici-types');
}, USER_PROJECT_MS_MAX);

afterAll(() => project.remove());

describe('an empty NodeNext project', () => {
  test('knows every entry and runs it', async () => {
    const log = `import { counts } from './entries.js';\nconsole.log(JSON.stringify(counts));\n`;
    project.write('entries.ts', importsOf(ENTRIES));
    project.write('main.ts', log);
    await project.compile({ ...STRICT_OPTIONS, types: ['node'] }, 'entries.ts', 'main.ts');
    const [counts] = await project.run(process.execPath, 'out/main.js');
    const names = JSON.parse(counts ?? '') as readonly number[];
    expect(names).toHaveLength(ENTRIES.length);
    for (const count of names) expect(count).toBeGreaterThan(0);
  });

  test('needs neither the types of Node nor those of the DOM for what is neither', async () => {
    const entries = ENTRIES.filter((entry) => !ENTRIES_WITH_NODE.includes(entry));
    project.write('entries.ts', importsOf(entries));
    await project.compile(STRICT_OPTIONS, 'entries.ts');
    // A test that cannot fail is a defect: the others do need them.
    project.write('served.ts', importsOf(ENTRIES_WITH_NODE));
    await expect(project.compile(STRICT_OPTIONS, 'served.ts')).rejects.toThrow('node:http');
  });

  test('has the `AbortSignal` of its platform, or as much of one as there is everywhere', async () => {
    const use = `import type { AuthenticateRequest, HookContext } from 'holdfast/simulator';
export async function prove({ signal }: AuthenticateRequest, { sleep }: HookContext) {
  signal.addEventListener('abort', () => undefined);
  await sleep(5);
  signal.throwIfAborted();
  return signal.aborted;
}\n`;
    project.write('signal.ts', use);
    await project.compile(STRICT_OPTIONS, 'signal.ts');
    const fetches = `import type { AuthenticateRequest } from 'holdfast';
import type { ConnectOptions } from 'holdfast/client';
export const ask = ({ signal }: AuthenticateRequest) => fetch('https://id.example', { signal });
export const options: ConnectOptions = { url: '', credentials: 1, signal: AbortSignal.timeout(9) };
`;
    project.write('fetches.ts', fetches);
    await project.compile({ ...STRICT_OPTIONS, types: ['node'] }, 'fetches.ts');
  });

  test.each(['first', 'failure', 'independence'])(
    "runs the simulator guide's %s.ts",
    async (name) => {
      project.write(`${name}.ts`, readmeBlock(readText('docs/SIMULATOR.md'), `${name}.ts`));
      await project.compile(STRICT_OPTIONS, `${name}.ts`);
      await project.run(process.execPath, `out/${name}.js`);
    },
  );
});
