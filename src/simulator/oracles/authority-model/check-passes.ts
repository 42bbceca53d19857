/**
 * When worlds tick: at each instant of the host's clock, whether anybody looks or not, and after a
 * stall as often as was missed, up to a bound. In: modelled worlds, when server processes began and
 * stood still. Out: findings.
 */
import type { RunResult } from '../../run-result.ts';
import { SERVER_BEGINS } from '../../run-recorder.ts';
import type { ModelWorld } from './model-world.ts';

export interface PassProblem {
  readonly at: number;
  readonly text: string;
}

export interface PassOptions {
  readonly run: RunResult;
  readonly catchUpTicksMax: number;
}

/** A computed instant and a read one may differ by rounding. */
const EPSILON_MS = 0.001;

/** The first problem of a world. */
export function checkPasses(
  { passes, tape, playersCount, failedAt }: ModelWorld,
  { run, catchUpTicksMax }: PassOptions,
): PassProblem | undefined {
  const intervalMs = 1_000 / run.tickRateHz;
  const begins = beginnings(run);
  const beganAt = begins.findLast((at) => at <= tape.openedAt) ?? run.startedAt;
  const ticksUntil = (at: number): number => Math.floor((at - beganAt + EPSILON_MS) / intervalMs);
  let done = ticksUntil(tape.openedAt);
  for (const [index, { at, ticks }] of passes.entries()) {
    const due = ticksUntil(at) - done;
    done += due;
    const right = Math.min(due, catchUpTicksMax);
    // A world that opens in the instant of a pass may be there before it.
    const mayBeMore = index === 0 && at === tape.openedAt;
    // A world without players closes, whatever is still due.
    const mayBeLess = index === passes.length - 1 && playersCount === 0 && ticks < right;
    if (ticks === right || mayBeMore || mayBeLess) continue;
    return { at, text: `${ticks} ticks run, where ${right} are due` };
  }
  const hasEnded = playersCount === 0 || failedAt !== undefined;
  const hasDied = begins.some((at) => at > tape.openedAt) || isServerAway(run);
  const lastAt = passes.at(-1)?.at ?? tape.openedAt;
  if (hasEnded || hasDied || ticksUntil(run.endedAt) <= ticksUntil(lastAt)) return undefined;
  return { at: lastAt, text: `the world stands still with ${playersCount} players in it` };
}

/** When server processes began; the first does so with the run. */
function beginnings({ peers, startedAt }: RunResult): number[] {
  const instants = new Set<number>([startedAt]);
  for (const { trace } of peers.values()) {
    for (const { at, text } of trace.entries('note')) {
      if (text === SERVER_BEGINS && at > startedAt) instants.add(at);
    }
    break;
  }
  return [...instants].toSorted((one, other) => one - other);
}

function isServerAway({ absences }: RunResult): boolean {
  return absences?.get('server')?.some(({ until }) => until === Infinity) ?? false;
}
