/**
 * The arena in real Chromium against the built server: what a newcomer sees and does first.
 * Two servers: one with bots for what the panel shows, one without for two people alone.
 */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import {
  afterAll,
  beforeAll,
  beforeEach,
  describe,
  expect,
  inject,
  onTestFinished,
  test,
} from 'vitest';
import { ArenaPage } from './arena-page.ts';
import { shootDown } from './arena-duel.ts';
import { ArenaProcess } from './arena-process.ts';

const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url));
/** The lives of sessions that nothing ever happened to. */
const UNDISTURBED = ['transport-connected', 'login-pending', 'logged-in'];

let browser: Browser;
let withBots: ArenaProcess;
let withoutBots: ArenaProcess;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  [withBots, withoutBots, browser] = await Promise.all([
    ArenaProcess.start(['--bots', '2']),
    ArenaProcess.start(['--bots', '0']),
    chromium.launch({ executablePath: inject('chromium'), args: ['--no-sandbox'] }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([withBots?.stop(), withoutBots?.stop()]);
});

/** One person: a browser context, so a sessionStorage, of their own, for as long as the test. */
async function open(url: string): Promise<ArenaPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  onTestFinished(() => context.close());
  return ArenaPage.open(context, url);
}

describe('the page', () => {
  test('loads without an error and takes the focus to the name', async () => {
    const ada = await open(withBots.url);
    expect(await ada.page.evaluate(() => document.activeElement?.id)).toBe('name');
    const icon = await ada.page.request.get(`${withBots.url}favicon.ico`);
    expect(icon.status()).toBe(200);
    expect(ada.problems).toEqual([]);
  });

  test('lets a name play by keyboard alone: the keys move the own player', async () => {
    const ada = await open(withoutBots.url);
    await ada.play('Ada');
    const before = await ada.self();
    expect(before?.name).toBe('Ada');
    await ada.walkAway(3);
    const after = await ada.self();
    const moved = Math.hypot(
      (after?.x ?? 0) - (before?.x ?? 0),
      (after?.y ?? 0) - (before?.y ?? 0),
    );
    expect(moved).toBeGreaterThan(2.5);
    expect(ada.problems).toEqual([]);
  });

  test('shows two people each other, and one can shoot the other', async () => {
    const ada = await open(withoutBots.url);
    const grace = await open(withoutBots.url);
    await ada.play('Ada');
    await grace.play('Grace');
    await grace.until(
      () => window.arena?.players.some((player) => player?.name === 'Ada') === true,
    );
    await shootDown(ada, grace);
    await grace.page.getByText('Back in').waitFor();
    await ada.page.locator('#kill-feed li', { hasText: 'You shot Grace' }).waitFor();
    await grace.page.locator('#kill-feed li', { hasText: 'Ada shot You' }).waitFor();
    expect(await ada.page.locator('#score').textContent()).toContain('1 kill ');
    await grace.until(() => window.arena?.self?.isAlive === true);
  });
});

describe('the panel', () => {
  test('lists every session with its state, the own one on top', async () => {
    const ada = await open(withBots.url);
    await ada.play('Ada');
    await ada.untilTimelineEnds(UNDISTURBED);
    await ada.page.locator('#rows .row[data-state="logged-in"]').nth(1).waitFor();
    expect(await ada.page.locator('#own-row .name').textContent()).toBe('Ada');
    expect(await ada.page.locator('#own-row .state').textContent()).toBe('logged-in');
    const names = await ada.page
      .locator('#rows .row[data-state="logged-in"] .name')
      .allTextContents();
    expect(names.toSorted()).toEqual(['Ada bot', 'Grace bot']);
  });

  test('says what a piece of a timeline means when pointed at', async () => {
    const ada = await open(withBots.url);
    await ada.play('Ada');
    const strip = ada.page.locator('#rows .row[data-state="logged-in"] .strip').first();
    const tooltip = ada.page.getByRole('tooltip');
    // Rows move while others come and go: the hand follows.
    const pointAt = async (): Promise<string | null> => {
      const box = await strip.boundingBox();
      await ada.page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) - 3, (box?.y ?? 0) + 5);
      return (await tooltip.isVisible()) ? tooltip.textContent() : null;
    };
    await expect.poll(pointAt, { timeout: 15_000 }).toContain('logged-in — login-succeeded');
  });

  test('shows a closed page as reconnecting, then removes it', async () => {
    const ada = await open(withBots.url);
    const gone = await open(withBots.url);
    await gone.play('Gone');
    const row = ada.page.locator('#rows .row', { hasText: 'Gone' });
    await row.and(ada.page.locator('[data-state="logged-in"]')).waitFor();
    await gone.page.close();
    await row.and(ada.page.locator('[data-state="reconnecting"]')).waitFor();
    await row.and(ada.page.locator('[data-state="disconnected"]')).waitFor({ timeout: 25_000 });
    expect(await row.locator('.round-trip').textContent()).toBe('reconnect-window-expired');
  });
});

describe('the fault buttons', () => {
  let ada: ArenaPage;
  let bystander: ArenaPage;

  beforeEach(async () => {
    ada = await open(withBots.url);
    bystander = await open(withBots.url);
    await bystander.play('Bystander');
    await ada.play('Ada');
    await ada.untilTimelineEnds(UNDISTURBED);
  });

  /** The report's timeline is whole: whatever had happened would stand in it. */
  async function expectUndisturbedBystander(): Promise<void> {
    const session = await bystander.ownSession();
    expect(session?.timeline.map(({ to }) => to)).toEqual(UNDISTURBED);
    expect(session?.epoch).toBe(1);
    expect(await bystander.page.evaluate(() => window.arena?.state)).toBe('logged-in');
    expect(bystander.problems).toEqual([]);
  }

  test('drop my connection: reconnecting, then logged in again in the same session', async () => {
    const before = await ada.ownSession();
    await ada.press('drop');
    await ada.untilTimelineEnds(['logged-in', 'reconnecting', 'logged-in']);
    await ada.untilPlaying();
    const after = await ada.ownSession();
    expect(after?.sessionId).toBe(before?.sessionId);
    expect(after?.playerId).toBe(before?.playerId);
    expect(after?.epoch).toBe(2);
    expect(after?.timeline.slice(-2).map(({ cause }) => cause)).toEqual([
      'transport-lost',
      'resumed',
    ]);
    await ada.page.getByText('Back: same session').waitFor();
    await expectUndisturbedBystander();
  });

  test('reload me: the next page has the same session, entity and name, and knows the past', async () => {
    const [before, self] = [await ada.ownSession(), await ada.self()];
    await ada.reload();
    await ada.untilPlaying();
    await ada.untilTimelineEnds(['logged-in', 'reconnecting', 'logged-in']);
    const after = await ada.ownSession();
    expect(after?.sessionId).toBe(before?.sessionId);
    expect(after?.epoch).toBe(2);
    expect(after?.timeline.at(-1)?.cause).toBe('resumed');
    expect(await ada.self()).toMatchObject({ entity: self?.entity, name: 'Ada' });
    expect((await ada.log()).map(({ to, cause }) => [to, cause])).toEqual([
      ['logged-in', 'login-succeeded'],
      ['no-page', 'page-left'],
      ['logged-in', 'resumed'],
    ]);
    expect(await ada.page.locator('#entry').isVisible()).toBe(false);
    await expectUndisturbedBystander();
  });

  test('reload me after leaving: the page asks for a name, and nobody comes back', async () => {
    await ada.press('leave');
    await ada.page.getByText('You left the arena').waitFor();
    await ada.page.reload();
    await ada.until(() => window.arena !== undefined);
    expect(await ada.page.locator('#entry').isVisible()).toBe(true);
    expect(await ada.page.inputValue('#name')).toBe('Ada');
    expect(await ada.page.evaluate(() => window.arena?.phase)).toBe('entry');
  });

  test('go silent: timed out after ten seconds, back when silence ends', async () => {
    await ada.press('silence');
    expect(await ada.page.locator('#silence').getAttribute('aria-pressed')).toBe('true');
    await ada.page.getByText('nothing leaves this page').waitFor();
    await ada.untilTimelineEnds(['logged-in', 'timed-out', 'reconnecting'], 20_000);
    await ada.page.locator('#banner', { hasText: 'Reconnecting' }).waitFor();
    await ada.press('silence');
    await ada.untilTimelineEnds(['reconnecting', 'logged-in'], 20_000);
    const causes = (await ada.ownSession())?.timeline.map(({ cause }) => cause);
    expect(causes).toContain('liveness-timeout');
    await expectUndisturbedBystander();
  });

  test('send garbage: forgiven at first, closed as a protocol error when it goes on', async () => {
    await ada.press('garbage');
    await ada.page.getByText('frames of random bytes sent').waitFor();
    await ada.page.waitForTimeout(600);
    expect((await ada.ownSession())?.state).toBe('logged-in');
    for (let click = 0; click < 6; click += 1) {
      if (await ada.page.locator('#farewell').isVisible()) break;
      await ada.press('garbage');
      await ada.page.waitForTimeout(150);
    }
    await ada.until(() => window.arena?.phase === 'ended');
    expect(await ada.page.evaluate(() => window.arena?.endReason)).toBe('protocol-error');
    await ada.untilTimelineEnds(['logged-in', 'disconnected']);
    await ada.page.click('#play-again');
    await ada.untilPlaying();
    await expectUndisturbedBystander();
  });

  test('log in twice: the first connection is superseded, the second plays on', async () => {
    const [before, self] = [await ada.ownSession(), await ada.self()];
    await ada.press('twice');
    await ada.page.getByText('first connection was told “superseded”').waitFor();
    await ada.untilTimelineEnds(['logged-in', 'logged-in']);
    await ada.untilPlaying();
    const after = await ada.ownSession();
    expect(after?.sessionId).toBe(before?.sessionId);
    expect(after?.epoch).toBe(2);
    expect(after?.peerId).not.toBe(before?.peerId);
    expect(after?.timeline.at(-1)?.cause).toBe('taken-over');
    expect((await ada.self())?.entity).toBe(self?.entity);
    // The newer login has the token now.
    await ada.reload();
    await ada.untilTimelineEnds(['logged-in', 'logged-in', 'reconnecting', 'logged-in']);
    await expectUndisturbedBystander();
  });

  test('leave: removed at once, and a new session when played again', async () => {
    const before = await ada.ownSession();
    await ada.press('leave');
    await ada.page.getByText('You left the arena').waitFor();
    await ada.untilTimelineEnds(['logged-in', 'disconnected']);
    expect((await ada.ownSession())?.cause).toBe('left');
    await ada.page.click('#play-again');
    await ada.untilPlaying();
    await ada.untilTimelineEnds(UNDISTURBED);
    expect((await ada.ownSession())?.sessionId).not.toBe(before?.sessionId);
    await expectUndisturbedBystander();
  });
});

describe('a duplicated tab', () => {
  let first: ArenaPage;
  let second: ArenaPage;

  beforeEach(async () => {
    first = await open(withBots.url);
    await first.play('Ada');
    await first.untilTimelineEnds(UNDISTURBED);
    const opened = first.page.context().waitForEvent('page');
    // A window that a page opens gets a copy of its sessionStorage, as a duplicated tab does.
    await first.page.evaluate(() => void window.open(location.href));
    second = new ArenaPage(await opened);
    await second.page.getByText('Open in another tab').waitFor();
  });

  test('is told so, and the first one notices nothing', async () => {
    await first.page.waitForTimeout(500);
    expect(await first.page.evaluate(() => window.arena?.state)).toBe('logged-in');
    const session = await first.ownSession();
    expect(session?.timeline.map(({ to }) => to)).toEqual(UNDISTURBED);
    expect(session?.epoch).toBe(1);
    expect(await second.log()).toEqual([]);
  });

  test('takes the seat when asked to, and the first can take it back', async () => {
    await second.page.getByText('Play here instead').click();
    await second.untilPlaying();
    await first.page.getByText('Played elsewhere').waitFor();
    expect((await second.self())?.playerId).toBe((await first.self())?.playerId);
    expect((await second.self())?.name).toBe('Ada');
    await first.page.click('#play-again');
    await first.untilPlaying();
    await second.page.getByText('Played elsewhere').waitFor();
  });
});

describe('the layout', () => {
  test.each([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])('fits $width × $height: arena, panel and buttons inside the window', async (viewport) => {
    const ada = await open(withBots.url);
    await ada.page.setViewportSize(viewport);
    await ada.play('Ada');
    await ada.untilTimelineEnds(UNDISTURBED);
    const size = `${viewport.width}x${viewport.height}`;
    await ada.page.screenshot({ path: `${SCREENSHOTS}arena-${size}.png` });
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth)).toBe(
      viewport.width,
    );
    for (const selector of [
      '#view',
      '#own',
      '#drop',
      '#silence',
      '#reload',
      '#garbage',
      '#twice',
      '#leave',
    ]) {
      const box = await ada.page.locator(selector).boundingBox();
      expect(box, selector).not.toBeNull();
      expect(box?.x, selector).toBeGreaterThanOrEqual(0);
      expect((box?.x ?? 0) + (box?.width ?? 0), selector).toBeLessThanOrEqual(viewport.width);
      expect((box?.y ?? 0) + (box?.height ?? 0), selector).toBeLessThanOrEqual(viewport.height);
    }
  });
});
