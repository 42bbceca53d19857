/**
 * When the server process ticks to which a world belonged: at each interval from its begin until it
 * died, or the run was over. In: a run, an instant in that process's life. Out: how many ticks were
 * due until when.
 */
import { SERVER_BEGINS, SERVER_DRAINS } from '../../run-recorder.ts';
import type { RunResult } from '../../run-result.ts';

/** A computed instant and a read one may differ by rounding. */
export const EPSILON_MS = 0.001;
/** A timer waits whole milliseconds, so a tick may be later than it is due by so much. */
const TIMER_MS = 1;

export class HostTicks {
  readonly #beganAt: number;
  readonly #endsAt: number;
  readonly #drainsAt: number;
  readonly #intervalMs: number;

  constructor(run: RunResult, at: number) {
    const begins = noted(run, SERVER_BEGINS);
    this.#drainsAt =
      noted(run, SERVER_DRAINS).find((drainsAt) => drainsAt >= at && drainsAt > run.startedAt) ??
      Infinity;
    this.#intervalMs = 1_000 / run.tickRateHz;
    this.#beganAt = begins.findLast((begin) => begin <= at) ?? run.startedAt;
    this.#endsAt = endOf(run, { at, nextAt: begins.find((begin) => begin > at) });
  }

  /** Since the process began. */
  dueUntil(at: number): number {
    return Math.floor((at - this.#beganAt + EPSILON_MS) / this.#intervalMs);
  }

  /** Whether it was stopping in good order by then: it ticks once more, and never again. */
  isDrainingAt(at: number): boolean {
    return at >= this.#drainsAt && at <= this.#endsAt;
  }

  /** Whether another tick has surely run after that instant. */
  hasTickAfter(at: number): boolean {
    const endsAt = Math.min(this.#endsAt, this.#drainsAt);
    return this.dueUntil(endsAt - TIMER_MS) > this.dueUntil(at);
  }
}

/** When something was noted of server processes; the first of them begins with the run. */
function noted({ peers, startedAt }: RunResult, what: string): number[] {
  const instants = new Set<number>([startedAt]);
  for (const { trace } of peers.values()) {
    for (const { at, text } of trace.entries('note')) {
      if (text === what && at > startedAt) instants.add(at);
    }
    break;
  }
  return [...instants].toSorted((one, other) => one - other);
}

/** When the process stopped ticking: what stands still as it dies has ended before. */
function endOf(
  { absences, endedAt }: RunResult,
  { at, nextAt = Infinity }: { readonly at: number; readonly nextAt: number | undefined },
): number {
  const ofServer = absences?.get('server') ?? [];
  const death = ofServer.find(({ kind, from }) => kind === 'stopped' && from >= at);
  const end = Math.min(endedAt, nextAt, death?.from ?? Infinity);
  const pause = ofServer.find(
    ({ kind, from, until }) => kind === 'paused' && from <= end && until >= end,
  );
  return pause?.from ?? end;
}
