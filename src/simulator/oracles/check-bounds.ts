/**
 * O8: what has a bound stays within it: queues, maps, timers, bytes, and the way of a body in one
 * tick. In: a run with its gauges. Out: a finding for each gauge whose largest value is beyond its
 * bound or no number, and for each that the caller asks for and nobody has read.
 */
import type { RunResult } from '../run-result.ts';
import type { OracleFinding } from './oracle-finding.ts';

/** `required`: gauges without which the oracle would have looked at nothing. */
export function checkBounds(run: RunResult, required: readonly string[] = []): OracleFinding[] {
  const findings: OracleFinding[] = [];
  const missing = new Set(required);
  for (const { name, largest, bound, at, of } of run.gauges) {
    missing.delete(name);
    if (largest <= bound) continue;
    const where = `'${run.name}' (seed ${run.seed}) at ${at} ms`;
    const text = `${where}: ${name} of ${of} is ${largest}, bound ${bound}`;
    findings.push({ oracle: 'O8', peer: undefined, at, text });
  }
  for (const name of missing) {
    const text = `'${run.name}' (seed ${run.seed}): nobody has read ${name}`;
    findings.push({ oracle: 'O8', peer: undefined, at: undefined, text });
  }
  return findings;
}
