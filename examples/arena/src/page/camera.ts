/**
 * Maps metres of the arena to CSS pixels of the canvas and back. The whole arena is shown where it
 * stays legible; on small screens the camera comes closer and follows the player. Pure.
 */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface View extends Size {
  /** What thumbs cover below; the arena's lower edge can be seen above it. Pixels, default 0. */
  readonly coveredBelow?: number;
}

export interface Bounds {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Below this a player is too small to aim at. Pixels per metre. */
const SCALE_MIN = 11;
/** Beyond this nothing gets clearer. Pixels per metre. */
const SCALE_MAX = 40;
/** Free space around an arena that fits whole. Pixels. */
const MARGIN = 12;

interface Range {
  readonly min: number;
  readonly max: number;
  /** Pixels at its end that something covers. */
  readonly covered: number;
}

export class Camera {
  #scale = 1;
  #offsetX = 0;
  #offsetY = 0;

  /** Pixels per metre. */
  get scale(): number {
    return this.#scale;
  }

  get offsetX(): number {
    return this.#offsetX;
  }

  get offsetY(): number {
    return this.#offsetY;
  }

  /** `focus` is what must stay in view when the arena doesn't fit. */
  look(view: View, bounds: Bounds, focus: Point): void {
    const width = bounds.maxX - bounds.minX;
    const height = bounds.maxY - bounds.minY;
    const fit = Math.min((view.width - 2 * MARGIN) / width, (view.height - 2 * MARGIN) / height);
    this.#scale = Math.min(SCALE_MAX, Math.max(SCALE_MIN, fit));
    const rangeX = { min: bounds.minX, max: bounds.maxX, covered: 0 };
    const rangeY = { min: bounds.minY, max: bounds.maxY, covered: view.coveredBelow ?? 0 };
    this.#offsetX = this.#offset(view.width, rangeX, focus.x);
    this.#offsetY = this.#offset(view.height, rangeY, focus.y);
  }

  toScreenX(x: number): number {
    return x * this.#scale + this.#offsetX;
  }

  toScreenY(y: number): number {
    return y * this.#scale + this.#offsetY;
  }

  toWorld(screen: Point): Point {
    return {
      x: (screen.x - this.#offsetX) / this.#scale,
      y: (screen.y - this.#offsetY) / this.#scale,
    };
  }

  #offset(view: number, range: Range, focus: number): number {
    const length = (range.max - range.min) * this.#scale;
    if (length + 2 * MARGIN <= view) return (view - length) / 2 - range.min * this.#scale;
    const centred = view / 2 - focus * this.#scale;
    const most = MARGIN - range.min * this.#scale;
    const least = view - range.covered - MARGIN - range.max * this.#scale;
    return Math.min(most, Math.max(least, centred));
  }
}
