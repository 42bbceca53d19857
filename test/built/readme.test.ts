import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { findFreePort } from '../support/free-port.ts';
import { readmeBlock } from '../support/readme-code.ts';
import { TestProcess } from '../support/test-process.ts';
import { STRICT_OPTIONS, USER_PROJECT_MS_MAX, UserProject } from '../support/user-project.ts';
import { readText } from '../tidy/source-file.ts';

let project: UserProject;

/** A project of a user: the packed package, and the two blocks exactly as they are printed. */
beforeAll(async () => {
  project = await UserProject.create('@types/node', 'undici-types');
  for (const name of ['server', 'client']) {
    const code = readmeBlock(readText('README.md'), `${name}.ts`);
    project.write(`${name}.ts`, code);
    // The blocks have no type annotations: as they stand they are JavaScript too.
    project.write(`${name}.js`, code);
  }
}, USER_PROJECT_MS_MAX);

afterAll(() => project.remove());

test("the README's server and client satisfy the compiler", async () => {
  await project.compile({ ...STRICT_OPTIONS, types: ['node'] }, 'server.ts', 'client.ts');
});

test("the README's client walks in the README's server, and both end", async () => {
  const port = await findFreePort();
  const server = new TestProcess(process.execPath, ['server.js', String(port)], {
    cwd: project.directory,
  });
  onTestFinished(async () => {
    await server.stop('SIGKILL');
  });
  await server.waitForLine(new RegExp(`^listening on ws://127\\.0\\.0\\.1:${port}$`));

  const lines = await project.run(process.execPath, 'client.js', `ws://127.0.0.1:${port}`);
  expect(lines).toEqual(['Ada is in the middle of the field']);

  await server.waitForLine(/^Ada: login-pending → logged-in \(login-succeeded\)$/);
  await server.waitForLine(/^Ada: logged-in → disconnected \(left\)$/);
  server.signal('SIGINT');
  expect(await server.ended).toEqual({ code: 0, signal: null });
});
