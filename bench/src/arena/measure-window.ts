/**
 * One window of the arena: a server of its own with its players, warmed up, then measured. In: who,
 * how many, how long. Out: numbers for each client and second, and what disturbed them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  /** Of our server; undefined = no store. */
  readonly journal: 'behind' | 'ahead' | undefined;
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
  const directory = settings.journal && mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const server = await startServer(contestant, { settings, directory });
  const rssBefore = residentBytes(server.pid);
  const load = startLoad(contestant, { settings, port: server.port });
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
    const { clients, bound } = settings;
    const { foreignCores, stealCores } = use;
    const generatorCores = (use.processSeconds.get(load.pid) ?? 0) / use.seconds;
    const cpuSeconds = use.processSeconds.get(server.pid) ?? 0;
    return {
      ...readReport(await answer),
      cpuMsPerClientSecond: (cpuSeconds * 1_000) / (clients * use.seconds),
      rssBytes,
      rssBytesPerClient: (rssBytes - rssBefore) / clients,
      entered,
      foreignCores,
      stealCores,
      generatorCores,
      disturbances: judgeWindow({ foreignCores, stealCores, generatorCores }, bound),
      versions: server.versions,
      serverSettings: server.settings,
    };
  } finally {
    await load.stop();
    await server.stop();
    if (directory !== undefined) rmSync(directory, { recursive: true });
  }
}

function startServer(
  { group, path, options }: Contestant,
  {
    settings,
    directory,
  }: { readonly settings: ArenaSettings; readonly directory?: string | undefined },
): Promise<ServerProcess> {
  const { clients, journal, pinning, profileDirectory } = settings;
  return ServerProcess.start({
    path,
    options: { ...options, ...(group === 'ours' ? { clients, journal, directory } : {}) },
    pinning,
    profileDirectory,
  });
}

function startLoad(
  { adapter, parser }: Contestant,
  { settings, port }: { readonly settings: ArenaSettings; readonly port: number },
): LoadProcess {
  const { clients, samples, worldPlayers, pinning } = settings;
  const order: LoadOrder = {
    adapter,
    parser,
    port,
    clients,
    samples: Math.min(samples, clients),
    worldPlayers,
  };
  return new LoadProcess({ script: 'arena/load-main.ts', order, pinning });
}

/** What the players have seen. */
function readReport({ latenciesMs, eagerLatenciesMs, stateHz, ...rest }: LoadReport) {
  return {
    ...rest,
    latencyP50Ms: quantile(latenciesMs, 0.5),
    latencyP99Ms: quantile(latenciesMs, 0.99),
    eagerLatencyP50Ms: quantile(eagerLatenciesMs, 0.5),
    eagerLatencyP99Ms: quantile(eagerLatenciesMs, 0.99),
    latencySamples: latenciesMs.length,
    tickRateHz: stateHz,
  };
}
