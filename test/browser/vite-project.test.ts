/**
 * The packed package in an empty Vite project: it type-checks, and its page simulates a game and
 * plays on a real server, in Chromium, from Vite's development server and as it is built.
 */
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { build, createServer, preview } from 'vite';
import type { InlineConfig } from 'vite';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';

import { ServerRuntime } from '../../src/server/index.ts';
import { STRICT_OPTIONS, USER_PROJECT_MS_MAX, UserProject } from '../support/user-project.ts';

/** As `npm create vite` writes them for TypeScript, and stricter. */
const OPTIONS = {
  ...STRICT_OPTIONS,
  lib: ['es2023', 'dom', 'dom.iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  noEmit: true,
  erasableSyntaxOnly: true,
  noUncheckedSideEffectImports: true,
};
const PAGE = `<!doctype html>
<link rel="icon" href="data:," />
<script type="module" src="/main.ts"></script>\n`;
const PROGRAM = `import { connect } from 'holdfast/client';
import { createSimulation } from 'holdfast/simulator';

const { dataset } = document.body;

const simulation = await createSimulation({ seed: 1, peers: 3, faults: { delayMs: 20 } });
await simulation.stepTicks(100);
dataset['players'] = String(simulation.peer('peer-1').client?.players.size);
await simulation.stop();
simulation.expectNoLeaks();

const url = new URLSearchParams(location.search).get('server') ?? '';
const client = await connect({ url, credentials: { name: 'Ada' } });
dataset['state'] = client.state;
dataset['player'] = client.playerId;
await client.leave();
dataset['end'] = client.state;\n`;

let project: UserProject;
let server: ServerRuntime;
let browser: Browser;

beforeAll(async () => {
  [project, server, browser] = await Promise.all([
    UserProject.create(),
    ServerRuntime.start({
      port: 0,
      authenticate: (credentials) => ({ playerId: (credentials as { name: string }).name }),
    }),
    chromium.launch({ executablePath: inject('chromium'), args: ['--no-sandbox'] }),
  ]);
  project.write('index.html', PAGE);
  project.write('main.ts', PROGRAM);
}, USER_PROJECT_MS_MAX);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  project?.remove();
});

function configOf(folder: string): InlineConfig {
  return {
    root: folder,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0 },
    preview: { host: '127.0.0.1', port: 0 },
    build: { target: 'es2023' },
  };
}

/** The page's address, from Vite's development server or from what it has built. */
async function serve(how: 'dev' | 'build'): Promise<string> {
  const config = configOf(project.directory);
  if (how === 'build') await build(config);
  const vite = how === 'dev' ? await createServer(config) : await preview(config);
  if ('listen' in vite) await vite.listen();
  onTestFinished(() => vite.close());
  return vite.resolvedUrls?.local[0] ?? '';
}

test('an empty Vite project type-checks', async () => {
  await project.compile(OPTIONS, 'main.ts');
});

test.each(['dev', 'build'] as const)('its page simulates and plays (%s)', async (how) => {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(`${await serve(how)}?server=${server.address}`);
  await expect
    .poll(() => page.evaluate(() => Object.fromEntries(Object.entries(document.body.dataset))), {
      timeout: 20_000,
    })
    .toEqual({ players: '3', state: 'logged-in', player: 'Ada', end: 'disconnected' });
  expect(errors).toEqual([]);
});
