/**
 * Says what the timeline piece under the pointer is. One tooltip serves every strip of the panel.
 * In: pointer events of the panel. Out: a positioned text.
 */
import type { TimelineStrip } from './timeline-strip.ts';

const OFFSET = 14;

export class StripTooltip {
  readonly #element = document.createElement('div');
  readonly #stripOf: (canvas: Element) => TimelineStrip | undefined;

  constructor(stripOf: (canvas: Element) => TimelineStrip | undefined) {
    this.#stripOf = stripOf;
    this.#element.className = 'tooltip';
    this.#element.setAttribute('role', 'tooltip');
    this.#element.hidden = true;
  }

  attach(panel: HTMLElement): void {
    document.body.append(this.#element);
    panel.addEventListener('pointermove', (event) => this.#handleMove(event));
    panel.addEventListener('pointerleave', () => this.#hide());
    panel.addEventListener('scroll', () => this.#hide(), { capture: true, passive: true });
  }

  #handleMove(event: PointerEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const strip = target === undefined ? undefined : this.#stripOf(target);
    const text = strip?.describeAt(event.offsetX);
    if (text === undefined) return this.#hide();
    this.#element.textContent = text;
    this.#element.hidden = false;
    const { width, height } = this.#element.getBoundingClientRect();
    const left = Math.min(event.clientX + OFFSET, window.innerWidth - width - 4);
    const below = event.clientY + OFFSET;
    const top = below + height > window.innerHeight ? event.clientY - height - 6 : below;
    this.#element.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
  }

  #hide(): void {
    this.#element.hidden = true;
  }
}
