/** What a probe is: measures on the built package, and says which goals were missed. */
export interface ProbeOptions {
  /** How long it measures; undefined = as long as its goals ask for. */
  readonly seconds: number | undefined;
  /** For people: what is under way, what was found. */
  readonly say: (text: string) => void;
}

export interface ProbeOutcome {
  readonly result: Readonly<Record<string, unknown>>;
  /** Goals that were missed, and why nothing was measured; none = all is well. */
  readonly problems: readonly string[];
}

export type Probe = (options: ProbeOptions) => Promise<ProbeOutcome>;
