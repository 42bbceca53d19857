/**
 * Keyboard, mouse and thumbs as intent: where to go, where to aim, whether to shoot. In: events of
 * the DOM. Out: numbers that the game reads once per input tick. Must not know: the client, the
 * network.
 */
import type { Point } from './camera.ts';
import { TouchSticks } from './touch-sticks.ts';
import type { ShownSticks } from './touch-sticks.ts';

const UP = ['KeyW', 'ArrowUp'];
const DOWN = ['KeyS', 'ArrowDown'];
const LEFT = ['KeyA', 'ArrowLeft'];
const RIGHT = ['KeyD', 'ArrowRight'];
const SHOOT = 'Space';
const KEYS = new Set([...UP, ...DOWN, ...LEFT, ...RIGHT, SHOOT]);

/** Elements that need the keys themselves. */
function keepsKeys(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input:not([type="range"]), textarea, select') !== null) return true;
  if (target.closest('[data-keeps-arrows]') !== null && code.startsWith('Arrow')) return true;
  return code === SHOOT && target.closest('button, a, summary') !== null;
}

function placeIn(view: HTMLElement, event: PointerEvent): Point {
  const box = view.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
}

export class Controls {
  readonly #held = new Set<string>();
  readonly #sticks = new TouchSticks();
  /** Whether thumbs play: from the first touch on, until a mouse moves. */
  #isTouched = window.matchMedia('(pointer: coarse)').matches;
  #isMouseDown = false;
  #isShotWanted = false;
  #pointer: Point | undefined;

  /** `view` is where pointers aim and shoot; keys count anywhere on the page. */
  constructor(view: HTMLElement) {
    this.#listenToPointers(view);
    view.addEventListener('contextmenu', (event) => event.preventDefault());
    window.addEventListener('keydown', (event) => this.#handleKeyDown(event));
    window.addEventListener('keyup', (event) => this.#held.delete(event.code));
    window.addEventListener('blur', () => this.release());
    // Turned round, or another size: where thumbs came down means nothing any more.
    new ResizeObserver(() => this.#sticks.cancelAll()).observe(view);
  }

  /** Where the mouse is over the view, in CSS pixels; undefined before it was there, for thumbs. */
  get pointer(): Point | undefined {
    return this.#isTouched ? undefined : this.#pointer;
  }

  /** The sticks to draw; undefined where nobody plays by touch. */
  get sticks(): ShownSticks | undefined {
    return this.#isTouched ? this.#sticks.shown : undefined;
  }

  /** Where the aiming thumb points, in radians; undefined while it doesn't. */
  get stickYaw(): number | undefined {
    return this.#sticks.yaw;
  }

  /** Whether to shoot now. A click or tap shorter than an input tick still counts, once. */
  takeShot(): boolean {
    const isTapped = this.#sticks.takeTap();
    const isHeld = this.#isMouseDown || this.#sticks.isShooting || this.#held.has(SHOOT);
    const isWanted = this.#isShotWanted || isTapped || isHeld;
    this.#isShotWanted = false;
    return isWanted;
  }

  /** At most of length 1; keys go full speed, a stick as far as it is pushed. y grows downwards. */
  get direction(): Point {
    const x = this.#axis(LEFT, RIGHT);
    const y = this.#axis(UP, DOWN);
    const length = Math.hypot(x, y);
    return length === 0 ? this.#sticks.direction : { x: x / length, y: y / length };
  }

  /** Lets go of everything, for instance when the window loses the keyboard. */
  release(): void {
    this.#held.clear();
    this.#sticks.cancelAll();
    this.#isMouseDown = false;
    this.#isShotWanted = false;
  }

  #axis(negative: readonly string[], positive: readonly string[]): number {
    const isHeld = (code: string): boolean => this.#held.has(code);
    return Number(positive.some(isHeld)) - Number(negative.some(isHeld));
  }

  /** A finger belongs to the view that it came down on, wherever it goes. */
  #listenToPointers(view: HTMLElement): void {
    view.addEventListener('pointerdown', (event) => {
      if (event.pointerType !== 'touch') return this.#handleMouseDown(placeIn(view, event), event);
      this.#isTouched = true;
      this.#sticks.press(event.pointerId, placeIn(view, event), view.clientWidth);
    });
    view.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'touch') this.#sticks.move(event.pointerId, placeIn(view, event));
      else this.#handleMouse(placeIn(view, event));
    });
    window.addEventListener('pointerup', (event) => {
      this.#sticks.release(event.pointerId);
      if (event.pointerType !== 'touch') this.#isMouseDown = false;
    });
    window.addEventListener('pointercancel', (event) => {
      this.#sticks.cancel(event.pointerId);
      if (event.pointerType !== 'touch') this.#isMouseDown = false;
    });
  }

  #handleMouse(place: Point): void {
    this.#isTouched = false;
    this.#pointer = place;
  }

  #handleMouseDown(place: Point, { button }: PointerEvent): void {
    this.#handleMouse(place);
    if (button !== 0) return;
    this.#isMouseDown = true;
    this.#isShotWanted = true;
  }

  #handleKeyDown(event: KeyboardEvent): void {
    if (!KEYS.has(event.code) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (keepsKeys(event.target, event.code)) return;
    event.preventDefault();
    this.#held.add(event.code);
    if (event.code === SHOOT) this.#isShotWanted = true;
  }
}
