/**
 * One window of the arena: a server of its own with its players, warmed up, then measured. In: who,
 * how many, how long. Out: numbers for each client and second, and what disturbed them.
 */
import { sleep } from '../../../scripts/chaos/machine-clock.ts';
import { MachineUseMeter, residentBytes } from '../measure/machine-use.ts';
import { quantile } from '../measure/quantile.ts';
import { judgeWindow } from '../measure/window-judge.ts';
import type { WindowBound } from '../measure/window-judge.ts';
import { LoadProcess } from '../processes/load-process.ts';
import type { Pinning } from '../processes/pinning.ts';
import { ServerProcess } from '../processes/server-process.ts';
import type { Contestant } from './contestant.ts';
import type { LoadEntered, LoadOrder, LoadReport } from './load-orders.ts';

export interface ArenaSettings {
  readonly clients: number;
  readonly samples: number;
  readonly worldPlayers: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly rounds: number;
  /** How often a disturbed window is measured again. */
  readonly repeatsMax: number;
  readonly bound: WindowBound;
  readonly pinning: Pinning;
  readonly serverOptions: Readonly<Record<string, unknown>>;
  readonly profileDirectory: string | undefined;
}

export interface ArenaWindow {
  readonly cpuMsPerClientSecond: number;
  readonly bytesDownPerClientSecond: number;
  readonly bytesUpPerClientSecond: number;
  readonly inputsPerClientSecond: number;
  readonly latencyP50Ms: number;
  readonly latencyP99Ms: number;
  /** Without the client's cushion against jitter; NaN for peers, which have none. */
  readonly eagerLatencyP50Ms: number;
  readonly eagerLatencyP99Ms: number;
  readonly latencySamples: number;
  readonly unseenTurns: number;
  readonly rssBytes: number;
  /** What the process has grown by since nobody was in. */
  readonly rssBytesPerClient: number;
  readonly tickRateHz: number;
  readonly refusals: number;
  readonly entered: number;
  readonly lost: number;
  readonly foreignCores: number;
  readonly stealCores: number;
  readonly generatorCores: number;
  /** Why it is not believed; empty = it is. */
  readonly disturbances: readonly string[];
  readonly versions: Readonly<Record<string, string>>;
  readonly serverSettings: Readonly<Record<string, unknown>>;
}

export async function measureWindow(
  contestant: Contestant,
  settings: ArenaSettings,
): Promise<ArenaWindow> {
  const { clients, pinning, profileDirectory } = settings;
  const server = await ServerProcess.start({
    path: contestant.path,
    options: { ...contestant.options, ...serverOptionsOf(contestant, settings) },
    pinning,
    profileDirectory: contestant.group === 'limits' ? undefined : profileDirectory,
  });
  const order: LoadOrder = {
    adapter: contestant.adapter,
    parser: contestant.parser,
    port: server.port,
    clients,
    samples: Math.min(settings.samples, clients),
    worldPlayers: settings.worldPlayers,
  };
  const rssBefore = residentBytes(server.pid);
  const load = new LoadProcess({ script: 'arena/load-main.ts', order, pinning });
  try {
    const { entered, problems } = await load.hear<LoadEntered>();
    for (const problem of problems) process.stderr.write(`${contestant.name}: ${problem}\n`);
    await sleep(settings.warmUpSeconds * 1_000);
    load.tell('open');
    const meter = new MachineUseMeter([server.pid, load.pid]);
    await sleep(settings.seconds * 1_000);
    const use = meter.close();
    const rssBytes = residentBytes(server.pid);
    const answer = load.hear<LoadReport>();
    load.tell('close');
    const report = await answer;
    const { foreignCores, stealCores, processSeconds, seconds } = use;
    const generatorCores = (processSeconds.get(load.pid) ?? 0) / seconds;
    const cpuSeconds = processSeconds.get(server.pid) ?? 0;
    const { latenciesMs, unseenTurns, refusals, lost } = report;
    return {
      cpuMsPerClientSecond: (cpuSeconds * 1_000) / (clients * seconds),
      bytesDownPerClientSecond: report.bytesDownPerClientSecond,
      bytesUpPerClientSecond: report.bytesUpPerClientSecond,
      inputsPerClientSecond: report.inputsPerClientSecond,
      latencyP50Ms: quantile(latenciesMs, 0.5),
      latencyP99Ms: quantile(latenciesMs, 0.99),
      eagerLatencyP50Ms: quantile(report.eagerLatenciesMs, 0.5),
      eagerLatencyP99Ms: quantile(report.eagerLatenciesMs, 0.99),
      latencySamples: latenciesMs.length,
      unseenTurns,
      rssBytes,
      rssBytesPerClient: (rssBytes - rssBefore) / clients,
      tickRateHz: report.stateHz,
      refusals,
      entered,
      lost,
      foreignCores,
      stealCores,
      generatorCores,
      disturbances: judgeWindow({ foreignCores, stealCores, generatorCores }, settings.bound),
      versions: server.versions,
      serverSettings: server.settings,
    };
  } finally {
    await load.stop();
    await server.stop();
  }
}

function serverOptionsOf(
  { group }: Contestant,
  { clients, serverOptions }: ArenaSettings,
): Readonly<Record<string, unknown>> {
  return group === 'ours' ? { clients, ...serverOptions } : {};
}
