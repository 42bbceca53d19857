/**
 * A drawn scenario once more, changed in one way that must change nothing, or nothing but what it
 * says. In: a scenario and its joint run. Out: what the oracles found, and what that took.
 */
import type { OracleFinding } from '../oracles/oracle-finding.ts';
import type { RunResult } from '../run-result.ts';
import type { Scenario } from '../scenario.ts';
import type { ScenarioRun } from '../scenario-run.ts';

export interface VariationOutcome {
  readonly findings: readonly OracleFinding[];
  /** Runs that were made for it. */
  readonly runs: readonly ScenarioRun[];
  /** Traces of the joint run that were compared with another. */
  readonly pairsCompared: number;
  /** Bytes of one side of each pair. */
  readonly bytesCompared: number;
}

export type Variation = (scenario: Scenario, joint: RunResult) => Promise<VariationOutcome>;
