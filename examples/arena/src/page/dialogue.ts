/**
 * What the page says and asks: name entry, banner, farewell, fault buttons. In: the game's phase
 * and notices. Out: elements shown, hidden, enabled. Must not know: how anything is drawn.
 */
import type { Game } from './game.ts';
import { describeConnection, farewellFor } from './game-texts.ts';
import type { Guest } from './guest.ts';
import type { PageElements } from './page-elements.ts';

/** How long a notice stays, and how long after joining the hint does. Milliseconds. */
const NOTICE_MS = 6_000;
const HINT_MS = 12_000;

export class Dialogue {
  readonly #elements: PageElements;
  readonly #game: Game;
  readonly #guest: Guest;
  #notice = '';
  #noticeTimer = 0;
  #shownPhase: string | undefined;

  constructor(options: { elements: PageElements; game: Game; guest: Guest }) {
    this.#elements = options.elements;
    this.#game = options.game;
    this.#guest = options.guest;
    this.#elements.name.value = this.#guest.name;
    this.#listen();
    this.update();
    if (!this.#guest.isPlaying) this.#elements.name.focus();
  }

  /** Says something for some seconds. */
  showNotice(text: string): void {
    window.clearTimeout(this.#noticeTimer);
    this.#notice = text;
    this.#noticeTimer = window.setTimeout(() => {
      this.#notice = '';
      this.update();
    }, NOTICE_MS);
    this.update();
  }

  /** Brings every element in line with the game; cheap, called on each change and each second. */
  update(): void {
    const { phase } = this.#game;
    if (phase !== this.#shownPhase) this.#showPhase();
    this.#showBanner();
    const { drop, silence, garbage, twice, leave, reload } = this.#elements;
    const isLoggedIn = phase === 'playing' && this.#game.client?.state === 'logged-in';
    const isSilent = this.#game.silentUntil !== undefined;
    for (const button of [drop, garbage, twice, leave]) button.disabled = !isLoggedIn;
    reload.disabled = phase !== 'playing';
    silence.disabled = !isLoggedIn && !isSilent;
    silence.ariaPressed = String(isSilent);
    const label = isSilent ? 'End silence' : 'Go silent';
    if (silence.textContent !== label) silence.textContent = label;
  }

  #showPhase(): void {
    const { entry, play, playAgain, farewell, hint, view } = this.#elements;
    const { phase, isReturning } = this.#game;
    this.#shownPhase = phase;
    const hadCard = !entry.hidden || !farewell.hidden;
    // While joining, the card that was there stays.
    if (phase !== 'joining' || isReturning) {
      entry.hidden = phase !== 'entry';
      farewell.hidden = phase !== 'ended';
    }
    play.disabled = phase === 'joining';
    playAgain.disabled = phase === 'joining';
    hint.hidden = phase !== 'playing';
    if (phase === 'playing') {
      window.setTimeout(() => (hint.hidden = true), HINT_MS);
      if (hadCard) view.focus();
    }
    if (phase === 'ended') this.#showFarewell();
  }

  #showFarewell(): void {
    const { farewellTitle, farewellText, playAgain } = this.#elements;
    const { title, text, again = 'Play again' } = farewellFor(this.#game.endReason);
    farewellTitle.textContent = title;
    farewellText.textContent = text;
    playAgain.textContent = again;
    playAgain.focus();
  }

  #showBanner(): void {
    const { banner } = this.#elements;
    const { phase, client, silentUntil } = this.#game;
    let trouble: string | undefined;
    if (phase === 'playing' && client !== undefined) {
      const silentForMs = silentUntil === undefined ? 0 : silentUntil - performance.now();
      trouble = describeConnection(client, Math.max(0, silentForMs));
    }
    if (phase === 'joining') trouble = this.#game.isReturning ? 'Coming back…' : 'Joining…';
    const notice = phase === 'playing' ? this.#notice : '';
    const text = [trouble, notice].filter(Boolean).join(' ');
    if (banner.textContent !== text) banner.textContent = text;
    banner.classList.toggle('calm', trouble === undefined);
  }

  #listen(): void {
    const { entry, name, playAgain, drop, silence, garbage, twice, leave, reload } = this.#elements;
    entry.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#guest.name = name.value;
      void this.#game.play();
    });
    playAgain.addEventListener('click', () => void this.#game.play());
    this.#onClick(drop, () => this.#game.dropConnection());
    this.#onClick(silence, () => this.#game.toggleSilence());
    this.#onClick(garbage, () => this.#game.sendGarbage());
    this.#onClick(twice, () => void this.#game.logInTwice());
    this.#onClick(reload, () => window.location.reload());
    this.#onClick(leave, () => void this.#game.leave());
    window.setInterval(() => this.update(), 500);
  }

  #onClick(button: HTMLButtonElement, action: () => void): void {
    button.addEventListener('click', (event) => {
      action();
      // After a click of the pointer the keys belong to the game again; `detail` 0 is the keyboard.
      if (event.detail > 0 && this.#game.phase === 'playing') this.#elements.view.focus();
    });
  }
}
