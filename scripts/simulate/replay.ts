/** One scenario in this process: its report, and the trace of one peer if that is asked for. */
import type { Scenario } from '../../src/simulator/scenario.ts';
import type { SeedReport } from '../../src/simulator/seed-report.ts';
import type { SimulatorBuild } from './simulator-build.ts';

export interface Replayed {
  readonly report: SeedReport;
  /** The trace, an entry a line. */
  readonly lines: readonly string[];
}

/** A scenario as a failing seed prints it. Throws an Error for what is none. */
export function parseScenario(json: string): Scenario {
  const scenario = JSON.parse(json) as Scenario | null;
  const isScenario = Array.isArray(scenario?.peers) && Array.isArray(scenario.acts);
  if (!isScenario || scenario === null) throw new Error('--scenario takes a scenario as JSON');
  return scenario;
}

/** Rejects when nobody has the name of `trace`. */
export async function replayScenario(
  build: SimulatorBuild,
  scenario: Scenario,
  trace: string | undefined,
): Promise<Replayed> {
  const report = await build.runSeed(scenario, { isReplayed: true });
  if (trace === undefined) return { report, lines: [] };
  const lines = await build.traceSeed(scenario, trace);
  if (lines !== undefined) return { report, lines };
  const names = scenario.peers.map(({ name }) => name).join(', ');
  throw new Error(`nobody in seed ${scenario.seed} is called '${trace}', but ${names}`);
}
