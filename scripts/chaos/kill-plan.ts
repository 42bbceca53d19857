/**
 * When the server is killed: a third of the kills at phase marks, each phase in turn, the others at
 * random; a kill that missed its phase is tried again instead of a random one. In: what became of
 * each kill. Out: what the next one is aimed at, and how long it has to wait.
 */
import { PHASES } from './phase-marks.ts';
import type { Phase, PhaseStep } from './phase-marks.ts';

export interface Aim {
  /** Undefined: at any moment. */
  readonly phase: Phase | undefined;
  readonly step: PhaseStep;
  /** While everybody is on the way back from the kill before. */
  readonly isStorm: boolean;
}

/** Every third kill is aimed. */
const AIMED_EVERY = 3;
/** The supervisor gives up at the fifth death within 10 s. */
const DEATHS_ALLOWED = 4;
const DEATH_WINDOW_MS = 10_300;

export class KillPlan {
  readonly #missed: Phase[] = [];
  readonly #kills: number[] = [];
  #aimed = 0;

  /** `cycle` counts from 0. */
  aim(cycle: number): Aim {
    const phase = this.#phaseOf(cycle);
    if (phase === undefined) return { phase, step: 'begin', isStorm: false };
    this.#aimed += 1;
    // Before and after it is durable, with and without a storm: each with each.
    const isStorm = phase === 'resume' && Math.floor(this.#aimed / 6) % 2 === 0;
    return { phase, step: this.#aimed % 2 === 0 ? 'begin' : 'durable', isStorm };
  }

  handleMissed(phase: Phase): void {
    this.#missed.push(phase);
  }

  handleKilled(at: number): void {
    this.#kills.push(at);
  }

  /** How long from `now` on until one more death is none too many. */
  waitMs(now: number): number {
    const oldest = this.#kills.at(-DEATHS_ALLOWED);
    return oldest === undefined ? 0 : Math.max(0, oldest + DEATH_WINDOW_MS - now);
  }

  #phaseOf(cycle: number): Phase | undefined {
    if (cycle % AIMED_EVERY === 0) return PHASES[(cycle / AIMED_EVERY) % PHASES.length];
    return this.#missed.shift();
  }
}
