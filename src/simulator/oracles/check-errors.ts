/**
 * What nobody may cause: our own bugs, and what a user's checkers object to. In: a run. Out: a
 * finding for each error that it noted.
 */
import type { RunResult } from '../run-result.ts';
import type { OracleFinding } from './oracle-finding.ts';

export function checkErrors(run: RunResult): OracleFinding[] {
  return run.errors.map(({ at, where, text }) => ({
    oracle: 'errors',
    peer: undefined,
    at,
    text: `'${run.name}' (seed ${run.seed}) at ${at} ms, ${where}: ${text}`,
  }));
}
