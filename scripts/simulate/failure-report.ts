/**
 * What people need of a seed that failed: what went wrong, the smallest scenario that still does,
 * its whole option set, and the command that replays it. In: a failing seed and the build.
 * Out: text. Runs scenarios in this process.
 */
import type { SeedReport } from '../../src/simulator/seed-report.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import type { SimulatorBuild } from './simulator-build.ts';

/** Runs that shrinking one seed may take. */
const SHRINK_RUNS_MAX = 60;
const MISMATCHES_SHOWN = 5;

/** Oracles that found something, each once. */
function oraclesOf({ mismatches }: SeedReport): Set<string> {
  return new Set(mismatches.map(({ oracle }) => oracle));
}

export function describeMismatches({ seed, mismatches }: Pick<SeedReport, 'seed' | 'mismatches'>) {
  const shown = mismatches.slice(0, MISMATCHES_SHOWN).map(({ oracle, text }) => {
    return `seed ${seed}: ${oracle}\n  ${text.replaceAll('\n', '\n  ')}`;
  });
  const left = mismatches.length - shown.length;
  return left > 0 ? [...shown, `seed ${seed}: and ${left} more`] : shown;
}

/** The command that runs it again. */
export function replayCommand(seed: number, directory: string): string {
  const build = directory === 'dist' ? '' : ` --build ${directory}`;
  return `npm run simulate -- --seed ${seed}${build}`;
}

/** Shrinks the scenario of a failing seed; fails as before = one of the same oracles objects. */
export async function shrinkSeed(build: SimulatorBuild, report: SeedReport): Promise<Scenario> {
  const oracles = oraclesOf(report);
  const isReplayed = oracles.has('replay');
  const { scenario } = await build.shrinkScenario(build.drawScenario(report.seed), {
    runsMax: SHRINK_RUNS_MAX,
    stillFails: async (candidate) => {
      try {
        const again = await build.runSeed(candidate, { isReplayed });
        return [...oraclesOf(again)].some((oracle) => oracles.has(oracle));
      } catch {
        // Something else than what we are after.
        return false;
      }
    },
  });
  return scenario;
}

/** The scenario in one line, as `--scenario` takes it. */
export function describeScenario(scenario: Scenario): string {
  const faults = scenario.peers
    .flatMap(({ conditions }) => [conditions.up, conditions.down])
    .reduce((sum, each) => sum + Object.keys(each).length, 0);
  const { peers, acts } = scenario;
  const size = `${peers.length} peers, ${acts.length} acts, ${faults} conditions of lines`;
  return `${size}\n${JSON.stringify(scenario)}`;
}
