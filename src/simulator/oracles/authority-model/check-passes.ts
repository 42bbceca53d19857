/**
 * When worlds tick: at each instant of the host's clock, whether anybody looks or not, and after a
 * stall as often as was missed, up to a bound. In: modelled worlds, when server processes began and
 * stood still. Out: findings.
 */
import type { RunResult } from '../../run-result.ts';
import { EPSILON_MS, HostTicks } from './host-ticks.ts';
import type { ModelWorld } from './model-world.ts';

export interface PassProblem {
  readonly at: number;
  readonly text: string;
}

export interface PassOptions {
  readonly run: RunResult;
  readonly catchUpTicksMax: number;
}

/** The first problem of a world. */
export function checkPasses(
  { passes, tape, playersCount, failedAt }: ModelWorld,
  { run, catchUpTicksMax }: PassOptions,
): PassProblem | undefined {
  const host = new HostTicks(run, tape.openedAt);
  let done = host.dueUntil(tape.openedAt);
  for (const [index, { at, ticks }] of passes.entries()) {
    const due = host.dueUntil(at) - done;
    done += due;
    const right = Math.min(due, catchUpTicksMax);
    if (host.isDrainingAt(at)) continue;
    // A world that opens in the instant of a pass may be there before it.
    const isJustOpen = index === 0 && at - tape.openedAt < EPSILON_MS;
    const mayBeMore = isJustOpen && ticks > right && ticks <= catchUpTicksMax;
    // A world without players closes, whatever is still due.
    const mayBeLess = index === passes.length - 1 && playersCount === 0 && ticks < right;
    if (ticks === right || mayBeMore || mayBeLess) continue;
    return { at, text: `${ticks} ticks run, where ${right} are due` };
  }
  const hasEnded = playersCount === 0 || failedAt !== undefined;
  const lastAt = passes.at(-1)?.at ?? tape.openedAt;
  if (hasEnded || !host.hasTickAfter(lastAt)) return undefined;
  return { at: lastAt, text: `the world stands still with ${playersCount} players in it` };
}
