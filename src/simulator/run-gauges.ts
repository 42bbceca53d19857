/**
 * The largest value that each bounded thing reached in a run, with its bound. In: readings. Out:
 * one gauge per name, for the bounds oracle. Must not know: where the readings come from.
 */
export interface Gauge {
  readonly name: string;
  readonly largest: number;
  /** The reading may equal it. */
  readonly bound: number;
  /** When the largest was read (virtual ms), and of whom. */
  readonly at: number;
  readonly of: string;
}

export interface Reading {
  readonly value: number;
  readonly bound: number;
  readonly at: number;
  /** The peer, world or node. */
  readonly of: string;
}

export class RunGauges {
  readonly #gauges = new Map<string, Gauge>();

  /** Keeps the reading if it comes closer to its bound, or further beyond it, than any before. */
  read(name: string, reading: Reading): void {
    const { value, bound, at, of } = reading;
    const known = this.#gauges.get(name);
    if (known === undefined || excessOf(value, bound) > excessOf(known.largest, known.bound)) {
      this.#gauges.set(name, { name, largest: value, bound, at, of });
    }
  }

  get size(): number {
    return this.#gauges.size;
  }

  [Symbol.iterator](): IterableIterator<Gauge> {
    return this.#gauges.values();
  }
}

/** How far beyond its bound; what is no number is further than all that are. */
function excessOf(value: number, bound: number): number {
  const excess = value - bound;
  return Number.isNaN(excess) ? Infinity : excess;
}
