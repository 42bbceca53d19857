/**
 * The checker of a chaos run. In: what the clients wrote down, nothing else. Out: how often
 * something was that must not be, with words about the first ones, and how much was looked at.
 */
import type { LogRow } from '../log-rows.ts';
import { checkAnswers } from './check-answers.ts';
import { checkOutcomes } from './check-outcomes.ts';
import { checkSeats, checkSessions } from './check-sessions.ts';
import { checkStates } from './check-states.ts';
import { Findings } from './findings.ts';
import type { Fault } from './findings.ts';
import { measureTimes } from './measure-times.ts';
import { percentile } from './percentile.ts';
import { storiesOf } from './player-stories.ts';
import { WorldHistory } from './world-history.ts';

export interface Judgement {
  readonly counts: Readonly<Record<Fault, number>>;
  readonly words: readonly string[];
  readonly times: {
    readonly processStartP50Ms: number;
    readonly resumeP50Ms: number;
    readonly resumeP99Ms: number;
    readonly absenceP99Ms: number;
    readonly ticksLostMax: number;
  };
  /** What there was to judge. */
  readonly judged: {
    readonly players: number;
    readonly returns: number;
    readonly states: number;
    readonly outcomesDue: number;
    readonly answers: number;
    readonly shots: number;
  };
  /** Tokens that came for the tick in which their connection was lost, and were dropped with it. */
  readonly tokensDropped: number;
}

export function judgeRun(rows: readonly LogRow[]): Judgement {
  const findings = new Findings();
  const stories = storiesOf(rows);
  const history = new WorldHistory(rows, findings);
  checkSessions(stories, findings);
  checkSeats(rows, findings);
  const states = checkStates(stories, history, findings);
  const outcomesDue = checkOutcomes(stories, history, findings);
  const { answers, dropped } = checkAnswers(stories, history, findings);
  const times = measureTimes(rows, stories);
  return {
    counts: findings.counts,
    words: findings.words,
    times: {
      processStartP50Ms: Math.round(percentile(times.processStartMs, 0.5)),
      resumeP50Ms: Math.round(percentile(times.resumeMs, 0.5)),
      resumeP99Ms: Math.round(percentile(times.resumeMs, 0.99)),
      absenceP99Ms: Math.round(percentile(times.absenceMs, 0.99)),
      ticksLostMax: times.ticksLostMax,
    },
    judged: {
      players: stories.length,
      returns: times.resumeMs.length,
      states,
      outcomesDue,
      answers,
      shots: rows.filter((row) => row.kind === 'shot').length,
    },
    tokensDropped: dropped,
  };
}
