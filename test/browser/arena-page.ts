/**
 * One person at the arena's page: opens it, plays, presses its buttons, reads what it shows.
 * In: a browser context. Out: actions and observations. `window.arena` is read, never changed.
 */
import type { BrowserContext, Page } from 'playwright-core';
import type { DebugView } from '../../examples/arena/src/page/debug-view.ts';
import type { ShownSession } from '../../examples/arena/src/page/shown-report.ts';

declare global {
  interface Window {
    arena?: DebugView;
  }
}

type FaultButton =
  | 'drop'
  | 'silence'
  | 'reload'
  | 'garbage'
  | 'twice'
  | 'leave'
  | 'kill'
  | 'restart';

const STEP_MS = 60;
/** Metres; nearer than this counts as there. */
const ARRIVED_METRES = 0.8;

export interface Place {
  readonly x: number;
  readonly y: number;
}

export class ArenaPage {
  readonly page: Page;
  /** Console errors and uncaught exceptions since the page was opened. */
  readonly problems: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(String(error)));
  }

  static async open(context: BrowserContext, url: string): Promise<ArenaPage> {
    const arenaPage = new ArenaPage(await context.newPage());
    await arenaPage.page.goto(url);
    await arenaPage.until(() => window.arena?.report !== null);
    return arenaPage;
  }

  /** Enters the name, presses Enter, waits until the own player is in the arena. */
  async play(name: string): Promise<void> {
    await this.page.fill('#name', name);
    await this.page.press('#name', 'Enter');
    await this.untilPlaying();
  }

  async untilPlaying(): Promise<void> {
    await this.until(() => window.arena?.state === 'logged-in' && window.arena.self !== null);
  }

  /** Waits for a truth inside the page. */
  async until(condition: () => boolean, timeoutMs = 15_000): Promise<void> {
    await this.page.waitForFunction(condition, undefined, { timeout: timeoutMs, polling: 50 });
  }

  /** Presses *Reload me* and waits for the next page to have a report. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.press('reload')]);
    await this.until(() => (window.arena?.report ?? null) !== null);
  }

  press(button: FaultButton): Promise<void> {
    return this.page.click(`#${button}`);
  }

  self(): Promise<DebugView['self']> {
    return this.page.evaluate(() => window.arena?.self ?? null);
  }

  playerNamed(name: string): Promise<DebugView['self']> {
    return this.page.evaluate(
      (wanted) => window.arena?.players.find((player) => player?.name === wanted) ?? null,
      name,
    );
  }

  /** The own session as the server reports it, also after its removal. */
  async ownSession(): Promise<ShownSession | undefined> {
    const sessionId = await this.page.evaluate(() => window.arena?.sessionId ?? null);
    return (await this.sessions()).find((session) => session.sessionId === sessionId);
  }

  async sessions(): Promise<readonly ShownSession[]> {
    return this.page.evaluate(() => window.arena?.report?.sessions ?? []);
  }

  /** What the page has seen of its session: states and causes, oldest first. */
  log(): Promise<DebugView['log']> {
    return this.page.evaluate(() => window.arena?.log ?? []);
  }

  /** Waits until the own session's reported timeline ends with these states. */
  async untilTimelineEnds(states: readonly string[], timeoutMs = 15_000): Promise<void> {
    await this.page.waitForFunction(
      (wanted) => {
        const { arena } = window;
        const own = arena?.report?.sessions.find(({ sessionId }) => sessionId === arena.sessionId);
        const last = own?.timeline.slice(-wanted.length).map(({ to }) => to);
        return JSON.stringify(last) === JSON.stringify(wanted);
      },
      states,
      { timeout: timeoutMs, polling: 50 },
    );
  }

  /** Walks until `isThere` says so, by keys; goes aside where something is in the way. */
  async walkTo(goal: Place, isThere: (self: Place) => boolean | Promise<boolean>): Promise<void> {
    let last: Place | undefined;
    let stuckSteps = 0;
    let detourSteps = 0;
    let side = 1;
    let detours = 0;
    for (let step = 0; step < 500; step += 1) {
      const self = await this.self();
      if (self !== null && (await isThere(self))) {
        await this.#hold(new Set());
        return;
      }
      const isStill =
        self !== null && last !== undefined && Math.hypot(self.x - last.x, self.y - last.y) < 0.05;
      stuckSteps = isStill ? stuckSteps + 1 : 0;
      if (stuckSteps >= 6) {
        // Along the wall, the other way and further each time: a way round is on one of its sides.
        detours += 1;
        [stuckSteps, detourSteps, side] = [0, 12 + 12 * detours, -side];
      }
      if (self !== null) await this.#steer(self, goal, detourSteps > 0 ? side : 0);
      detourSteps = Math.max(0, detourSteps - 1);
      last = self ?? last;
      await this.page.waitForTimeout(STEP_MS);
    }
    throw new Error(`no way to ${JSON.stringify(goal)} from ${JSON.stringify(last)}`);
  }

  /** Walks towards the other half of the arena, until the own player is so far from here. */
  async walkAway(metres: number): Promise<void> {
    const from = await this.self();
    if (from === null) throw new Error('the own player is nowhere');
    const goal = { x: from.x > 0 ? from.x - 15 : from.x + 15, y: from.y };
    await this.walkTo(goal, ({ x, y }) => Math.hypot(x - from.x, y - from.y) > metres);
  }

  /** Presses the pointer on another player until `isDone`. */
  async shootAt(name: string, isDone: () => Promise<boolean>): Promise<void> {
    await this.page.mouse.down();
    for (let step = 0; step < 200 && !(await isDone()); step += 1) {
      const target = await this.playerNamed(name);
      if (target !== null) {
        const place = await this.page.evaluate(
          ({ x, y }) => window.arena?.toScreen(x, y) ?? { x: 0, y: 0 },
          { x: target.x, y: target.y },
        );
        await this.page.mouse.move(place.x, place.y);
      }
      await this.page.waitForTimeout(STEP_MS);
    }
    await this.page.mouse.up();
  }

  readonly #held = new Set<string>();

  /** `side` 0 = straight on; 1 or −1 = at a right angle to the way, along a wall to its end. */
  async #steer(self: Place, goal: Place, side: number): Promise<void> {
    const wanted = new Set<string>();
    const dx = goal.x - self.x;
    const dy = goal.y - self.y;
    const [x, y] = side === 0 ? [dx, dy] : [-dy * side, dx * side];
    if (Math.abs(x) > ARRIVED_METRES / 2) wanted.add(x > 0 ? 'd' : 'a');
    if (Math.abs(y) > ARRIVED_METRES / 2) wanted.add(y > 0 ? 's' : 'w');
    await this.#hold(wanted);
  }

  async #hold(wanted: ReadonlySet<string>): Promise<void> {
    for (const key of this.#held) {
      if (wanted.has(key)) continue;
      await this.page.keyboard.up(key);
      this.#held.delete(key);
    }
    for (const key of wanted) {
      if (this.#held.has(key)) continue;
      await this.page.keyboard.down(key);
      this.#held.add(key);
    }
  }
}
