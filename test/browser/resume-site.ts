/**
 * A game of one page for the tests about reloads and tabs: an http server with the bundled page,
 * a Holdfast server on its path `/play`, a Chromium that knows it by two names. In: nothing.
 * Out: pages, the server's sessions. Everything ends with `stop`.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { build } from 'vite';
import { inject } from 'vitest';

import { ServerRuntime } from '../../src/server/index.ts';
import { OwnedServer } from '../support/owned-server.ts';
import type { GameView } from './resume-page.ts';

/** Chromium alone knows it, and finds it no secure origin: it lends no locks there. */
const INSECURE_HOST = 'game.test';
const PAGE = `<!doctype html>
<link rel="icon" href="data:," />
<script type="module" src="/page.js"></script>\n`;
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8' } as const;
const REACHED_MS_MAX = 15_000;

async function bundlePage(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@holdfast/source', 'browser', 'module'] },
    build: {
      write: false,
      rolldownOptions: { input: fileURLToPath(new URL('resume-page.ts', import.meta.url)) },
    },
  });
  const bundles = Array.isArray(result) ? result : [result];
  const files = bundles.flatMap((bundle) => ('output' in bundle ? bundle.output : []));
  return files.map((file) => (file.type === 'chunk' ? file.code : '')).join('\n');
}

export interface ResumeSite {
  readonly runtime: ServerRuntime;
  readonly browser: Browser;
  /** `isSecure: false`: by the name under which the browser lends no locks. */
  urlFor(name: string, options?: { readonly isSecure?: boolean }): string;
  stop(): Promise<void>;
}

export async function startResumeSite(): Promise<ResumeSite> {
  const code = await bundlePage();
  const owned = new OwnedServer('http', (request, response) => {
    const isCode = request.url === '/page.js';
    response.setHeader('content-type', isCode ? TYPES.js : TYPES.html);
    response.end(isCode ? code : PAGE);
  });
  const runtime = await ServerRuntime.start({
    server: owned.server,
    path: '/play',
    authenticate: (credentials) => ({ playerId: (credentials as { name: string }).name }),
  });
  await owned.listen();
  const browser = await chromium.launch({
    executablePath: inject('chromium'),
    args: ['--no-sandbox', `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`],
  });
  return {
    runtime,
    browser,
    urlFor: (name, { isSecure = true } = {}) =>
      `http://${isSecure ? '127.0.0.1' : INSECURE_HOST}:${owned.port}/?name=${name}`,
    stop: async () => {
      await browser.close();
      await runtime.stop();
      await owned.end();
    },
  };
}

/** Waits until the page's game has come to `state`; answers all that it shows then. */
export async function untilGame(page: Page, state: string): Promise<GameView> {
  await page.waitForFunction(
    (wanted) => {
      const view = window.game?.view;
      return view?.state === wanted && (wanted !== 'logged-in' || view.entity !== undefined);
    },
    state,
    { timeout: REACHED_MS_MAX, polling: 20 },
  );
  return gameOf(page);
}

export async function gameOf(page: Page): Promise<GameView> {
  const view = await page.evaluate(() => window.game?.view);
  if (view === undefined) throw new Error('the page has no game');
  return view;
}

/** Opens the page's copy, with a copy of its `sessionStorage`, as a browser duplicates a tab. */
export async function duplicate(context: BrowserContext, page: Page): Promise<Page> {
  const [copy] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate(() => void window.open(location.href)),
  ]);
  return copy;
}
