import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { findFreePort } from '../support/free-port.ts';
import { readmeBlock } from '../support/readme-code.ts';
import { TestProcess } from '../support/test-process.ts';
import { REPOSITORY_ROOT, readText } from '../tidy/source-file.ts';

const TYPESCRIPT = join(REPOSITORY_ROOT, 'node_modules/typescript/bin/tsc');
/** As strict as a user's project gets. */
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: ['node'],
  },
  files: ['server.ts', 'client.ts'],
};

let project = '';

async function run(command: string, args: readonly string[]): Promise<readonly string[]> {
  const child = new TestProcess(command, args, { cwd: project });
  const { code } = await child.ended;
  expect(code, child.lines.join('\n')).toBe(0);
  return child.lines;
}

/** A project of a user: the packed package, and the two blocks exactly as they are printed. */
beforeAll(async () => {
  const home = join(REPOSITORY_ROOT, '.holdfast');
  mkdirSync(home, { recursive: true });
  project = mkdtempSync(join(home, 'readme-'));
  await run('npm', ['pack', '--ignore-scripts', '--silent', REPOSITORY_ROOT]);
  const archive = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '';
  await run('tar', ['-xzf', archive]);
  mkdirSync(join(project, 'node_modules'));
  symlinkSync('../package', join(project, 'node_modules/holdfast'));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  for (const name of ['server', 'client']) {
    const code = readmeBlock(readText('README.md'), `${name}.ts`);
    writeFileSync(join(project, `${name}.ts`), code);
    // The blocks have no type annotations: as they stand they are JavaScript too.
    writeFileSync(join(project, `${name}.js`), code);
  }
});

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

test("the README's server and client satisfy the compiler", async () => {
  await run(process.execPath, [TYPESCRIPT, '--project', '.']);
});

test("the README's client walks in the README's server, and both end", async () => {
  const port = await findFreePort();
  const server = new TestProcess(process.execPath, ['server.js', String(port)], { cwd: project });
  onTestFinished(async () => {
    await server.stop('SIGKILL');
  });
  await server.waitForLine(new RegExp(`^listening on ws://127\\.0\\.0\\.1:${port}$`));

  const lines = await run(process.execPath, ['client.js', `ws://127.0.0.1:${port}`]);
  expect(lines).toEqual(['Ada is in the middle of the field']);

  await server.waitForLine(/^Ada: login-pending → logged-in \(login-succeeded\)$/);
  await server.waitForLine(/^Ada: logged-in → disconnected \(left\)$/);
  server.signal('SIGINT');
  expect(await server.ended).toEqual({ code: 0, signal: null });
});
