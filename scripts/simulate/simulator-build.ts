/**
 * The built simulator, loaded from a directory: `dist` as it ships, or a copy with a planted bug.
 * In: a directory. Out: its modules, typed by the source. Whatever is simulated comes from there.
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import type * as OpenLimits from '../../src/simulator/open-limits.ts';
import type * as SeedRun from '../../src/simulator/seed-run.ts';
import type * as Shrink from '../../src/simulator/shrink.ts';
import type * as Swarm from '../../src/simulator/swarm.ts';

export type SimulatorBuild = Pick<typeof SeedRun, 'runSeed' | 'traceSeed'> &
  Pick<typeof OpenLimits, 'OPEN_LIMITS'> &
  Pick<typeof Shrink, 'shrinkScenario'> &
  Pick<typeof Swarm, 'drawScenario'>;

const MODULES = ['seed-run', 'open-limits', 'shrink', 'swarm'] as const;

/** Rejects when a module is missing or throws while it loads. */
export async function loadSimulator(directory: string): Promise<SimulatorBuild> {
  const load = (name: string): Promise<object> =>
    import(
      /* @vite-ignore */ pathToFileURL(join(resolve(directory), 'simulator', `${name}.js`)).href
    );
  const modules = await Promise.all(MODULES.map(load));
  return Object.assign({}, ...modules) as SimulatorBuild;
}
