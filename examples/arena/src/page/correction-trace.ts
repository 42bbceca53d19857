/**
 * The last correction of one's own place, for as long as it is worth looking at. In: corrections
 * with their time. Out: which way the server moved oneself, and how much it has faded. Pure.
 */
import type { Correction } from 'holdfast/client';

/** Less is the rounding of numbers. Metres. */
const NOTICED_METRES = 0.001;
/** Milliseconds. */
const VISIBLE_MS = 1_200;

/** As it is drawn; metres. */
export interface ShownCorrection {
  readonly x: number;
  readonly y: number;
  /** 0 = just now, 1 = faded away. */
  readonly age: number;
}

export class CorrectionTrace {
  #last: Pick<Correction, 'x' | 'y'> | undefined;
  #at = 0;

  handle({ x, y }: Pick<Correction, 'x' | 'y'>, now: number): void {
    if (Math.hypot(x, y) < NOTICED_METRES) return;
    this.#last = { x, y };
    this.#at = now;
  }

  /** Undefined when there was none lately. */
  shownAt(now: number): ShownCorrection | undefined {
    if (this.#last === undefined) return undefined;
    const age = Math.max(0, (now - this.#at) / VISIBLE_MS);
    return age < 1 ? { ...this.#last, age } : undefined;
  }
}
