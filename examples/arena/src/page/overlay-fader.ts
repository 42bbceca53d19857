/**
 * Boxes that lie over the arena and step back while the own player is under them. In: the boxes,
 * where the player is drawn. Out: a class. Must not know: what the boxes show.
 */
import type { Point } from './camera.ts';

/** Begins a little before the player is under the edge. Pixels. */
const MARGIN = 14;

function isUnder({ x, y }: Point, box: HTMLElement): boolean {
  const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = box;
  const isWithinX = x > left - MARGIN && x < left + width + MARGIN;
  return isWithinX && y > top - MARGIN && y < top + height + MARGIN;
}

export class OverlayFader {
  readonly #boxes: readonly HTMLElement[];

  /** The boxes are placed in the same element as the view, whose corner is theirs. */
  constructor(boxes: readonly HTMLElement[]) {
    this.#boxes = boxes;
  }

  /** `place` in CSS pixels of the view; undefined = nobody is there. */
  update(place: Point | undefined): void {
    for (const box of this.#boxes) {
      box.classList.toggle('faint', place !== undefined && isUnder(place, box));
    }
  }
}
