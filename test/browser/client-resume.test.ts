/** Reloads, duplicated tabs and the like in a real Chromium, with the browser's own seams. */
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { PlayerId } from '../../src/protocol/ids.ts';
import type { GameView } from './resume-page.ts';
import { duplicate, gameOf, startResumeSite, untilGame } from './resume-site.ts';
import type { ResumeSite } from './resume-site.ts';

let site: ResumeSite;

beforeAll(async () => {
  site = await startResumeSite();
});

afterAll(async () => {
  await site?.stop();
});

interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly first: GameView;
}

/** A browser of its own with one tab that plays as `name`. */
async function openTab(name: string, options?: { readonly isSecure?: boolean }): Promise<Tab> {
  const context = await site.browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(site.urlFor(name, options));
  const first = await untilGame(page, 'logged-in');
  expect(first.cause).toBe('login-succeeded');
  return { context, page, first };
}

test('a reloaded page is back in its session and entity, each time', async () => {
  const { page, first } = await openTab('reloader');
  for (let epoch = 2; epoch <= 5; epoch += 1) {
    await page.reload();
    const { sessionId, entity } = first;
    const back = await untilGame(page, 'logged-in');
    expect(back).toMatchObject({ cause: 'resumed', sessionId, entity, epoch });
  }
  const session = site.runtime.host.sessions.getByPlayer('reloader' as PlayerId);
  expect(session).toMatchObject({ sessionId: first.sessionId, epoch: 5, state: 'logged-in' });
});

test('a page that is left and returned to is back in its session', async () => {
  const { page, first } = await openTab('traveller');
  await page.goto('about:blank');
  await page.goBack();
  const back = await untilGame(page, 'logged-in');
  expect(back).toMatchObject({ cause: 'resumed', sessionId: first.sessionId });
});

test('a page that has left logs in anew after a reload', async () => {
  const { page, first } = await openTab('leaver');
  await page.evaluate(() => window.game?.leave());
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await page.reload();
  const anew = await untilGame(page, 'logged-in');
  expect(anew.cause).toBe('login-succeeded');
  expect(anew.sessionId).not.toBe(first.sessionId);
});

test('a duplicated tab is told so, and the first one plays on undisturbed', async () => {
  const { context, page, first } = await openTab('twin');
  const copy = await duplicate(context, page);
  expect(await untilGame(copy, 'refused')).toMatchObject({ cause: 'session-open-elsewhere' });
  expect(await gameOf(page)).toMatchObject({ state: 'logged-in', epoch: first.epoch, states: [] });
  // The copy is no obstacle to the first one's own reload.
  await page.reload();
  expect(await untilGame(page, 'logged-in')).toMatchObject({ cause: 'resumed', epoch: 2 });
});

test('a duplicated tab goes on with the session once the first one is closed', async () => {
  const { context, page, first } = await openTab('heir');
  const copy = await duplicate(context, page);
  await untilGame(copy, 'refused');
  await page.close();
  await copy.evaluate(() => window.game?.play());
  const heir = await untilGame(copy, 'logged-in');
  expect(heir).toMatchObject({ cause: 'resumed', sessionId: first.sessionId, epoch: 2 });
});

test('a duplicated tab that wants to play here takes the seat by a login', async () => {
  const { context, page, first } = await openTab('mover');
  const copy = await duplicate(context, page);
  await untilGame(copy, 'refused');
  await copy.evaluate(() => window.game?.play({ resume: false }));
  const here = await untilGame(copy, 'logged-in');
  expect(here).toMatchObject({ sessionId: first.sessionId, epoch: 2 });
  expect(await untilGame(page, 'disconnected')).toMatchObject({ cause: 'superseded' });
  await copy.reload();
  expect(await untilGame(copy, 'logged-in')).toMatchObject({ cause: 'resumed', epoch: 3 });
});

test('on an origin without locks the copy gets the seat, and the first one is told', async () => {
  const { context, page, first } = await openTab('bare', { isSecure: false });
  expect(await page.evaluate(() => 'locks' in navigator)).toBe(false);
  const copy = await duplicate(context, page);
  const here = await untilGame(copy, 'logged-in');
  expect(here).toMatchObject({ cause: 'resumed', sessionId: first.sessionId, epoch: 2 });
  const there = await untilGame(page, 'disconnected');
  expect([there.cause, there.states]).toEqual(['superseded', ['disconnected']]);
  await page.waitForTimeout(500);
  expect(await gameOf(copy)).toMatchObject({ state: 'logged-in', states: [] });
});

test('tabs of different players in one browser know nothing of each other', async () => {
  const { context, page, first } = await openTab('left');
  const other = await context.newPage();
  await other.goto(site.urlFor('right'));
  const second = await untilGame(other, 'logged-in');
  expect(second.sessionId).not.toBe(first.sessionId);
  await Promise.all([page.reload(), other.reload()]);
  expect((await untilGame(page, 'logged-in')).sessionId).toBe(first.sessionId);
  expect((await untilGame(other, 'logged-in')).sessionId).toBe(second.sessionId);
});

test('a tab that changes the player logs in as the other one', async () => {
  const { page, first } = await openTab('before');
  await page.goto(site.urlFor('after'));
  const after = await untilGame(page, 'logged-in');
  expect(after.cause).toBe('login-succeeded');
  expect(after.sessionId).not.toBe(first.sessionId);
});

test('a page that may store nothing plays all the same, and logs in after a reload', async () => {
  const context = await site.browser.newContext();
  onTestFinished(() => context.close());
  const page = await context.newPage();
  // As Chromium does where the user blocks all data of sites.
  await page.addInitScript(`Object.defineProperty(window, 'sessionStorage', {
    get: () => { throw new DOMException('denied', 'SecurityError'); },
  });`);
  await page.goto(site.urlFor('forgetful'));
  const first = await untilGame(page, 'logged-in');
  await page.reload();
  const second = await untilGame(page, 'logged-in');
  // The seat is taken over by the login: the same session, by another way.
  expect(second).toMatchObject({ cause: 'login-succeeded', sessionId: first.sessionId, epoch: 2 });
});
