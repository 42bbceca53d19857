/**
 * The table of numbers about one's own connection, and the switch for everything that draws the
 * netcode: a button and the key N. Off until somebody asks, kept across a reload. In: clicks, keys,
 * the client's statistics. Out: DOM, whether to draw. Must not know: how anything else is drawn.
 */
import type { ClientStats, TokenStorage } from 'holdfast/client';
import { readNetcode } from './netcode-readings.ts';
import type { NetcodeReading } from './netcode-readings.ts';

export interface NetcodeElements {
  readonly netcode: HTMLElement;
  readonly netcodeToggle: HTMLButtonElement;
  /** Gets the keys back after a click. */
  readonly view: HTMLElement;
}

const STORAGE_KEY = 'arena.netcode';
const KEY = 'KeyN';
/** Numbers that change faster can't be read. Milliseconds. */
const INTERVAL_MS = 200;

function createRow(): HTMLElement {
  const row = document.createElement('tr');
  const label = document.createElement('th');
  label.scope = 'row';
  const value = document.createElement('td');
  const bar = document.createElement('td');
  bar.className = 'bar';
  bar.ariaHidden = 'true';
  bar.append(document.createElement('i'));
  row.append(label, value, bar);
  return row;
}

function fillRow(row: HTMLElement, { label, text, part, isBad }: NetcodeReading): void {
  const [name, value, bar] = row.children;
  if (name !== undefined && name.textContent !== label) name.textContent = label;
  if (value !== undefined && value.textContent !== text) value.textContent = text;
  if (bar instanceof HTMLElement) bar.style.setProperty('--part', part.toFixed(3));
  row.classList.toggle('bad', isBad);
}

export class NetcodeDisplay {
  readonly #elements: NetcodeElements;
  readonly #storage: TokenStorage;
  #isOn: boolean;
  #shownAt = -Infinity;

  constructor(options: { elements: NetcodeElements; storage: TokenStorage }) {
    this.#elements = options.elements;
    this.#storage = options.storage;
    this.#isOn = this.#storage.getItem(STORAGE_KEY) !== null;
    const { netcodeToggle, view } = this.#elements;
    netcodeToggle.addEventListener('click', (event) => {
      this.#toggle();
      // `detail` 0 is the keyboard, which stays where it is.
      if (event.detail > 0) view.focus();
    });
    window.addEventListener('keydown', (event) => this.#handleKeyDown(event));
    this.#update();
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Called with each frame; undefined = not playing. */
  show(stats: ClientStats | undefined, now: number): void {
    const { netcode } = this.#elements;
    netcode.hidden = !this.#isOn || stats === undefined;
    if (stats === undefined || netcode.hidden || now - this.#shownAt < INTERVAL_MS) return;
    this.#shownAt = now;
    const readings = readNetcode(stats);
    while (netcode.children.length < readings.length) netcode.append(createRow());
    for (const [index, row] of [...netcode.children].entries()) {
      const reading = readings[index];
      if (reading !== undefined && row instanceof HTMLElement) fillRow(row, reading);
    }
  }

  #toggle(): void {
    this.#isOn = !this.#isOn;
    this.#shownAt = -Infinity;
    if (this.#isOn) this.#storage.setItem(STORAGE_KEY, 'on');
    else this.#storage.removeItem(STORAGE_KEY);
    this.#update();
  }

  #update(): void {
    this.#elements.netcodeToggle.ariaPressed = String(this.#isOn);
  }

  #handleKeyDown(event: KeyboardEvent): void {
    if (event.code !== KEY || event.repeat || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const { target } = event;
    const isTyping =
      target instanceof HTMLElement &&
      target.closest('input:not([type="range"]), textarea, select') !== null;
    if (!isTyping) this.#toggle();
  }
}
