/**
 * Fingers on a page's glass, as Chromium's devtools protocol sends them: several at once, each with
 * a number of its own. In: a page of a context with touch. Out: real touch input.
 */
import type { CDPSession, Page } from 'playwright-core';

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export class Thumbs {
  readonly #session: CDPSession;
  readonly #down = new Map<number, Spot>();

  constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<Thumbs> {
    return new Thumbs(await page.context().newCDPSession(page));
  }

  press(finger: number, spot: Spot): Promise<void> {
    this.#down.set(finger, spot);
    return this.#send('touchStart');
  }

  move(finger: number, spot: Spot): Promise<void> {
    this.#down.set(finger, spot);
    return this.#send('touchMove');
  }

  lift(finger: number): Promise<void> {
    this.#down.delete(finger);
    return this.#send('touchEnd');
  }

  /** The system takes every finger away, for instance for a gesture of its own. */
  async cancel(): Promise<void> {
    this.#down.clear();
    await this.#session.send('Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] });
  }

  /** The protocol takes all fingers that are down; who is missing has been lifted. */
  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd'): Promise<void> {
    const touchPoints = [...this.#down].map(([id, { x, y }]) => ({ id, x, y }));
    await this.#session.send('Input.dispatchTouchEvent', { type, touchPoints });
  }
}
