/**
 * Everything that can be said of one run without another: legal lifecycles, bounds, liveness,
 * errors. In: a run. Out: findings.
 */
import type { RunResult } from '../run-result.ts';
import { checkBounds } from './check-bounds.ts';
import { checkErrors } from './check-errors.ts';
import { checkLegalLifecycle, type LegalLifecycleOptions } from './check-legal-lifecycle.ts';
import { checkLiveness, type LivenessOptions } from './check-liveness.ts';
import type { OracleFinding } from './oracle-finding.ts';

export interface RunCheck extends LegalLifecycleOptions {
  /** Absent: liveness is not judged. */
  readonly liveness?: LivenessOptions;
  /** Gauges that must have been read. */
  readonly gauges?: readonly string[];
}

export function checkRun(run: RunResult, check: RunCheck = {}): OracleFinding[] {
  return [
    ...checkErrors(run),
    ...checkLegalLifecycle(run, check),
    ...checkBounds(run, check.gauges),
    ...(check.liveness === undefined ? [] : checkLiveness(run, check.liveness)),
  ];
}
