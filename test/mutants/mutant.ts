/**
 * A planted bug: a real mistake of this field, as a patch of the built package. Written from the
 * specification and src/ alone; what finds it is the oracles' matter (src/simulator/oracles/).
 * Applied to a copy of dist/ by scripts/mutants/apply-patches.ts.
 */

export interface Replacement {
  /** Stands in the built file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface Mutant {
  /** kebab-case, unique. */
  readonly name: string;
  /** The built file, relative to dist/, such as `session/step-server.js`. */
  readonly file: string;
  readonly replacements: readonly Replacement[];
  /** One sentence: who makes it and what it breaks. */
  readonly mistake: string;
  /** Which seeds are run, where only some draw what it takes. Default: all, from the first. */
  readonly seeds?: { readonly from: number; readonly step: number };
  /** The rule that it breaks: L*, C*, R*, or a section of the design. */
  readonly rule: string;
}
