/**
 * The arena in a Chromium that loses its network: the client tries nothing until the browser says
 * that the network is back, and then it is back at once. Under a name of its own, because a browser
 * without network still reaches its own machine, and the client knows that.
 */
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ArenaPage } from './arena-page.ts';
import { ArenaProcess } from './arena-process.ts';

/** Chromium alone knows it. */
const HOSTNAME = 'game.test';
/** Long enough for a handful of attempts, if there were any; short of the arena's window. */
const OFFLINE_MS = 4_000;

let browser: Browser;
let arena: ArenaProcess;

beforeAll(async () => {
  [arena, browser] = await Promise.all([
    ArenaProcess.start(['--bots', '0']),
    chromium.launch({
      executablePath: inject('chromium'),
      args: ['--no-sandbox', `--host-resolver-rules=MAP ${HOSTNAME} 127.0.0.1`],
    }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await arena?.stop();
});

test('a client whose browser is offline waits without trying, and is back with it', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const ada = await ArenaPage.open(context, arena.url.replace('127.0.0.1', HOSTNAME));
  await ada.play('Ada');
  const opened: string[] = [];
  ada.page.on('websocket', (socket) => opened.push(socket.url()));
  // The panel learns of one's own session from the server, and can't once the network is gone.
  await ada.page.waitForSelector('#drop');
  await context.setOffline(true);
  // A browser may let an open WebSocket live on: the player's own button ends it.
  await ada.press('drop');
  await ada.until(() => window.arena?.state === 'reconnecting');
  await ada.page.waitForTimeout(OFFLINE_MS);
  expect(await ada.page.evaluate(() => window.arena?.state)).toBe('reconnecting');
  expect(opened).toEqual([]);
  await context.setOffline(false);
  await ada.untilPlaying();
  expect(opened).toHaveLength(1);
  await context.close();
});
