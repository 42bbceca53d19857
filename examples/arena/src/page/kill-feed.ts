/** The last few deaths, newest at the bottom, each for some seconds. In: names. Out: list items. */

const SHOWN_MS = 6_000;
const ENTRIES_MAX = 4;

export interface FeedName {
  readonly text: string;
  readonly colour: string;
}

function nameElement({ text, colour }: FeedName): HTMLElement {
  const element = document.createElement('b');
  element.textContent = text;
  element.style.color = colour;
  return element;
}

export class KillFeed {
  readonly #list: HTMLElement;

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  add(death: { killer: FeedName; target: FeedName; isOwn: boolean }): void {
    const item = document.createElement('li');
    item.classList.toggle('own', death.isOwn);
    item.append(nameElement(death.killer), ' shot ', nameElement(death.target));
    this.#list.append(item);
    while (this.#list.childElementCount > ENTRIES_MAX) this.#list.firstElementChild?.remove();
    window.setTimeout(() => item.remove(), SHOWN_MS);
  }

  clear(): void {
    this.#list.replaceChildren();
  }
}
