/** Draws from one seed, in order: what is drawn later follows from what was drawn before. */
import { createPrng } from '../base/prng.ts';

export class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = createPrng(seed);
  }

  chance(rate: number): boolean {
    return this.#random() < rate;
  }

  between(min: number, max: number): number {
    return min + (max - min) * this.#random();
  }

  /** Small values are likelier: evenly drawn on a logarithmic scale. */
  steep(min: number, max: number): number {
    return min * (max / min) ** this.#random();
  }

  /** Both ends included. */
  whole(min: number, max: number): number {
    return min + Math.floor(this.#random() * (max - min + 1));
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#random() * items.length)]!;
  }

  /** Fisher and Yates. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = this.whole(0, last);
      [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
    }
    return shuffled;
  }
}
