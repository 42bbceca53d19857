/**
 * What the copies of one connection's movement inputs may be: an input where it has got lost, and
 * nothing otherwise. In: inputs as they are taken, from a message of their own or from a copy. Out:
 * what is wrong; whether an input that comes late was taken already.
 */
import type { TakenInput } from './world-log.ts';

/** So far apart, an input that was taken from a copy is not known any more when it comes. */
const TICKS_KNOWN = 32;

export class CopyDuty {
  /** By `tick % TICKS_KNOWN`. */
  readonly #recovered = new Map<number, number>();
  /** Those that could run when they were taken. */
  readonly #usable = new Map<number, number>();

  /** True once for an input that was taken from a copy: it is none any more. */
  isLate({ kind, tick }: Pick<TakenInput, 'kind' | 'tick'>): boolean {
    const slot = tick % TICKS_KNOWN;
    return (
      kind === 'move-input' && this.#recovered.get(slot) === tick && this.#recovered.delete(slot)
    );
  }

  noteTaken({ kind, tick, isUsable }: TakenInput): void {
    if (kind === 'move-input' && isUsable) this.#usable.set(tick % TICKS_KNOWN, tick);
  }

  noteRecovered({ tick, isUsable }: TakenInput): string | undefined {
    this.#recovered.set(tick % TICKS_KNOWN, tick);
    if (!isUsable) return `a copy of move-input ${tick} is taken, which could not run`;
    if (this.#usable.get(tick % TICKS_KNOWN) !== tick) return undefined;
    return `a copy of move-input ${tick} is taken, which has come`;
  }
}
