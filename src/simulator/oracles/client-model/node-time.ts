/**
 * When something that was due on a computer could happen: at once, or when the computer went on
 * after it had stood still. In: the times in which nothing ran on it. Out: instants.
 * Must not know: what was due.
 */
import type { Absence } from '../../virtual-node.ts';

/** What the sum of an instant and a duration may be off by, in ms. */
const ROUNDING_MS = 1e-6;

export class NodeTime {
  readonly #absences: readonly Absence[];

  constructor(absences: readonly Absence[] = []) {
    this.#absences = absences;
  }

  /** When what is due at that instant runs at the latest; Infinity = never. */
  latest(due: number): number {
    let at = due;
    for (const { from, until } of this.#absences) {
      if (from <= at + ROUNDING_MS && at < until) at = until;
    }
    return at;
  }

  /** Whether something that was due at some instant from `earliest` to `latest` may run at `at`. */
  mayRunAt(at: number, earliest: number, latest: number): boolean {
    if (at < earliest - ROUNDING_MS) return false;
    if (at <= latest + ROUNDING_MS) return true;
    return this.#absences.some(
      ({ from, until }) => until === at && from <= this.latest(latest) + ROUNDING_MS,
    );
  }

  /** When its process died last at or before `at`; -Infinity = never. */
  diedAt(at: number): number {
    let died = -Infinity;
    for (const { kind, from } of this.#absences) if (kind === 'stopped' && from <= at) died = from;
    return died;
  }

  /** Whether it stood still at some instant of the span. */
  isAbsentWithin(from: number, until: number): boolean {
    return this.#absences.some((absence) => absence.from <= until && from <= absence.until);
  }
}
