/**
 * Everything that can be said of one run without another: legal lifecycles, bounds, sessions,
 * clients, counted messages, the wire, the authority's truth, fair play, liveness, errors. In: a
 * run. Out: findings.
 */
import type { RunResult } from '../run-result.ts';
import type { GameRules } from './authority-model/game-rules.ts';
import { checkAuthority } from './check-authority.ts';
import { checkBounds } from './check-bounds.ts';
import { checkClient } from './check-client.ts';
import { checkErrors } from './check-errors.ts';
import { checkFairPlay } from './check-fair-play.ts';
import { checkLegalLifecycle, type LegalLifecycleOptions } from './check-legal-lifecycle.ts';
import { checkLiveness, type LivenessOptions } from './check-liveness.ts';
import { checkRecovery } from './check-recovery.ts';
import { checkReliable, type ReliableOptions } from './check-reliable.ts';
import { checkSessions, type SessionRules } from './check-sessions.ts';
import { checkWire, type WireOptions } from './check-wire.ts';
import type { OracleFinding } from './oracle-finding.ts';

export interface RunCheck extends LegalLifecycleOptions {
  /** Absent: liveness is not judged. */
  readonly liveness?: LivenessOptions;
  /** Gauges that must have been read. */
  readonly gauges?: readonly string[];
  /** Absent: the worlds are not judged by a model of the shipped game. */
  readonly game?: GameRules;
  /** Absent: the coordinator is not judged by a model of its rules. */
  readonly sessions?: SessionRules;
  /** Absent: by the host's defaults. */
  readonly reliable?: ReliableOptions;
  /** Honest peers are on the shipped client, and thresholds the defaults. Default false. */
  readonly isFairPlayAsked?: boolean;
  /** Absent: what is owed on the wire is not judged. */
  readonly wire?: WireOptions;
}

export function checkRun(run: RunResult, check: RunCheck = {}): OracleFinding[] {
  return [
    ...checkErrors(run),
    ...checkLegalLifecycle(run, check),
    ...checkBounds(run, check.gauges),
    ...(check.sessions === undefined ? [] : checkSessions(run, check.sessions)),
    ...checkClient(run),
    ...checkReliable(run, check.reliable),
    ...checkRecovery(run),
    ...(check.wire === undefined ? [] : checkWire(run, check.wire)),
    ...(check.isFairPlayAsked === true ? checkFairPlay(run) : []),
    ...(check.game === undefined ? [] : checkAuthority(run, check.game)),
    ...(check.liveness === undefined ? [] : checkLiveness(run, check.liveness)),
  ];
}
