/**
 * All windows of a run, interleaved. A disturbed one is measured again a bounded number of times;
 * if none is good, the least disturbed counts. All disturbed ones are listed.
 */
import { interleave } from '../measure/interleave.ts';
import type { Contestant } from './contestant.ts';
import { measureWindow } from './measure-window.ts';
import type { ArenaSettings, ArenaWindow } from './measure-window.ts';

export interface DisturbedWindow {
  readonly contestant: string;
  readonly round: number;
  readonly attempt: number;
  readonly disturbances: readonly string[];
  /** It counts, because no attempt was better. */
  readonly isCounted: boolean;
}

export interface WindowRun {
  readonly windows: ReadonlyMap<string, readonly ArenaWindow[]>;
  readonly disturbed: readonly DisturbedWindow[];
}

export async function runWindows(
  contestants: readonly Contestant[],
  settings: ArenaSettings,
): Promise<WindowRun> {
  const windows = new Map<string, ArenaWindow[]>(contestants.map(({ name }) => [name, []]));
  const disturbed: DisturbedWindow[] = [];
  for (const contestant of interleave(contestants, settings.rounds)) {
    const done = windows.get(contestant.name)!;
    const round = done.length + 1;
    const attempts = await measureUntilGood(contestant, settings);
    const best = bestOf(attempts);
    done.push(best);
    for (const [index, attempt] of attempts.entries()) {
      const { disturbances } = attempt;
      if (disturbances.length === 0) continue;
      const isCounted = attempt === best;
      disturbed.push({
        contestant: contestant.name,
        round,
        attempt: index + 1,
        disturbances,
        isCounted,
      });
    }
    say(contestant, `round ${round} of ${settings.rounds}`, best);
  }
  return { windows, disturbed };
}

async function measureUntilGood(
  contestant: Contestant,
  settings: ArenaSettings,
): Promise<ArenaWindow[]> {
  const attempts: ArenaWindow[] = [];
  while (attempts.length <= settings.repeatsMax) {
    const window = await measureWindow(contestant, settings);
    attempts.push(window);
    if (window.disturbances.length === 0) break;
  }
  return attempts;
}

/** An undisturbed one is the last one. */
export function bestOf(attempts: readonly ArenaWindow[]): ArenaWindow {
  const good = attempts.find(({ disturbances }) => disturbances.length === 0);
  return good ?? attempts.reduce((best, next) => (noiseOf(next) < noiseOf(best) ? next : best));
}

function noiseOf({ foreignCores, stealCores }: ArenaWindow): number {
  return foreignCores + stealCores;
}

function say({ title }: Contestant, round: string, window: ArenaWindow): void {
  const cpu = window.cpuMsPerClientSecond.toFixed(3);
  const disturbed = window.disturbances.length === 0 ? '' : ` (${window.disturbances.join(', ')})`;
  const latency = `p50 ${window.latencyP50Ms.toFixed(1)} ms`;
  process.stderr.write(`${round}, ${title}: ${cpu} ms, ${latency}${disturbed}\n`);
}
