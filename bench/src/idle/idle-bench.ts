/**
 * 10 000 players who are logged in and say nothing but their answers to heartbeats: what each costs
 * in memory and CPU. The worlds tick once a second, as a lobby may: at 20 Hz the cost would be that
 * of sending (the arena has it). In: options. Out: costs of one connection.
 */
import { readFileSync } from 'node:fs';

import { sleep } from '../../../scripts/chaos/machine-clock.ts';
import { CONTESTANTS } from '../arena/contestant.ts';
import type { BenchOptions } from '../bench-options.ts';
import type { JoinOrder, JoinReport } from '../join/join-orders.ts';
import { machineInfo } from '../measure/machine-info.ts';
import type { MachineInfo } from '../measure/machine-info.ts';
import { MachineUseMeter, residentBytes } from '../measure/machine-use.ts';
import { parseOpenFilesMax } from '../measure/open-files.ts';
import { roundNumbers } from '../measure/round-numbers.ts';
import { LoadProcess } from '../processes/load-process.ts';
import { findPinning } from '../processes/pinning.ts';
import { ServerProcess } from '../processes/server-process.ts';

const WORLD_PLAYERS = 50;
const TICK_RATE_HZ = 1;
const ENTERING_MAX = 50;
/** Heartbeats are quick after a login; the collector may take what logins left. */
const CALM_MS = 5_000;
/** Files of a process besides its connections. */
const SPARE_FILES = 200;

export interface IdleResult {
  readonly bench: 'idle';
  readonly connections: number;
  readonly asked: number;
  readonly openFilesMax: number;
  readonly lost: number;
  readonly rssBytesPerConnection: number;
  readonly rssBytes: number;
  readonly cpuMsPerConnectionSecond: number;
  readonly serverCores: number;
  readonly foreignCores: number;
  readonly machine: MachineInfo;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function benchIdle(options: BenchOptions): Promise<IdleResult> {
  const openFilesMax = parseOpenFilesMax(readFileSync('/proc/self/limits', 'utf8'));
  const clients = Math.min(options.clients, openFilesMax - SPARE_FILES);
  process.stderr.write(`${clients} connections; a process may open ${openFilesMax} files\n`);
  const pinning = findPinning();
  const ours = CONTESTANTS.find(({ group }) => group === 'ours')!;
  const serverOptions = { clients, tickRateHz: TICK_RATE_HZ };
  const server = await ServerProcess.start({ path: ours.path, options: serverOptions, pinning });
  const order: JoinOrder = {
    adapter: ours.adapter,
    port: server.port,
    clients,
    worldPlayers: WORLD_PLAYERS,
    enteringMax: ENTERING_MAX,
  };
  const rssBefore = residentBytes(server.pid);
  const load = new LoadProcess({ script: 'join/load-main.ts', order, pinning });
  try {
    await load.hear<string>();
    const { enteredMs, problems } = await ask(load, 'enter');
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    await sleep(CALM_MS);
    const meter = new MachineUseMeter([server.pid, load.pid]);
    await sleep(options.seconds * 1_000);
    const use = meter.close();
    const rssBytes = residentBytes(server.pid);
    const { lost } = await ask(load, 'leave');
    const connections = enteredMs.length;
    const cpuSeconds = use.processSeconds.get(server.pid) ?? 0;
    return roundNumbers({
      bench: 'idle',
      connections,
      asked: options.clients,
      openFilesMax,
      lost,
      rssBytesPerConnection: (rssBytes - rssBefore) / connections,
      rssBytes,
      cpuMsPerConnectionSecond: (cpuSeconds * 1_000) / (connections * use.seconds),
      serverCores: cpuSeconds / use.seconds,
      foreignCores: use.foreignCores,
      machine: machineInfo(),
      settings: {
        ...server.settings,
        seconds: options.seconds,
        worldPlayers: WORLD_PLAYERS,
        pinning: pinning.description,
      },
    });
  } finally {
    await load.stop();
    await server.stop();
  }
}

function ask(load: LoadProcess, question: string): Promise<JoinReport> {
  const answer = load.hear<JoinReport>();
  load.tell(question);
  return answer;
}
