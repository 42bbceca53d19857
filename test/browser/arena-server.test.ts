/**
 * The arena's server is killed and restarted by the buttons of the page, in real Chromium against
 * the built server: everybody comes back as who they were, and the page says what happened.
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
import { shootDown, wound } from './arena-duel.ts';
import { ArenaPage } from './arena-page.ts';
import { ArenaProcess } from './arena-process.ts';

const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url));
/** The lives of sessions that nothing ever happened to. */
const UNDISTURBED = ['transport-connected', 'login-pending', 'logged-in'];

/** A player as the page sees them. */
interface Player {
  readonly session: Awaited<ReturnType<ArenaPage['ownSession']>>;
  readonly self: Awaited<ReturnType<ArenaPage['self']>>;
}

let browser: Browser;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await chromium.launch({
    executablePath: inject('chromium'),
    args: ['--no-sandbox'],
  });
});

afterAll(() => browser?.close());

/** One person: a browser context, so a sessionStorage, of their own, for as long as the test. */
async function open(url: string): Promise<ArenaPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  onTestFinished(() => context.close());
  return ArenaPage.open(context, url);
}

describe('the server, with bots and a player,', () => {
  let arena: ArenaProcess;
  let ada: ArenaPage;

  beforeEach(async () => {
    arena = await ArenaProcess.start(['--bots', '2']);
    onTestFinished(async () => void (await arena.stop()));
    ada = await open(arena.url);
    await ada.play('Ada');
    await ada.untilTimelineEnds(UNDISTURBED);
    await ada.page.locator('#rows .row[data-state="logged-in"]').nth(1).waitFor();
  });

  function serverPid(): Promise<number> {
    return ada.page.evaluate(() => window.arena?.report?.server.pid ?? 0);
  }

  async function playerNow(): Promise<Player> {
    return { session: await ada.ownSession(), self: await ada.self() };
  }

  /** Each bot has lived through as many moves as the own player, in one session. */
  async function expectBotsBack(moveCount: number): Promise<void> {
    const rows = ada.page.locator('#rows .row[data-state="logged-in"]');
    await rows.nth(1).waitFor();
    const bots = (await ada.sessions()).filter(({ name }) => name?.endsWith('bot'));
    expect(bots.map(({ timeline }) => timeline.length)).toEqual([moveCount, moveCount]);
    expect(bots.map(({ epoch }) => epoch)).toEqual([2, 2]);
  }

  async function expectFreeToMove(): Promise<void> {
    await ada.walkAway(1);
    // What a browser says aloud of every attempt that a dead or stopping server doesn't answer.
    const isFailedAttempt = /^WebSocket connection to|net::ERR_/;
    expect(ada.problems.filter((problem) => !isFailedAttempt.test(problem))).toEqual([]);
  }

  /** Who was there before is there again: the same session, entity and kills. */
  async function expectSamePlayer(before: Player): Promise<void> {
    await ada.untilPlaying();
    const session = await ada.ownSession();
    expect(session?.sessionId).toBe(before.session?.sessionId);
    expect(session?.playerId).toBe(before.session?.playerId);
    // Not the hit points: bots shoot.
    const { entity, kills } = before.self ?? {};
    expect(await ada.self()).toMatchObject({ entity, kills });
  }

  test('killed: everybody is back in the same session, and the timeline shows the gap', async () => {
    const pid = await serverPid();
    const before = await playerNow();
    await ada.press('kill');
    await ada.page.getByText('You killed the server').waitFor();
    const restored = ['no-server', 'reconnecting', 'logged-in'];
    await ada.untilTimelineEnds([...UNDISTURBED, ...restored]);
    await ada.page.getByText('the server died').first().waitFor();
    await expectSamePlayer(before);
    expect(await serverPid()).not.toBe(pid);
    const after = await ada.ownSession();
    expect(after?.epoch).toBe(2);
    expect(after?.timeline.slice(3).map(({ cause }) => cause)).toEqual([
      'SIGKILL',
      'server-restarted',
      'resumed',
    ]);
    const tellers = after?.timeline.map(({ toldBy }) => toldBy ?? 'present');
    expect(tellers).toEqual([pid, pid, pid, 'present', 'present', 'present']);
    expect((await ada.log()).map(({ cause }) => cause).toSorted()).toEqual([
      'login-succeeded',
      'resumed',
      'resynced',
      'transport-lost',
    ]);
    await expectBotsBack(after?.timeline.length ?? 0);
    expect(await ada.page.locator('#server-facts').textContent()).toContain('before: SIGKILL');
    await ada.page.screenshot({ path: `${SCREENSHOTS}arena-after-kill.png` });

    // What the dead process told lives on in the tab, whatever happens to page and server.
    await ada.reload();
    await ada.untilTimelineEnds([...UNDISTURBED, ...restored, 'reconnecting', 'logged-in']);
    await ada.press('kill');
    await ada.untilTimelineEnds([...restored, 'reconnecting', 'logged-in', ...restored]);
    await expectSamePlayer(before);
    await expectFreeToMove();
  });

  test('restarted: everybody is back in the same session, and nothing is lost', async () => {
    const pid = await serverPid();
    const before = await playerNow();
    await ada.press('restart');
    await ada.untilTimelineEnds([...UNDISTURBED, 'no-server', 'reconnecting', 'logged-in']);
    await ada.page.locator('#server-facts', { hasText: 'before: restart' }).waitFor();
    await expectSamePlayer(before);
    expect(await serverPid()).not.toBe(pid);
    const after = await ada.ownSession();
    expect(after?.timeline.slice(3).map(({ cause }) => cause)).toEqual([
      'restart',
      'server-restarted',
      'resumed',
    ]);
    expect((await ada.log()).map(({ cause }) => cause)).toEqual([
      'login-succeeded',
      'draining',
      'resumed',
    ]);
    await expectBotsBack(after?.timeline.length ?? 0);
    await expectFreeToMove();
  });
});

test('who was shot, and who did it, is known after the death of the server', async () => {
  const arena = await ArenaProcess.start(['--bots', '0']);
  onTestFinished(async () => void (await arena.stop()));
  const [ada, grace] = [await open(arena.url), await open(arena.url)];
  await ada.play('Ada');
  await grace.play('Grace');
  await shootDown(ada, grace);
  await grace.until(() => window.arena?.self?.isAlive === true);
  await wound(ada, grace);
  const before = await Promise.all([ada.self(), grace.self()]);
  expect(before[0]?.kills).toBe(1);
  expect(before[1]?.hitPoints).toBeLessThan(100);
  await ada.press('kill');
  await Promise.all(
    [ada, grace].map((page) => page.untilTimelineEnds(['no-server', 'reconnecting', 'logged-in'])),
  );
  await Promise.all([ada.untilPlaying(), grace.untilPlaying()]);
  const after = await Promise.all([ada.self(), grace.self()]);
  for (const [index, self] of after.entries()) {
    const { playerId, entity, hitPoints, kills, name } = before[index] ?? {};
    expect(self).toMatchObject({ playerId, entity, hitPoints, kills, name });
    expect(self?.x).toBeCloseTo(before[index]?.x ?? NaN, 1);
    expect(self?.y).toBeCloseTo(before[index]?.y ?? NaN, 1);
  }
});
