/**
 * The largest of the values of the last few seconds, in constant memory: one maximum per slice of
 * time. Delays only make a clock sample smaller, so the largest is the truest.
 */
export class WindowedMaximum {
  readonly #sliceMs: number;
  readonly #maxima: number[];
  /** Number of the slice that each cell of `#maxima` belongs to. */
  readonly #slices: number[];

  /** The window is `slicesCount` slices of `sliceMs` milliseconds. */
  constructor(options: { readonly sliceMs: number; readonly slicesCount: number }) {
    this.#sliceMs = options.sliceMs;
    this.#maxima = Array.from({ length: options.slicesCount }, () => -Infinity);
    this.#slices = Array.from({ length: options.slicesCount }, () => -Infinity);
  }

  observe(value: number, now: number): void {
    const slice = Math.floor(now / this.#sliceMs);
    const cell = slice % this.#maxima.length;
    const known = this.#slices[cell] === slice ? (this.#maxima[cell] ?? -Infinity) : -Infinity;
    this.#slices[cell] = slice;
    this.#maxima[cell] = Math.max(known, value);
  }

  /** The largest of the newest `slicesCount` slices (default: all); -Infinity without any. */
  maximum(now: number, slicesCount = this.#maxima.length): number {
    const oldest = Math.floor(now / this.#sliceMs) - slicesCount;
    let maximum = -Infinity;
    for (const [cell, value] of this.#maxima.entries()) {
      if ((this.#slices[cell] ?? -Infinity) > oldest) maximum = Math.max(maximum, value);
    }
    return maximum;
  }

  /** Whether there was a value in the slice before the present one. */
  hasPreviousSlice(now: number): boolean {
    return this.#slices.includes(Math.floor(now / this.#sliceMs) - 1);
  }

  /** Forgets all but the newest `slicesCount` slices. */
  forgetOlder(now: number, slicesCount: number): void {
    const oldest = Math.floor(now / this.#sliceMs) - slicesCount;
    for (const [cell, slice] of this.#slices.entries()) {
      if (slice <= oldest) this.#maxima[cell] = -Infinity;
    }
  }
}
