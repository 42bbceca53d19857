/**
 * Keyboard and pointer as intent: where to go, where to aim, whether to shoot. In: DOM events.
 * Out: numbers that the game reads once per input tick. Must not know: the client, the network.
 */
import type { Point } from './camera.ts';

const UP = ['KeyW', 'ArrowUp'];
const DOWN = ['KeyS', 'ArrowDown'];
const LEFT = ['KeyA', 'ArrowLeft'];
const RIGHT = ['KeyD', 'ArrowRight'];
const SHOOT = 'Space';
const KEYS = new Set([...UP, ...DOWN, ...LEFT, ...RIGHT, SHOOT]);

/** Elements that need the keys themselves. */
function keepsKeys(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, textarea, select') !== null) return true;
  if (target.closest('[data-keeps-arrows]') !== null && code.startsWith('Arrow')) return true;
  return code === SHOOT && target.closest('button, a, summary') !== null;
}

export class Controls {
  readonly #held = new Set<string>();
  #isPointerDown = false;
  #isShotWanted = false;
  #pointer: Point | undefined;

  /** `view` is where the pointer aims and shoots; keys count anywhere on the page. */
  constructor(view: HTMLElement) {
    view.addEventListener('pointermove', (event) => this.#handlePointer(view, event));
    view.addEventListener('pointerdown', (event) => {
      this.#handlePointer(view, event);
      if (event.button !== 0) return;
      this.#isPointerDown = true;
      this.#isShotWanted = true;
    });
    window.addEventListener('pointerup', () => (this.#isPointerDown = false));
    window.addEventListener('pointercancel', () => (this.#isPointerDown = false));
    view.addEventListener('contextmenu', (event) => event.preventDefault());
    window.addEventListener('keydown', (event) => this.#handleKeyDown(event));
    window.addEventListener('keyup', (event) => this.#held.delete(event.code));
    window.addEventListener('blur', () => this.release());
  }

  /** Where the pointer is over the view, in CSS pixels; undefined before it was there. */
  get pointer(): Point | undefined {
    return this.#pointer;
  }

  /** Whether to shoot now. A click shorter than an input tick still counts, once. */
  takeShot(): boolean {
    const isWanted = this.#isShotWanted || this.#isPointerDown || this.#held.has(SHOOT);
    this.#isShotWanted = false;
    return isWanted;
  }

  /** -1, 0 or 1 on each axis, brought to length 1 on diagonals; y grows downwards. */
  get direction(): Point {
    const x = this.#axis(LEFT, RIGHT);
    const y = this.#axis(UP, DOWN);
    const length = Math.hypot(x, y);
    return length === 0 ? { x: 0, y: 0 } : { x: x / length, y: y / length };
  }

  /** Lets go of everything, for instance when the window loses the keyboard. */
  release(): void {
    this.#held.clear();
    this.#isPointerDown = false;
    this.#isShotWanted = false;
  }

  #axis(negative: readonly string[], positive: readonly string[]): number {
    const isHeld = (code: string): boolean => this.#held.has(code);
    return Number(positive.some(isHeld)) - Number(negative.some(isHeld));
  }

  #handlePointer(view: HTMLElement, event: PointerEvent): void {
    const box = view.getBoundingClientRect();
    this.#pointer = { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #handleKeyDown(event: KeyboardEvent): void {
    if (!KEYS.has(event.code) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keepsKeys(event.target, event.code)) return;
    event.preventDefault();
    this.#held.add(event.code);
    if (event.code === SHOOT) this.#isShotWanted = true;
  }
}
