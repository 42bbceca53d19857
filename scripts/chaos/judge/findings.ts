/** What a checker found: how often something was that must not be, words about the first ones. */

export const FAULTS = [
  'sessionsLost',
  'doubled',
  'wrongEntity',
  'stateMismatches',
  'inputsAppliedTwice',
  'reliableOutcomesLost',
  'epochRegressions',
] as const;
export type Fault = (typeof FAULTS)[number];

const WORDS_MAX = 12;

export class Findings {
  readonly counts: Record<Fault, number> = {
    sessionsLost: 0,
    doubled: 0,
    wrongEntity: 0,
    stateMismatches: 0,
    inputsAppliedTwice: 0,
    reliableOutcomesLost: 0,
    epochRegressions: 0,
  };
  readonly #words: string[] = [];
  readonly #said = new Map<Fault, number>();

  add(fault: Fault, words: string, count = 1): void {
    this.counts[fault] += count;
    const said = this.#said.get(fault) ?? 0;
    this.#said.set(fault, said + 1);
    if (said < WORDS_MAX) this.#words.push(`${fault}: ${words}`);
  }

  /** The first ones of each fault. */
  get words(): readonly string[] {
    return this.#words;
  }
}
