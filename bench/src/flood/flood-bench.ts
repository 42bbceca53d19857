/**
 * One peer sends 100 000 messages a second: what the other 100 feel of it. Windows with and without
 * the flood take turns on one server. In: options. Out: how late states come, with and without.
 */
import { sleep } from '../../../scripts/chaos/machine-clock.ts';
import { chooseContestants } from '../arena/choose-contestants.ts';
import type { Contestant } from '../arena/contestant.ts';
import type { BenchOptions } from '../bench-options.ts';
import { machineInfo } from '../measure/machine-info.ts';
import type { MachineInfo } from '../measure/machine-info.ts';
import { MachineUseMeter } from '../measure/machine-use.ts';
import type { MachineUse } from '../measure/machine-use.ts';
import { quantile } from '../measure/quantile.ts';
import { roundNumbers } from '../measure/round-numbers.ts';
import { spreadOf } from '../measure/spread.ts';
import type { Spread } from '../measure/spread.ts';
import { LoadProcess } from '../processes/load-process.ts';
import { findPinning } from '../processes/pinning.ts';
import { ServerProcess } from '../processes/server-process.ts';
import type { FloodOrder, FloodReport } from './flood-orders.ts';

const WORLD_PLAYERS = 50;
const MESSAGES_PER_SECOND = 100_000;
const CALM_SECONDS = 2;

interface Felt {
  readonly latenessP50Ms: number;
  readonly latenessP99Ms: number;
  readonly latenessMaxMs: number;
  readonly statesPerClientSecond: number;
  readonly serverCores: number;
  readonly foreignCores: number;
}

export interface FloodRow {
  readonly title: string;
  readonly calm: Readonly<Record<keyof Felt, Spread>>;
  readonly flooded: Readonly<Record<keyof Felt, Spread>>;
  /** Lateness with the flood to that without. */
  readonly ratioP50: number;
  readonly ratioP99: number;
  readonly ratioMax: number;
  readonly messagesSentPerSecond: number;
  /** Connections of the flooder that the server has ended. */
  readonly ended: number;
  readonly lost: number;
}

export interface FloodResult {
  readonly bench: 'flood';
  readonly rows: Readonly<Record<string, FloodRow>>;
  readonly machine: MachineInfo;
  readonly settings: Readonly<Record<string, unknown>>;
}

export async function benchFlood(options: BenchOptions): Promise<FloodResult> {
  const rows: Record<string, FloodRow> = {};
  for (const contestant of chooseContestants(options)) {
    rows[contestant.name] = await measureFlood(contestant, options);
    process.stderr.write(`${contestant.title}: p99 × ${rows[contestant.name]!.ratioP99}\n`);
  }
  const { clients, seconds, rounds } = options;
  return roundNumbers({
    bench: 'flood',
    rows,
    machine: machineInfo(),
    settings: {
      clients,
      seconds,
      rounds,
      worldPlayers: WORLD_PLAYERS,
      messagesPerSecond: MESSAGES_PER_SECOND,
      pinning: findPinning().description,
    },
  });
}

async function measureFlood(
  contestant: Contestant,
  { clients, seconds, rounds }: BenchOptions,
): Promise<FloodRow> {
  const pinning = findPinning();
  const server = await ServerProcess.start({
    path: contestant.path,
    options: { ...contestant.options, ...(contestant.group === 'ours' ? { clients } : {}) },
    pinning,
  });
  const order: FloodOrder = {
    adapter: contestant.adapter,
    port: server.port,
    clients,
    worldPlayers: WORLD_PLAYERS,
    messagesPerSecond: MESSAGES_PER_SECOND,
  };
  const load = new LoadProcess({ script: 'flood/load-main.ts', order, pinning });
  const calm: Felt[] = [];
  const flooded: Felt[] = [];
  const reports: FloodReport[] = [];
  try {
    await load.hear<number>();
    await sleep(CALM_SECONDS * 1_000);
    const pids = [server.pid, load.pid];
    for (let round = 0; round < rounds; round += 1) {
      for (const isFlooded of [false, true]) {
        const meter = new MachineUseMeter(pids);
        const answer = load.hear<FloodReport>();
        load.tell({ seconds, isFlooded });
        const report = await answer;
        const felt = feltOf(report, { use: meter.close(), pid: server.pid });
        (isFlooded ? flooded : calm).push(felt);
        if (isFlooded) reports.push(report);
        await sleep(CALM_SECONDS * 1_000);
      }
    }
  } finally {
    await load.stop();
    await server.stop();
  }
  return rowOf(contestant.title, { calm, flooded, reports });
}

function feltOf(
  { latenessMs, statesPerClientSecond }: FloodReport,
  { use, pid }: { readonly use: MachineUse; readonly pid: number },
): Felt {
  return {
    latenessP50Ms: quantile(latenessMs, 0.5),
    latenessP99Ms: quantile(latenessMs, 0.99),
    latenessMaxMs: quantile(latenessMs, 1),
    statesPerClientSecond,
    serverCores: (use.processSeconds.get(pid) ?? 0) / use.seconds,
    foreignCores: use.foreignCores,
  };
}

interface FloodWindows {
  readonly calm: readonly Felt[];
  readonly flooded: readonly Felt[];
  readonly reports: readonly FloodReport[];
}

function rowOf(title: string, { calm, flooded, reports }: FloodWindows): FloodRow {
  const [without, during] = [spreadsOf(calm), spreadsOf(flooded)];
  const ratio = (key: keyof Felt): number => during[key].median / without[key].median;
  return {
    title,
    calm: without,
    flooded: during,
    ratioP50: ratio('latenessP50Ms'),
    ratioP99: ratio('latenessP99Ms'),
    ratioMax: ratio('latenessMaxMs'),
    messagesSentPerSecond: quantile(
      reports.map(({ messagesSentPerSecond }) => messagesSentPerSecond),
      0.5,
    ),
    ended: reports.reduce((sum, { ended }) => sum + ended, 0),
    lost: Math.max(...reports.map(({ lost }) => lost)),
  };
}

function spreadsOf(felt: readonly Felt[]): Record<keyof Felt, Spread> {
  const keys = Object.keys(felt[0]!) as (keyof Felt)[];
  return Object.fromEntries(
    keys.map((key) => [key, spreadOf(felt.map((one) => one[key]))]),
  ) as Record<keyof Felt, Spread>;
}
