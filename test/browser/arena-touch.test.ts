/** The arena by touch, in real Chromium against the built server: two thumbs on a phone's glass. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { approach } from './arena-duel.ts';
import { ArenaPage } from './arena-page.ts';
import { ArenaProcess } from './arena-process.ts';
import { Thumbs } from './thumbs.ts';
import type { Spot } from './thumbs.ts';

const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url));
const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};
const LEFT: Spot = { x: 80, y: 330 };
const RIGHT: Spot = { x: 310, y: 330 };
/** Pixels; a stick reaches 48. */
const FAR = 60;
const STEP_MS = 60;

let browser: Browser;
let server: ArenaProcess;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  [server, browser] = await Promise.all([
    ArenaProcess.start(['--bots', '0']),
    chromium.launch({ executablePath: inject('chromium'), args: ['--no-sandbox'] }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(name: string, options: BrowserContextOptions): Promise<ArenaPage> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await ArenaPage.open(context, server.url);
  await page.play(name);
  return page;
}

/** The moving thumb goes towards another player and back; answers how far the own one went. */
async function strideTowards(ada: ArenaPage, thumbs: Thumbs, name: string): Promise<number> {
  const [from, target] = [await ada.self(), await ada.playerNamed(name)];
  if (from === null || target === null) throw new Error('one of the two is nowhere');
  const yaw = Math.atan2(target.y - from.y, target.x - from.x);
  await thumbs.move(1, { x: LEFT.x + FAR * Math.cos(yaw), y: LEFT.y + FAR * Math.sin(yaw) });
  let metres = 0;
  for (let step = 0; step < 40 && metres <= 0.8; step += 1) {
    await ada.page.waitForTimeout(STEP_MS);
    const self = await ada.self();
    metres = Math.hypot((self?.x ?? from.x) - from.x, (self?.y ?? from.y) - from.y);
  }
  await thumbs.move(1, LEFT);
  return metres;
}

/** The aiming thumb points from the own player at another, until `isDone`. */
async function pointAt(
  ada: ArenaPage,
  thumbs: Thumbs,
  { name, isDone }: { readonly name: string; readonly isDone: () => Promise<boolean> },
): Promise<void> {
  for (let step = 0; step < 200 && !(await isDone()); step += 1) {
    const [self, target] = [await ada.self(), await ada.playerNamed(name)];
    if (self !== null && target !== null) {
      const yaw = Math.atan2(target.y - self.y, target.x - self.x);
      const [x, y] = [RIGHT.x + FAR * Math.cos(yaw), RIGHT.y + FAR * Math.sin(yaw)];
      // Back to where it came down first: the base follows a thumb that goes too far.
      await thumbs.move(2, RIGHT);
      await thumbs.move(2, { x, y });
    }
    await ada.page.waitForTimeout(STEP_MS);
  }
}

describe('by touch', () => {
  test('the left thumb moves the own player, the right one shoots whom it points at', async () => {
    const ada = await open('Ada', PHONE);
    const grace = await open('Grace', { viewport: { width: 1280, height: 800 } });
    await approach(ada, grace);
    const thumbs = await Thumbs.of(ada.page);
    await thumbs.press(1, LEFT);
    await thumbs.press(2, RIGHT);
    expect(await strideTowards(ada, thumbs, 'Grace')).toBeGreaterThan(0.8);
    const isHurt = async (): Promise<boolean> => ((await grace.self())?.hitPoints ?? 100) < 100;
    await pointAt(ada, thumbs, { name: 'Grace', isDone: isHurt });
    expect((await grace.self())?.hitPoints).toBeLessThan(100);
    await ada.page.screenshot({ path: `${SCREENSHOTS}arena-touch-390x844.png` });
    await thumbs.lift(2);
    await thumbs.lift(1);
    expect(await ada.page.evaluate(() => window.arena?.sticks)).toEqual({ isShooting: false });
    expect(ada.problems).toEqual([]);
  });

  test('a pointer that the system takes away lets go of both sticks', async () => {
    const ada = await open('Ada', PHONE);
    const thumbs = await Thumbs.of(ada.page);
    await thumbs.press(1, LEFT);
    await thumbs.press(2, RIGHT);
    await ada.until(() => window.arena?.sticks?.move !== undefined);
    await ada.until(() => window.arena?.sticks?.aim !== undefined);
    await thumbs.cancel();
    await ada.until(() => window.arena?.sticks?.move === undefined);
    expect(await ada.page.evaluate(() => window.arena?.sticks)).toEqual({ isShooting: false });
  });

  test('turning the phone lets go, and its thumbs play on where they come down anew', async () => {
    const ada = await open('Ada', PHONE);
    const thumbs = await Thumbs.of(ada.page);
    await thumbs.press(1, LEFT);
    await ada.until(() => window.arena?.sticks?.move !== undefined);
    await ada.page.setViewportSize({ width: 844, height: 390 });
    await ada.until(() => window.arena?.sticks?.move === undefined);
    await thumbs.lift(1);
    await thumbs.press(1, { x: 60, y: 200 });
    await ada.until(() => window.arena?.sticks?.move !== undefined);
    await thumbs.lift(1);
  });

  test('thumbs neither scroll nor zoom the page, and the buttons stay free', async () => {
    const ada = await open('Ada', PHONE);
    const thumbs = await Thumbs.of(ada.page);
    await thumbs.press(1, LEFT);
    await thumbs.press(2, RIGHT);
    for (let step = 1; step <= 5; step += 1) {
      await thumbs.move(1, { x: LEFT.x - 12 * step, y: LEFT.y - 50 * step });
      await thumbs.move(2, { x: RIGHT.x + 12 * step, y: RIGHT.y + 15 * step });
    }
    const seen = await ada.page.evaluate(() => ({
      scale: window.visualViewport?.scale,
      scrolled: window.scrollX + window.scrollY + document.documentElement.scrollTop,
    }));
    expect(seen).toEqual({ scale: 1, scrolled: 0 });
    await thumbs.lift(1);
    await thumbs.lift(2);
    await ada.page.tap('#drop');
    await ada.untilTimelineEnds(['logged-in', 'reconnecting', 'logged-in']);
  });

  test('nothing of it is there where a mouse plays', async () => {
    const ada = await open('Ada', { viewport: { width: 390, height: 844 } });
    await ada.page.mouse.move(200, 200);
    expect(await ada.page.evaluate(() => window.arena?.sticks)).toBeNull();
  });
});
