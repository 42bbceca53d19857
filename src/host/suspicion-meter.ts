/**
 * How fast one session offends, by kind of offence, and of what it is suspected now: three numbers
 * for each kind, and no history. In: offences as they happen, an instant. Out: what was raised and
 * what is over. Must not know: who the session is, who is told.
 *
 * The rate leaks: an offence adds 1 / window, and fades by e in each. Source: S. W. Roberts,
 * "Control chart tests based on geometric moving averages" (Technometrics 1(3), 1959); ours fades
 * by the time that has passed, on the call, so that no timer is needed.
 */
import { SUSPICION_KINDS, type SuspicionKind, type SuspicionLimits } from './suspicion-limits.ts';

const INDEX = Object.fromEntries(SUSPICION_KINDS.map((kind, index) => [kind, index])) as Readonly<
  Record<SuspicionKind, number>
>;
const NONE: readonly SuspicionKind[] = Object.freeze([]);

export class SuspicionMeter {
  readonly #limits: SuspicionLimits;
  /** Per second, as it was at `#notedAt`. */
  readonly #rates = new Float64Array(SUSPICION_KINDS.length);
  readonly #notedAt = new Float64Array(SUSPICION_KINDS.length);
  /** A bit for each kind. */
  #raised = 0;

  constructor(limits: SuspicionLimits) {
    this.#limits = limits;
  }

  /** Of anything at all. */
  get isRaised(): boolean {
    return this.#raised !== 0;
  }

  /** Of what it is suspected; a copy. */
  get raised(): readonly SuspicionKind[] {
    return this.isRaised ? SUSPICION_KINDS.filter((kind) => this.#has(kind)) : NONE;
  }

  /** Offences per second, averaged over the window. */
  perSecond(kind: SuspicionKind, now: number): number {
    const index = INDEX[kind];
    const sinceMs = now - this.#notedAt[index]!;
    return this.#rates[index]! * Math.exp(-sinceMs / this.#limits.windowMs);
  }

  /** Counts one offence; true when it raises the suspicion. */
  note(kind: SuspicionKind, now: number): boolean {
    const index = INDEX[kind];
    const rate = this.perSecond(kind, now) + 1_000 / this.#limits.windowMs;
    this.#rates[index] = rate;
    this.#notedAt[index] = now;
    if (this.#has(kind) || rate < this.#limits[kind].raiseAtPerSecond) return false;
    this.#raised |= 1 << index;
    return true;
  }

  /** What it is no longer suspected of from now on. */
  takeCleared(now: number): readonly SuspicionKind[] {
    if (!this.isRaised) return NONE;
    const cleared = this.raised.filter(
      (kind) => this.perSecond(kind, now) < this.#limits[kind].clearAtPerSecond,
    );
    for (const kind of cleared) this.#raised &= ~(1 << INDEX[kind]);
    return cleared;
  }

  #has(kind: SuspicionKind): boolean {
    return (this.#raised & (1 << INDEX[kind])) !== 0;
  }
}
