/**
 * The arena over a bad network, in real Chromium against the built server: the sliders, what they
 * do to the own connection, and what is drawn of it.
 */
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { ArenaPage } from './arena-page.ts';
import { ArenaProcess } from './arena-process.ts';

let browser: Browser;
let server: ArenaProcess;

beforeAll(async () => {
  [server, browser] = await Promise.all([
    ArenaProcess.start(['--bots', '0']),
    chromium.launch({ executablePath: inject('chromium'), args: ['--no-sandbox'] }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(query = ''): Promise<ArenaPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  onTestFinished(() => context.close());
  return ArenaPage.open(context, server.url + query);
}

function sliders(ada: ArenaPage): Promise<string[]> {
  const inputs = ['#round-trip', '#jitter', '#loss'].map((id) => ada.page.inputValue(id));
  return Promise.all(inputs);
}

async function untilRoundTrip(ada: ArenaPage, bounds: { min: number; max: number }): Promise<void> {
  const roundTrip = (): Promise<number> =>
    ada.page.evaluate(() => window.arena?.stats?.roundTripTimeMs ?? -1);
  const isWithin = async (): Promise<boolean> => {
    const ms = await roundTrip();
    return ms >= bounds.min && ms < bounds.max;
  };
  await expect.poll(isWithin, { timeout: 20_000, message: JSON.stringify(bounds) }).toBe(true);
}

describe('the network sliders', () => {
  test('are at nothing, and the network is as it is', async () => {
    const ada = await open();
    await ada.play('Ada');
    expect(await sliders(ada)).toEqual(['0', '0', '0']);
    await untilRoundTrip(ada, { min: 0, max: 150 });
  });

  test('stand where a link says, and the server measures it', async () => {
    const ada = await open('?rtt=200&jitter=30&loss=2&x=1');
    expect(await sliders(ada)).toEqual(['200', '30', '2']);
    expect(new URL(ada.page.url()).search).toBe('?x=1');
    await ada.play('Ada');
    await untilRoundTrip(ada, { min: 200, max: 600 });
    await ada.walkAway(3);
    expect(ada.problems).toEqual([]);
  });

  test('go by keys while one plays, outlive a reload, and go back to nothing at once', async () => {
    const ada = await open();
    await ada.play('Ada');
    await ada.page.focus('#round-trip');
    await ada.page.keyboard.press('End');
    await ada.page.keyboard.press('ArrowLeft');
    expect(await sliders(ada)).toEqual(['395', '0', '0']);
    expect(await ada.page.getAttribute('#round-trip', 'aria-valuetext')).toBe('395 ms');
    await untilRoundTrip(ada, { min: 395, max: 800 });
    await ada.reload();
    expect(await sliders(ada)).toEqual(['395', '0', '0']);
    await ada.untilPlaying();
    await ada.page.click('#reset-network');
    expect(await sliders(ada)).toEqual(['0', '0', '0']);
    await untilRoundTrip(ada, { min: 0, max: 150 });
    await ada.walkAway(2);
  });

  test('go together with the fault buttons: a dropped connection resumes over the bad line', async () => {
    const ada = await open('?rtt=150&loss=5');
    await ada.play('Ada');
    const before = await ada.ownSession();
    await ada.press('drop');
    await ada.untilTimelineEnds(['logged-in', 'reconnecting', 'logged-in']);
    await ada.untilPlaying();
    expect((await ada.ownSession())?.sessionId).toBe(before?.sessionId);
    await ada.press('twice');
    await ada.page.getByText('first connection was told “superseded”').waitFor();
    await untilRoundTrip(ada, { min: 150, max: 600 });
    expect(ada.problems).toEqual([]);
  });
});

describe('the netcode', () => {
  test('is drawn when asked for, by N or the button, and after a reload again', async () => {
    const ada = await open();
    const table = ada.page.locator('#netcode');
    await ada.page.fill('#name', '');
    await ada.page.focus('#name');
    await ada.page.keyboard.type('Nan');
    await ada.page.keyboard.press('Enter');
    await ada.untilPlaying();
    expect(await table.isVisible()).toBe(false);
    await ada.page.keyboard.press('n');
    await table.getByText('input margin').waitFor();
    expect(await ada.page.getAttribute('#netcode-toggle', 'aria-pressed')).toBe('true');
    await ada.reload();
    await ada.untilPlaying();
    await table.getByText('round trip').waitFor();
    await ada.page.click('#netcode-toggle');
    await table.waitFor({ state: 'hidden' });
  });
});

describe('one’s own movement', () => {
  test('shows at once, far ahead of what the server has said over a slow line', async () => {
    const ada = await open('?rtt=300');
    await ada.play('Ada');
    await untilRoundTrip(ada, { min: 300, max: 900 });
    const start = await ada.self();
    const key = (start?.x ?? 0) > 0 ? 'a' : 'd';
    await ada.page.keyboard.down(key);
    await ada.page.waitForFunction(
      (from) => {
        const [self, confirmed] = [window.arena?.self, window.arena?.confirmed];
        if (!self || !confirmed) return false;
        return Math.abs(self.x - from) > 0.7 && Math.abs(confirmed.x - from) < 0.1;
      },
      start?.x ?? 0,
      { timeout: 10_000, polling: 'raf' },
    );
    await ada.page.keyboard.up(key);
    // The server says the same, a round trip later.
    await ada.until(() => {
      const [self, confirmed] = [window.arena?.self, window.arena?.confirmed];
      if (!self || !confirmed) return false;
      return Math.hypot(self.x - confirmed.x, self.y - confirmed.y) < 0.05;
    });
  });
});
