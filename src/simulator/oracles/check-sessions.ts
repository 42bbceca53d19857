/**
 * Did every session move when, and only when, the rules say so? In: a run with its session log;
 * without one there is nothing to say. Out: a finding for each difference from the model, the first
 * few: what comes after one mistake says little.
 */
import type { RunResult } from '../run-result.ts';
import { modelLimits, type ModelLimits } from './session-model/model-limits.ts';
import type { ModelProblem } from './session-model/model-host.ts';
import { CoordinatorModel } from './session-model/coordinator-model.ts';
import { isTroubled } from './disk-troubles.ts';
import type { OracleFinding } from './oracle-finding.ts';

const FINDINGS_MAX = 8;
/** What failed is tried again, and may be in doubt for so long. */
const WRITE_MS_MAX = 5_000;

export interface SessionRules {
  /** What differs from the defaults in the host's limits. */
  readonly limits?: Partial<ModelLimits>;
  /** The game has messages of its own. Default false: each is an offence. */
  readonly hasUserMessages?: boolean;
  /** Sessions are in a store. Default false. */
  readonly isDurable?: boolean;
}

export function checkSessions(
  run: RunResult,
  { limits, hasUserMessages = false, isDurable = false }: SessionRules = {},
): OracleFinding[] {
  const { sessions, policy, tickRateHz, name, seed, startedAt } = run;
  if (sessions === undefined) return [];
  const problems: ModelProblem[] = [];
  const model = new CoordinatorModel(sessions, {
    policy,
    startedAt,
    limits: modelLimits({ tickRateHz, livenessTimeoutMs: policy.livenessTimeoutMs }, limits),
    hasUserMessages,
    isDurable,
    isDiskTroubled: (at) =>
      run.durability !== undefined &&
      isTroubled(run.durability, { from: at - WRITE_MS_MAX, until: at }),
    report: (problem) => problems.push(problem),
  });
  model.run();
  return problems.slice(0, FINDINGS_MAX).map(({ at, peer, text }) => ({
    oracle: 'sessions',
    peer,
    at,
    text: `'${name}' (seed ${seed}) at ${at} ms: ${text}`,
  }));
}
